"""Departments' events."""

from __future__ import annotations

from typing import Any

from flask import Response

from onething.services import handling
from partner_api.schemas import PartEvent, Taken
from web import gates
from web.answers import json_answer
from web.api import Blueprint
from web.current import current_ports

events = Blueprint("events", __name__, url_prefix="/departments", description="What departments report")


@events.post("/<department>/events")
@gates.partner
@events.arguments(PartEvent())
@events.response(200, Taken())
def take_event(event: dict[str, Any], department: str) -> Response:
    """Take an event; a repeated one is already known, one the part's state does not allow is a 409."""
    told = {**event, "at": event["at"].isoformat()}
    return json_answer(handling.take_event(current_ports(), department, told))
