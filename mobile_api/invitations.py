"""Several people in one application: inviting them, and answering on a phone of one's own."""

from __future__ import annotations

from typing import Any

from flask import Response

from mobile_api.schemas_invitations import (
    AuthorisationRequest,
    InvitationList,
    InvitedList,
    InvitedView,
    OpeningRequest,
    RefusalRequest,
)
from onething.services import invited, inviting
from web import gates
from web.answers import json_answer
from web.api import Blueprint
from web.client_address import client_address
from web.current import current_ports, current_session
from web.idempotency import KEY_PARAMETER, current_once
from web.schemas_invitations import InvitationLine, InvitationMade, InvitationRequest

invitations = Blueprint("phone_invitations", __name__, description="Several people in one application")
answers = Blueprint(
    "phone_invited", __name__, url_prefix="/invitations", description="Answering an invitation"
)


@invitations.post("/drafts/<draft>/invitations")
@gates.phone
@invitations.doc(parameters=[KEY_PARAMETER])
@invitations.arguments(InvitationRequest())
@invitations.response(201, InvitationMade())
def invite(wanted: dict[str, Any], draft: str) -> Response:
    """Invite the person of a role to authorise on their own phone; an earlier invitation ends."""
    ports, session = current_ports(), current_session()
    made = inviting.invite(ports, session, draft, wanted["role"], current_once(), wanted.get("mobile"))
    return json_answer(made, 201)


@invitations.get("/drafts/<draft>/invitations")
@gates.phone
@invitations.response(200, InvitationList())
def list_invitations(draft: str) -> Response:
    """What became of the invitations of my draft."""
    listed = inviting.list_invitations(current_ports(), current_session(), draft)
    return json_answer({"invitations": listed})


@invitations.post("/drafts/<draft>/invitations/<invitation>/calling-back")
@gates.phone
@invitations.response(200, InvitationLine())
def call_back(draft: str, invitation: str) -> Response:
    """Take an unanswered invitation back; 409 when it was answered."""
    return json_answer(inviting.call_back(current_ports(), current_session(), draft, invitation))


@invitations.post("/drafts/<draft>/invitations/<invitation>/confirmation")
@gates.phone
@invitations.response(200, InvitationLine())
def confirm(draft: str, invitation: str) -> Response:
    """Say that who answered is the person meant: only then does it count."""
    return json_answer(inviting.confirm(current_ports(), current_session(), draft, invitation))


@answers.get("")
@gates.phone
@answers.response(200, InvitedList())
def list_mine() -> Response:
    """What others ask of me."""
    return json_answer({"invitations": invited.list_mine(current_ports(), current_session())})


@answers.post("/openings")
@gates.phone
@answers.arguments(OpeningRequest())
@answers.response(200, InvitedView())
def open_invitation(wanted: dict[str, Any]) -> Response:
    """Open the invitation of a link or a code; always the same 404 when it is not for whoever asks."""
    ports, session = current_ports(), current_session()
    return json_answer(invited.open_invitation(ports, session, wanted["secret"], client_address()))


@answers.get("/<invitation>")
@gates.phone
@answers.response(200, InvitedView())
def view_invitation(invitation: str) -> Response:
    """All that concerns me in it."""
    return json_answer(invited.view_invitation(current_ports(), current_session(), invitation))


@answers.post("/<invitation>/authorisation")
@gates.phone
@answers.arguments(AuthorisationRequest())
@answers.response(200, InvitedView())
def authorise(wanted: dict[str, Any], invitation: str) -> Response:
    """Agree, for the sources that are named with true."""
    ports, session = current_ports(), current_session()
    sources, signature = wanted["sources"], wanted.get("signature")
    return json_answer(invited.authorise(ports, session, invitation, sources, signature))


@answers.post("/<invitation>/refusal")
@gates.phone
@answers.arguments(RefusalRequest())
@answers.response(200, InvitedView())
def refuse(wanted: dict[str, Any], invitation: str) -> Response:
    """Say no; both are told, and the sender may go on with papers where that is allowed."""
    return json_answer(invited.refuse(current_ports(), current_session(), invitation, wanted["reason"]))


@answers.post("/<invitation>/taking-back")
@gates.phone
@answers.response(200, InvitedView())
def take_back(invitation: str) -> Response:
    """Take my yes back; 409 once the application is handed in."""
    return json_answer(invited.take_back(current_ports(), current_session(), invitation))
