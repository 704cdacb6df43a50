"""Whose request this is: the ports of the process, and what the gate found out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import cast

from flask import Request, current_app, g, request
from flask.ctx import _AppCtxGlobals

from onething.domain.records import Session, Terminal
from onething.ports import Ports
from onething.services.phone_sign_in import OnPhone
from onething.services.staff_sign_in import OnDuty
from web.settings import DoorSettings

PORTS = "onething.ports"
SETTINGS = "onething.door_settings"


def current_request() -> Request:
    """The request itself: whoever looks at it often is spared Flask's way through a proxy each time."""
    return cast(Request, request._get_current_object())  # type: ignore[attr-defined]


def current_found() -> _AppCtxGlobals:
    """What was found out about this request so far: Flask's ``g`` itself, as above."""
    return cast(_AppCtxGlobals, g._get_current_object())


def current_ports() -> Ports:
    """The ports the application was made with."""
    return cast(Ports, g.get("ports") or current_app.extensions[PORTS])


def act_on_behalf_of(principal: str) -> None:
    """From here on every audit row of this request says on whose behalf (a blind index) it was done."""
    ports = current_ports()
    g.ports = replace(ports, records=ports.records.on_behalf_of(principal))


def current_settings() -> DoorSettings:
    """The settings the application was made with."""
    return cast(DoorSettings, current_app.extensions[SETTINGS])


def current_terminal() -> Terminal:
    """The kiosk that signed this request; only behind the gates ``terminal`` and ``citizen``."""
    return cast(Terminal, g.terminal)


def current_signed_at() -> datetime:
    """When the terminal signed, by its clock; only where the gate asks for a counter."""
    return cast(datetime, g.signed_at)


def current_new_key() -> bytes:
    """The key that a machine wants to be enrolled with; only behind the gate ``enrolment``."""
    return cast(bytes, g.new_key)


def current_session() -> Session:
    """The citizen at the kiosk or on the phone; only behind the gates ``citizen`` and ``phone``."""
    return cast(Session, g.citizen)


def current_phone() -> OnPhone:
    """The phone that is signed in; only behind the gates ``phone_user`` and ``phone``."""
    return cast(OnPhone, g.phone)


def current_duty() -> OnDuty:
    """Who is signed in at the console; only behind the gate ``staff``."""
    return cast(OnDuty, g.duty)


def current_request_id() -> str:
    """The id under which this request is found in the log."""
    return cast(str, g.request_id)
