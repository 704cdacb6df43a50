"""Who may pass: every view names its gate, and a route without one opens to nobody."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import current_app, g, request

from onething.domain.errors import NotFound, SessionEnded
from onething.domain.phones import RealNameNeeded
from onething.domain.staff import Role, RoleMissing
from onething.domain.terminals import TerminalState
from onething.services import phone_sign_in, signing_in, staff_sign_in
from web import by_mandate, phone_pages
from web.current import current_ports, current_request, current_settings, current_terminal
from web.gateway_signature import check_partner
from web.refusals import NoGate, PhoneTokenRefused
from web.staff_cookies import session_token
from web.terminal_signature import IN_SERVICE, check_counted, check_new_key, check_terminal

View = TypeVar("View", bound=Callable[..., Any])
SESSION_HEADER = "Citizen-Session"


class Gate(StrEnum):
    """What a request must prove before its view is called."""

    PUBLIC = "public"
    TERMINAL = "terminal"
    CITIZEN = "citizen"
    ENROLMENT = "enrolment"
    PARTNER = "partner"
    STAFF = "staff"
    PHONE_USER = "phone_user"
    PHONE = "phone"
    PHONE_PAGE_USER = "phone_page_user"
    PHONE_PAGE = "phone_page"


def public(view: View) -> View:
    """Anyone: nothing here is about a person."""
    return _marked(view, Gate.PUBLIC)


def terminal(view: View) -> View:
    """An enrolled kiosk that is in service, by its signature."""
    return _marked(view, Gate.TERMINAL)


def terminal_in(*states: str, counted: bool = False) -> Callable[[View], View]:
    """A terminal in one of these states, by its signature, also one that serves nobody.

    ``counted``: what it sends carries a counter of its own, so that no nonce is kept. Of retired terminals
    only those get in that were stolen.
    """
    wanted = frozenset(TerminalState(each) for each in states)

    def mark(view: View) -> View:
        view.terminal_states = wanted  # type: ignore[attr-defined]
        view.is_counted = counted  # type: ignore[attr-defined]
        return _marked(view, Gate.TERMINAL)

    return mark


def enrolment(view: View) -> View:
    """A machine that no one knows yet, by the key that it brings."""
    return _marked(view, Gate.ENROLMENT)


def citizen(view: View) -> View:
    """A citizen's live session at the kiosk that signs."""
    return _marked(view, Gate.CITIZEN)


def phone_user(view: View) -> View:
    """A phone that is signed in; whose it is need not be proven yet, and nothing personal is shown."""
    return _marked(view, Gate.PHONE_USER)


def phone(view: View) -> View:
    """A phone whose user's real name is proven: a citizen's sitting, as at a kiosk."""
    return _marked(view, Gate.PHONE)


def phone_page_user(view: View) -> View:
    """A page for a phone that is signed in, by its cookie; nothing personal is shown."""
    return _marked(view, Gate.PHONE_PAGE_USER)


def phone_page(view: View) -> View:
    """A page for a phone whose user's real name is proven, by its cookie."""
    return _marked(view, Gate.PHONE_PAGE)


def partner(view: View) -> View:
    """The department named in the path, by the gateway's signature."""
    return _marked(view, Gate.PARTNER)


def staff(*roles: str) -> Callable[[View], View]:
    """Somebody signed in at the console who has one of these roles; without any, whoever is signed in."""
    wanted = frozenset(Role(role) for role in roles)

    def mark(view: View) -> View:
        view.roles = wanted  # type: ignore[attr-defined]
        return _marked(view, Gate.STAFF)

    return mark


def body_limit(largest: Callable[[], int]) -> Callable[[View], View]:
    """A view whose body may be larger than others'; ``largest`` gives bytes, at the time of the request."""

    def mark(view: View) -> View:
        view.body_limit = largest  # type: ignore[attr-defined]
        return view

    return mark


def find_gate(view: Callable[..., Any]) -> Gate | None:
    """The gate a view names, or None when it names none."""
    return getattr(view, "gate", None)


def roles_of(view: Callable[..., Any]) -> frozenset[Role]:
    """The roles a view at the console names; empty when it is for everyone signed in."""
    return getattr(view, "roles", frozenset())


def guard() -> None:
    """Before every request: read no more than the view allows, and ask its gate."""
    asked = current_request()
    if asked.endpoint is None:
        return
    view = current_app.view_functions[asked.endpoint]
    gate = find_gate(view)
    if gate is None:
        raise NoGate(asked.endpoint)
    limit = getattr(view, "body_limit", None)
    asked.max_content_length = limit() if limit else current_settings().largest_body_bytes
    _CHECKS[gate]()
    if not all(str(value).isprintable() for value in (asked.view_args or {}).values()):
        raise NotFound


def _marked(view: View, gate: Gate) -> View:
    view.gate = gate  # type: ignore[attr-defined]
    documented = getattr(view, "_apidoc", {})
    view._apidoc = {**documented, "gate": gate}  # type: ignore[attr-defined]
    return view


def _check_terminal() -> None:
    view = current_app.view_functions[str(request.endpoint)]
    states = getattr(view, "terminal_states", IN_SERVICE)
    if getattr(view, "is_counted", False):
        g.terminal, g.signed_at = check_counted(request, current_ports(), states)
    else:
        g.terminal = check_terminal(request, current_ports(), states)


def _check_enrolment() -> None:
    g.new_key = check_new_key(request, current_ports())


def _check_citizen() -> None:
    _check_terminal()
    token = request.headers.get(SESSION_HEADER, "")
    if not token:
        raise SessionEnded
    g.citizen = signing_in.get_session(current_ports(), current_terminal().id, token)


def _check_phone_user() -> None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    found = phone_sign_in.find_phone(current_ports(), token.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        raise PhoneTokenRefused
    g.phone = found


def _check_phone_page_user() -> None:
    found = phone_pages.find_phone()
    if found is None:
        raise PhoneTokenRefused
    g.phone = found


def _check_phone() -> None:
    _check_phone_user()
    _check_real_name()
    by_mandate.act_for(by_mandate.of_header())


def _check_phone_page() -> None:
    _check_phone_page_user()
    _check_real_name()
    by_mandate.act_for(by_mandate.of_cookie())


def _check_real_name() -> None:
    if g.phone.session is None:
        raise RealNameNeeded
    g.citizen = g.phone.session


def _check_partner() -> None:
    department = str((request.view_args or {})["department"])
    headers = {name.lower(): value for name, value in request.headers.items()}
    check_partner(headers, department, current_settings(), current_ports())


def _check_staff() -> None:
    # A page left open that asks for its live parts again must not keep its session alive.
    by_itself = request.method == "GET" and "HX-Request" in request.headers
    g.duty = staff_sign_in.get_session(current_ports(), session_token(), keep_alive=not by_itself)
    wanted = roles_of(current_app.view_functions[str(request.endpoint)])
    if not g.duty.staff.may(wanted):
        staff_sign_in.note_refused(current_ports(), g.duty, str(request.endpoint))
        raise RoleMissing


_CHECKS: dict[Gate, Callable[[], None]] = {
    Gate.PUBLIC: lambda: None,
    Gate.TERMINAL: _check_terminal,
    Gate.CITIZEN: _check_citizen,
    Gate.ENROLMENT: _check_enrolment,
    Gate.PARTNER: _check_partner,
    Gate.STAFF: _check_staff,
    Gate.PHONE_USER: _check_phone_user,
    Gate.PHONE: _check_phone,
    Gate.PHONE_PAGE_USER: _check_phone_page_user,
    Gate.PHONE_PAGE: _check_phone_page,
}
