"""My e-licences, and codes to be shown: a licence to whoever looks, oneself to a kiosk's reader."""

from __future__ import annotations

from typing import Any

from flask import Response

from mobile_api.schemas_after import (
    AskableLicences,
    HeldLicences,
    HeldRequest,
    LicenceList,
    ShowingCodeRequest,
    ShowingCodeView,
)
from onething.services import held_licences, showing_codes
from onething.services import licences as own_licences
from web import gates
from web.answers import json_answer
from web.api import Blueprint
from web.current import current_ports, current_session

licences = Blueprint("phone_licences", __name__, description="E-licences and showing codes")


@licences.get("/licences")
@gates.phone
@licences.response(200, LicenceList())
def list_licences() -> Response:
    """The e-licences that my cases have brought."""
    return json_answer({"licences": own_licences.list_licences(current_ports(), current_session())})


@licences.get("/held-licences")
@gates.phone
@licences.response(200, AskableLicences())
def list_askable() -> Response:
    """Which documents the e-licence service can be asked for about me."""
    return json_answer(held_licences.list_askable(current_ports()))


@licences.post("/held-licences")
@gates.phone
@licences.arguments(HeldRequest())
@licences.response(200, HeldLicences())
def ask_held(wanted: dict[str, Any]) -> Response:
    """Ask the e-licence service what it holds of me, for the documents that I agree to; nothing is kept."""
    answer = json_answer(held_licences.ask(current_ports(), current_session(), wanted["documents"]))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@licences.post("/showing-codes")
@gates.phone
@licences.arguments(ShowingCodeRequest())
@licences.response(201, ShowingCodeView())
def issue(wanted: dict[str, Any]) -> Response:
    """A new code for a QR; 404 for a licence that is not mine."""
    ports, session = current_ports(), current_session()
    issued = showing_codes.issue(ports, session, wanted["kind"], wanted.get("licence"))
    return json_answer(issued, 201)
