"""Signing in: by a code of WeChat or Alipay, by the province; proving one's real name; signing out."""

from __future__ import annotations

from typing import Any

from flask import Response, g, request

from mobile_api.pages.frame import ANYONE, TOP, USER, Room, address, done, local_address, see_other, show
from onething.domain.errors import NotFound, Refusal
from onething.domain.phones import PhoneSignInRefused, ProviderNotOffered
from onething.services import phone_binding, phone_pages_sign_in, phone_sign_in
from web.client_address import client_address
from web.current import current_phone, current_ports
from web.phone_pages import find_phone, keep_step, keep_tokens, kept_step

room = Room("entering", "/enter")
_ANSWERED = ("code", "state", "iss")
_LONGEST = 400
_IN_WECHAT = "in-wechat"
# Says MicroMessenger too, and cannot be sent to WeChat's sign-in: a web-view, and WeChat for companies.
_NOT_WECHAT = ("miniProgram", "wxwork")
# A web-view says little of its phone; the person is shown what it says, to know their own phones by.
_PHONES = (("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "华为手机"), ("Android", "安卓手机"))


@room.page("", ANYONE)
def show_ways() -> Response:
    """The ways of signing in that this county offers."""
    return _ways(_back())


@room.page("/<any(wechat, alipay):provider>", ANYONE)
def show_code(provider: str) -> Response:
    """Where a mini-program's web-view comes with its code: one touch signs in, an address alone does not."""
    if provider not in [each["code"] for each in phone_sign_in.list_providers(current_ports())]:
        raise NotFound
    code = request.args.get("code", "")[:_LONGEST]
    if not code:
        return see_other(address("entering.show_ways"))
    return show("phone/entering/code.html", provider=provider, code=code, back=_back())


@room.act("/<any(wechat, alipay):provider>", ANYONE)
def give_code(provider: str) -> Response:
    """Sign in by the code."""
    code = request.form.get("code", "")[:_LONGEST]
    try:
        said = phone_sign_in.sign_in(current_ports(), provider, code, _device(), client_address())
    except Refusal as refusal:
        return _refused(refusal)
    return _signed_in(said, _back())


@room.page("/province", ANYONE)
def go_to_province() -> Response:
    """Out to the province's identity: who is signed in proves a name, who is not signs in."""
    phone = find_phone()
    try:
        step = phone_binding.begin_step(current_ports(), phone)
    except Refusal as refusal:
        return _refused(refusal)
    # The cookie says with which step, to which page, and whether a phone was signed in that is to be proven.
    keep_step(f"{step['step']} {'proof' if phone else 'sign-in'} {_back()}")
    return see_other(step["address"])


@room.page("/province/return", ANYONE)
def come_from_province() -> Response:
    """Back from the province with its answer."""
    step, _, rest = kept_step().partition(" ")
    purpose, _, back = rest.partition(" ")
    keep_step("")
    answer = {name: request.args[name][:_LONGEST] for name in _ANSWERED if name in request.args}
    back = local_address(back, TOP)
    ports, phone = current_ports(), find_phone()
    try:
        if not step or "code" not in answer or "state" not in answer:
            raise PhoneSignInRefused
        if purpose == "proof" and phone is not None:
            phone_binding.prove(ports, phone, step, answer, client_address())
            g.pop("page_phone", None)
            return done(back, "已完成实名认证", "Your real name is proven")
        said = phone_binding.sign_in(ports, step, answer, _device(), client_address())
    except Refusal as refusal:
        return _refused(refusal, back)
    return _signed_in(said, back)


@room.page("/in-wechat", ANYONE)
def go_to_wechat() -> Response:
    """Away to WeChat, from inside WeChat only; it knows whose phone it is and comes back by itself."""
    try:
        if not _is_in_wechat():
            raise ProviderNotOffered
        step = phone_pages_sign_in.begin_step(current_ports())
    except Refusal as refusal:
        return _refused(refusal)
    keep_step(f"{step['step']} {_IN_WECHAT} {_back()}")
    return see_other(step["address"])


@room.page("/in-wechat/return", ANYONE)
def come_from_wechat() -> Response:
    """Back from WeChat: with a code, or without one when the person did not agree."""
    step, _, rest = kept_step().partition(" ")
    purpose, _, back = rest.partition(" ")
    keep_step("")
    back = local_address(back, TOP)
    answer = {name: request.args[name][:_LONGEST] for name in ("code", "state") if name in request.args}
    try:
        if purpose != _IN_WECHAT:
            raise PhoneSignInRefused
        said = phone_pages_sign_in.sign_in(current_ports(), step, answer, _device(), client_address())
    except Refusal as refusal:
        return _refused(refusal, back)
    return _signed_in(said, back)


@room.page("/real-name", USER)
def show_real_name() -> Response:
    """What it takes to be known by name, and the way there."""
    return show("phone/entering/real_name.html", back=_back())


@room.act("/end", USER)
def sign_out() -> Response:
    """Sign out here, or everywhere."""
    everywhere = request.form.get("where") == "everywhere"
    phone_sign_in.sign_out(current_ports(), current_phone(), everywhere=everywhere)
    g.page_phone = None
    keep_tokens(None)
    return done(TOP, "已退出登录", "You are signed out")


def _signed_in(said: dict[str, Any], back: str) -> Response:
    keep_tokens(said)
    if said["known_by_name"]:
        return see_other(back)
    return see_other(address("entering.show_real_name", to=None if back == TOP else back))


def _refused(refusal: Refusal, back: str = "") -> Response:
    g.reason = refusal.reason
    status = {"unauthorised": 401, "unavailable": 503, "too_many": 429}.get(refusal.status_hint, 422)
    return _ways(back or _back(), status, refusal)


def _ways(back: str, status: int = 200, refusal: Refusal | None = None) -> Response:
    ports = current_ports()
    return show(
        "phone/entering/ways.html",
        status,
        providers=phone_sign_in.list_providers(ports),
        in_wechat=_is_in_wechat() and phone_pages_sign_in.is_offered(ports),
        back=back,
        refusal=refusal,
    )


def _is_in_wechat() -> bool:
    """Whether WeChat itself shows this page: not a mini-program's web-view, which may not go there."""
    said = request.user_agent.string
    return "MicroMessenger" in said and not any(sign in said for sign in _NOT_WECHAT)


def _back() -> str:
    """Where the person wanted to be: a page of ours, whatever the address says."""
    return local_address(request.values.get("to", ""), TOP)


def _device() -> str:
    said = request.user_agent.string
    app = "微信" if "MicroMessenger" in said else "支付宝" if "AlipayClient" in said else "浏览器"
    kind = next((name for sign, name in _PHONES if sign in said), "")
    return f"{kind} {app}".strip()
