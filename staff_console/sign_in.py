"""Signing in and out: password, second factor, identity provider."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from onething.domain.dictionary import Label
from onething.domain.errors import NotFound, Refusal
from onething.domain.staff import ProviderFailed, StaffSessionEnded, Stage
from onething.ports.staff import IdentityFailed
from onething.services import staff_sign_in
from onething.services.staff_sign_in import Begun
from staff_console import forms
from staff_console.rendering import show as show_page
from staff_console.rendering import write_moment
from staff_console.rooms import Room, address
from staff_console.saying import say_next
from web.current import current_ports, current_request_id
from web.staff_cookies import (
    before_token,
    drop_session,
    is_https,
    keep_for_provider,
    kept_for_provider,
    session_token,
    set_before,
    set_session,
)

room = Room("sign_in", "/sign-in")
log = structlog.get_logger("console")
_PAGE_OF = {
    Stage.SECOND_FACTOR: "sign_in.code",
    Stage.ENROLMENT: "sign_in.enrolment",
    Stage.NEW_PASSWORD: "sign_in.new_password",
}


@room.open_page("")
def show() -> Response:
    """Login and password, or the identity provider."""
    return _form("sign_in/password.html")


@room.open_page("", "POST")
def give_password() -> BaseResponse:
    """Check the password; on to the second factor."""
    forms.check_form()
    login, password = request.form.get("login", "")[:80], request.form.get("password", "")[:256]
    try:
        return _onward(staff_sign_in.sign_in(current_ports(), login, password))
    except Refusal as refusal:
        return _form("sign_in/password.html", refusal, login=login)


@room.open_page("/code")
def code() -> BaseResponse:
    """The second factor."""
    return _staged("sign_in/code.html", Stage.SECOND_FACTOR)


@room.open_page("/code", "POST")
def give_code() -> BaseResponse:
    """Check the code; on to the console."""
    forms.check_form()
    try:
        return _onward(staff_sign_in.give_code(current_ports(), session_token(), _code()))
    except StaffSessionEnded:
        raise
    except Refusal as refusal:
        return _form("sign_in/code.html", refusal)


@room.open_page("/enrolment")
def enrolment() -> BaseResponse:
    """A second factor to be put into an authenticator."""
    return _enrolment(None)


@room.open_page("/enrolment", "POST")
def give_first_code() -> BaseResponse:
    """Prove the new second factor; the recovery codes are shown, once."""
    forms.check_form()
    try:
        begun = staff_sign_in.finish_enrolment(current_ports(), session_token(), _code())
    except StaffSessionEnded:
        raise
    except Refusal as refusal:
        return _enrolment(refusal)
    onward = _address_after(begun)
    answer = _form("sign_in/recovery.html", codes=begun.recovery_codes, onward=onward)
    set_session(answer, begun.token)
    return answer


@room.open_page("/password")
def new_password() -> BaseResponse:
    """A password of one's own, after a given one."""
    return _staged("sign_in/new_password.html", Stage.NEW_PASSWORD)


@room.open_page("/password", "POST")
def choose_password() -> BaseResponse:
    """Keep the new password; on to the console."""
    forms.check_form()
    password = request.form.get("password", "")[:256]
    try:
        if password != request.form.get("again", "")[:256]:
            forms.refuse("again", "differs", "两次输入的密码不一致", "The two passwords differ")
        return _onward(staff_sign_in.choose_password(current_ports(), session_token(), password))
    except StaffSessionEnded:
        raise
    except Refusal as refusal:
        return _form("sign_in/new_password.html", refusal)


@room.open_page("/provider")
def go_to_provider() -> BaseResponse:
    """To the identity provider."""
    provider = current_ports().staff_proof.provider
    if provider is None:
        raise NotFound
    try:
        step = provider.begin(_return_address())
    except IdentityFailed as failed:
        return _provider_failed(failed)
    answer = redirect(step.address, 303)
    assert isinstance(answer, Response)
    keep_for_provider(answer, {**step.kept, "to": forms.local_address(request.args.get("to", ""), "")})
    return answer


