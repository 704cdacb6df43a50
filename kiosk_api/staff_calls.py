"""Somebody at a kiosk asks for a person."""

from __future__ import annotations

from typing import Any

from flask import Response

from kiosk_api.schemas_requests import StaffCallRequest
from kiosk_api.schemas_sessions import StaffCallView
from onething.services import calling_staff
from web import gates
from web.answers import json_answer
from web.api import Blueprint
from web.current import current_ports, current_terminal
from web.idempotency import WELCOME_KEY_PARAMETER, find_once

staff_calls = Blueprint("staff_calls", __name__, url_prefix="/calls-for-staff", description="Help at a kiosk")


@staff_calls.post("")
@gates.terminal
@staff_calls.doc(parameters=[WELCOME_KEY_PARAMETER])
@staff_calls.arguments(StaffCallRequest())
@staff_calls.response(201, StaffCallView())
def call(wanted: dict[str, Any]) -> Response:
    """Note a call; nobody needs to be signed in."""
    ports, terminal = current_ports(), current_terminal()
    noted = calling_staff.call(ports, terminal, wanted["screen"], wanted.get("reason"), find_once())
    return json_answer(noted, 201)
