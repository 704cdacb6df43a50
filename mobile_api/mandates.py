"""Acting for another: mandates given and held.

Whoever holds one names it in the header ``Acting-For`` of a request for drafts, materials, submission,
supplements or cases; that request is then done for the principal, and both are in the audit.
"""

from __future__ import annotations

from typing import Any

from flask import Response

from mobile_api.schemas_mandates import (
    DelegableList,
    HelpMade,
    HelpRequest,
    MandateLine,
    MandateList,
    MandateRequest,
)
from onething.services import mandating
from web import gates
from web.answers import json_answer
from web.api import Blueprint
from web.current import current_ports, current_session
from web.idempotency import KEY_PARAMETER, current_once

mandates = Blueprint(
    "phone_mandates",
    __name__,
    url_prefix="/mandates",
    description="Acting for another: a request with the header Acting-For is done for the principal",
)


@mandates.get("")
@gates.phone
@mandates.response(200, MandateList())
def list_mandates() -> Response:
    """Mandates that I have given, and those given to me."""
    return json_answer(mandating.list_mandates(current_ports(), current_session()))


@mandates.get("/things")
@gates.phone
@mandates.response(200, DelegableList())
def list_delegable() -> Response:
    """What a mandate can be given for."""
    return json_answer({"things": mandating.list_delegable(current_ports())})


@mandates.post("")
@gates.phone
@mandates.doc(parameters=[KEY_PARAMETER])
@mandates.arguments(MandateRequest())
@mandates.response(201, MandateLine())
def grant(wanted: dict[str, Any]) -> Response:
    """Let somebody act for me, at most for a year."""
    made = mandating.grant(
        current_ports(),
        current_session(),
        (wanted["name"], wanted["id_number"]),
        (wanted["things"], wanted.get("matters", [])),
        wanted["days"],
        current_once(),
    )
    return json_answer(made, 201)


@mandates.post("/help")
@gates.phone
@mandates.doc(parameters=[KEY_PARAMETER])
@mandates.arguments(HelpRequest())
@mandates.response(201, HelpMade())
def grant_help(wanted: dict[str, Any]) -> Response:
    """Let a clerk fill in for me: a code that is typed at the desk within a quarter of an hour."""
    ports, session = current_ports(), current_session()
    made = mandating.grant_help(ports, session, wanted["things"], wanted["hours"], current_once())
    return json_answer(made, 201)


@mandates.post("/<mandate>/revocation")
@gates.phone
@mandates.response(200, MandateLine())
def revoke(mandate: str) -> Response:
    """Take a mandate back, or give up one that was given to me: from here on nothing is done by it."""
    return json_answer(mandating.revoke(current_ports(), current_session(), mandate))
