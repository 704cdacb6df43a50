"""A citizen's session at a kiosk, and the server's time."""

from __future__ import annotations

from typing import Any

from flask import Response

from kiosk_api.schemas_requests import EndingRequest, SessionRequest, ShownCodeRequest
from kiosk_api.schemas_sessions import SessionView, TimeView
from onething.services import signing_in
from web import gates
from web.answers import empty_answer, json_answer
from web.api import Blueprint
from web.current import current_ports, current_session, current_terminal

sessions = Blueprint("sessions", __name__, description="Signing in with the card on the reader")


@sessions.post("/sessions")
@gates.terminal
@sessions.arguments(SessionRequest())
@sessions.response(201, SessionView())
def start_session(wanted: dict[str, Any]) -> Response:
    """Begin a session; every older one at this kiosk ends."""
    started = signing_in.start_session(current_ports(), current_terminal(), wanted["card"])
    return json_answer(started, 201)


@sessions.post("/sessions/shown")
@gates.terminal
@sessions.arguments(ShownCodeRequest())
@sessions.response(201, SessionView())
def start_shown_session(wanted: dict[str, Any]) -> Response:
    """Begin a session with the showing code on a phone, without a card; a code is good once."""
    started = signing_in.start_shown_session(current_ports(), current_terminal(), wanted["code"])
    return json_answer(started, 201)


@sessions.post("/sessions/current/ending")
@gates.citizen
@sessions.arguments(EndingRequest())
@sessions.response(204)
def end_session(wanted: dict[str, Any]) -> Response:
    """End the session: its token is worth nothing from here on."""
    signing_in.end_session(current_ports(), current_session(), wanted["cause"])
    return empty_answer()


@sessions.get("/time")
@gates.public
@sessions.response(200, TimeView())
def get_time() -> Response:
    """The server's time, for a kiosk whose clock is too wrong to sign."""
    return json_answer({"now": current_ports().clock.now().isoformat()})
