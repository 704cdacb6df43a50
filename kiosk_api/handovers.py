"""Handing a form, or the photographing of one paper, from the kiosk to a phone, and back."""

from __future__ import annotations

from typing import Any

from flask import Response

from kiosk_api.schemas_handovers import HandoverRequest, ShownHandover
from onething.services import handing_over
from web import gates
from web.answers import json_answer
from web.api import Blueprint
from web.current import current_ports, current_session
from web.schemas_handovers import HandoverView

handovers = Blueprint("handovers", __name__, description="Kiosk and phone together")


@handovers.post("/drafts/<draft>/hand-overs")
@gates.citizen
@handovers.arguments(HandoverRequest())
@handovers.response(201, ShownHandover())
def show(wanted: dict[str, Any], draft: str) -> Response:
    """A code to be shown, good once and for three minutes; what was shown before is over."""
    ports, session = current_ports(), current_session()
    shown = handing_over.show(ports, session, draft, wanted["kind"], wanted.get("material"))
    return json_answer(shown, 201)


@handovers.get("/hand-overs/<handover>")
@gates.citizen
@handovers.response(200, HandoverView())
def look(handover: str) -> Response:
    """How far it is; to be asked about once a second while the screen waits."""
    return json_answer(handing_over.look(current_ports(), current_session(), handover))


@handovers.post("/hand-overs/<handover>/ending")
@gates.citizen
@handovers.response(200, HandoverView())
def take_back(handover: str) -> Response:
    """Take it back: the phone can change nothing from here on. Again changes nothing."""
    return json_answer(handing_over.end(current_ports(), current_session(), handover))