@room.open_page("/provider/return")
def come_from_provider() -> BaseResponse:
    """Back from the identity provider with its answer."""
    provider = current_ports().staff_proof.provider
    if provider is None:
        raise NotFound
    kept = kept_for_provider()
    try:
        login = provider.finish(_return_address(), kept, request.args)
        begun = staff_sign_in.sign_in_by_provider(current_ports(), login)
    except IdentityFailed as failed:
        return _provider_failed(failed)
    except Refusal as refusal:
        return _form("sign_in/password.html", refusal)
    # A page, not a redirect: a strict cookie goes along only with a step that begins on this site.
    onward = forms.local_address(kept.get("to", ""), "") or address("overview.show")
    answer = show_page("sign_in/onward.html", onward=onward)
    set_session(answer, begun.token)
    keep_for_provider(answer, {})
    return answer


@room.open_page("/end", "POST")
def end() -> BaseResponse:
    """Sign out here, or everywhere."""
    forms.check_form()
    everywhere = request.form.get("where") == "everywhere"
    staff_sign_in.sign_out(current_ports(), session_token(), everywhere=everywhere)
    answer = redirect(address("sign_in.show"), 303)
    assert isinstance(answer, Response)
    drop_session(answer)
    return answer


def _form(template: str, refusal: Refusal | None = None, **values: Any) -> Response:
    """A page for somebody who is not signed in; its form is tied to the browser by a cookie."""
    before = before_token()
    fresh = "" if before or session_token() else current_ports().chance.token()
    if fresh or not session_token():
        g.csrf_before = forms.csrf_token_of(fresh or before)
    status = 200 if refusal is None else 401
    to = forms.local_address(request.values.get("to", ""), "")
    provider = current_ports().staff_proof.provider
    answer = show_page(template, status, refusal=refusal, to=to, provider=provider, **values)
    if fresh:
        set_before(answer, fresh)
    return answer


def _staged(template: str, stage: Stage) -> Response:
    staff_sign_in.get_session(current_ports(), session_token(), (stage,))
    return _form(template)


def _enrolment(refusal: Refusal | None) -> Response:
    enrolment = staff_sign_in.begin_enrolment(current_ports(), session_token())
    return _form("sign_in/enrolment.html", refusal, enrolment=enrolment)


def _onward(begun: Begun) -> Response:
    answer = redirect(_address_after(begun), 303)
    assert isinstance(answer, Response)
    set_session(answer, begun.token)
    return answer


def _address_after(begun: Begun) -> str:
    to = forms.local_address(request.form.get("to", ""), "")
    if begun.stage in _PAGE_OF:
        return address(_PAGE_OF[begun.stage], to=to or None)
    if begun.before.count:
        _tell_failures(begun)
    return to or address("overview.show")


def _tell_failures(begun: Begun) -> None:
    last = write_moment(begun.before.last_at)
    zh = (
        f"上次登录之后，有人用您的账号名登录失败 {begun.before.count} 次，最近一次在 {last}。"
        "如不是您本人，请告诉账号管理员。"
    )
    en = (
        f"{begun.before.count} attempts to sign in under your name failed since your last sign-in, the last "
        f"at {last}. If that was not you, tell the account administrator."
    )
    say_next("note", Label(zh, en))


def _return_address() -> str:
    public = current_ports().settings.public_url
    top = public if is_https() else request.host_url.rstrip("/")
    return f"{top}{address('sign_in.come_from_provider')}"


def _provider_failed(failed: IdentityFailed) -> Response:
    log.warning("identity_failed", detail=failed.detail, request_id=current_request_id())
    answer = _form("sign_in/password.html", ProviderFailed())
    keep_for_provider(answer, {})
    return answer


def _code() -> str:
    return request.form.get("code", "")[:40].strip()
