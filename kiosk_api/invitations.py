"""Inviting the other people of a draft from the kiosk: a code for their own phone when no card is here."""

from __future__ import annotations

from typing import Any

from flask import Response

from onething.services import inviting
from web import gates
from web.answers import json_answer
from web.api import Blueprint
from web.current import current_ports, current_session
from web.idempotency import KEY_PARAMETER, current_once
from web.schemas_invitations import InvitationMade, InvitationRequest

invitations = Blueprint("invitations", __name__, description="Several people in one application")


@invitations.post("/drafts/<draft>/invitations")
@gates.citizen
@invitations.doc(parameters=[KEY_PARAMETER])
@invitations.arguments(InvitationRequest())
@invitations.response(201, InvitationMade())
def invite(wanted: dict[str, Any], draft: str) -> Response:
    """Invite the person of a role to authorise on their own phone; an earlier invitation ends."""
    ports, session = current_ports(), current_session()
    made = inviting.invite(ports, session, draft, wanted["role"], current_once(), wanted.get("mobile"))
    return json_answer(made, 201)
