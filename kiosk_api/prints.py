"""Results printed at this kiosk: begun, fetched for the printer, and what came of it."""

from __future__ import annotations

from typing import Any

from flask import Response

from kiosk_api.schemas_prints import PrintBegun, PrintOutcomeRequest, PrintRequest, PrintState
from onething.domain.results import PrintOutcome
from onething.services import printing
from web import gates
from web.acting import current_actor, whole_case
from web.answers import file_answer, json_answer
from web.api import Blueprint
from web.current import current_ports, current_terminal
from web.idempotency import KEY_PARAMETER, WELCOME_KEY_PARAMETER, current_once
from web.schemas_after import PrintSettlementRequest
from web.schemas_progress import CaseView

prints = Blueprint("prints", __name__, description="Results printed at the kiosk")


@prints.post("/cases/<case>/prints")
@gates.citizen
@prints.doc(parameters=[KEY_PARAMETER])
@prints.arguments(PrintRequest())
@prints.response(201, PrintBegun())
def begin(wanted: dict[str, Any], case: str) -> Response:
    """Take one result to this kiosk's printer; 409 while another print of it is not settled."""
    begun = printing.begin_print(
        current_ports(), current_actor(), case, wanted["result"], once=current_once()
    )
    return json_answer(begun, 201)


@prints.get("/cases/<case>/prints/<print_id>/document")
@gates.citizen
@prints.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def get_document(case: str, print_id: str) -> Response:
    """What is to be printed, PDF; for the sitting that began the print. 503: to be tried again later."""
    given = printing.get_print_file(current_ports(), current_actor(), case, print_id)
    return file_answer(given.data, given.media_type, given.name)


@prints.post("/cases/<case>/prints/<print_id>/settlement")
@gates.citizen
@prints.doc(parameters=[KEY_PARAMETER])
@prints.arguments(PrintSettlementRequest())
@prints.response(200, CaseView())
def settle(wanted: dict[str, Any], case: str, print_id: str) -> Response:
    """Whether all the paper came out, where the printer did not say; 409 while another kiosk is at it."""
    ports, came_out = current_ports(), wanted["came_out"]
    printing.say_what_came_out(ports, current_actor(), case, print_id, came_out=came_out, once=current_once())
    return whole_case(case)


@prints.post("/prints/<print_id>/outcome")
@gates.terminal
@prints.doc(parameters=[WELCOME_KEY_PARAMETER])
@prints.arguments(PrintOutcomeRequest())
@prints.response(200, PrintState())
def note_outcome(wanted: dict[str, Any], print_id: str) -> Response:
    """What the printer said of a print of this kiosk, also when its citizen has left; said twice is once."""
    outcome = PrintOutcome(wanted["outcome"])
    return json_answer(printing.note_outcome(current_ports(), current_terminal(), print_id, outcome))
