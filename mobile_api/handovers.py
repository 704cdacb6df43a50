"""Taking a form over from a kiosk to its person's phone, and giving it back."""

from __future__ import annotations

from typing import Any

from flask import Response

from mobile_api.schemas_handovers import OfferedHandover, ReadCode
from onething.services import handing_over
from web import gates
from web.answers import json_answer
from web.api import Blueprint
from web.client_address import client_address
from web.current import current_ports, current_session
from web.schemas_handovers import HandoverLine, HandoverView

handovers = Blueprint(
    "phone_handovers", __name__, url_prefix="/hand-overs", description="Kiosk and phone together"
)


@handovers.post("/offers")
@gates.phone
@handovers.arguments(ReadCode())
@handovers.response(200, OfferedHandover())
def find_offered(wanted: dict[str, Any]) -> Response:
    """What a code would hand over; asking does not use it up."""
    ports, session = current_ports(), current_session()
    return json_answer(handing_over.find_offered(ports, session, wanted["code"], client_address()))


@handovers.post("")
@gates.phone
@handovers.arguments(ReadCode())
@handovers.response(201, HandoverLine())
def take(wanted: dict[str, Any]) -> Response:
    """Take the form over, once; the kiosk only shows it from here on."""
    ports, session = current_ports(), current_session()
    return json_answer(handing_over.take(ports, session, wanted["code"], client_address()), 201)


@handovers.get("/<handover>")
@gates.phone
@handovers.response(200, HandoverView())
def look(handover: str) -> Response:
    """How far it is."""
    return json_answer(handing_over.look(current_ports(), current_session(), handover))


@handovers.post("/<handover>/ending")
@gates.phone
@handovers.response(200, HandoverView())
def give_back(handover: str) -> Response:
    """Give it back: the kiosk goes on. Again changes nothing."""
    return json_answer(handing_over.end(current_ports(), current_session(), handover))
