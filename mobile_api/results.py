"""A case's results in full, with parcels and prints; sending them home."""

from __future__ import annotations

from typing import Any

from flask import Response

from mobile_api.schemas_after import CaseResults, ShipmentRequest
from onething.services import issuing
from web import gates
from web.acting import current_actor
from web.answers import json_answer
from web.api import Blueprint
from web.current import current_ports
from web.idempotency import KEY_PARAMETER, current_once

results = Blueprint("phone_results", __name__, url_prefix="/cases", description="Results and parcels")


@results.get("/<case>/results")
@gates.phone
@results.response(200, CaseResults())
def list_results(case: str) -> Response:
    """Results with their state, why one is held back, and each parcel's way so far."""
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
