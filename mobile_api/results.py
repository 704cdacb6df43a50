"""A case's results in full, with parcels and prints; their files; sending them home."""

from __future__ import annotations

from typing import Any

from flask import Response

from mobile_api.schemas_after import CaseResults, ShipmentRequest
from onething.services import issuing, printing, result_files
from web import gates
from web.acting import current_actor
from web.answers import file_answer, json_answer
from web.api import Blueprint
from web.current import current_ports
from web.idempotency import KEY_PARAMETER, current_once
from web.schemas_after import PrintSettlementRequest

results = Blueprint("phone_results", __name__, url_prefix="/cases", description="Results and parcels")


@results.get("/<case>/results")
@gates.phone
@results.response(200, CaseResults())
def list_results(case: str) -> Response:
    """Results with their state, why one is held back, and each parcel's way so far."""
    return _whole(case)


@results.get("/<case>/results/<result>/file")
@gates.phone
@results.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def get_file(case: str, result: str) -> Response:
    """A result's file, PDF; 409 while it is withheld or where it is paper only, 503 to try again later."""
    given = result_files.get_result_file(current_ports(), current_actor(), case, result)
    return file_answer(given.data, given.media_type, given.name)


@results.post("/<case>/prints/<print_id>/settlement")
@gates.phone
@results.doc(parameters=[KEY_PARAMETER])
@results.arguments(PrintSettlementRequest())
@results.response(200, CaseResults())
def settle_print(wanted: dict[str, Any], case: str, print_id: str) -> Response:
    """Whether all the paper came out of a kiosk that cannot know; 409 while it is still at it."""
    printing.say_what_came_out(
        current_ports(), current_actor(), case, print_id, once=current_once(), **wanted
    )
    return _whole(case)


@results.post("/<case>/shipments")
@gates.phone
@results.doc(parameters=[KEY_PARAMETER])
@results.arguments(ShipmentRequest())
@results.response(201, CaseResults())
def send(wanted: dict[str, Any], case: str) -> Response:
    """Put results in a parcel; 422 for an address that no courier finds, 409 says why one is held back."""
    ports, chosen = current_ports(), wanted.pop("results")
    issuing.send_by_courier(ports, current_actor(), case, results=chosen, address=wanted, once=current_once())
    return _whole(case, 201)


def _whole(case: str, status: int = 200) -> Response:
    return json_answer(issuing.list_results(current_ports(), current_actor(), case), status)
