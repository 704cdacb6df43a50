"""Rating a service at a kiosk (好差评): voluntary, once for each service."""

from __future__ import annotations

from typing import Any

from flask import Response

from onething.domain.ratings import Channel
from onething.services import rating
from web import gates
from web.acting import current_actor
from web.answers import json_answer
from web.api import Blueprint
from web.current import current_ports
from web.idempotency import KEY_PARAMETER, current_once
from web.schemas_after import RatingRequest
from web.schemas_progress import RatingOptions, RatingTaken

ratings = Blueprint("ratings", __name__, description="Rating a service")


@ratings.get("/rating-options")
@gates.terminal
@ratings.response(200, RatingOptions())
def list_options() -> Response:
    """The five levels, what may be said with each, and whether a name is asked for."""
    return json_answer(rating.list_levels(current_ports()))


@ratings.post("/cases/<case>/ratings")
@gates.citizen
@ratings.doc(parameters=[KEY_PARAMETER])
@ratings.arguments(RatingRequest())
@ratings.response(201, RatingTaken())
def rate(wanted: dict[str, Any], case: str) -> Response:
    """Rate a matter, the whole case, or the handing in; 409 when it was rated or is not done."""
    ports, actor = current_ports(), current_actor()
    taken = rating.rate(ports, actor, case, **wanted, channel=Channel.KIOSK.value, once=current_once())
    return json_answer({"rating": taken["id"], "rectification": taken["rectification"] is not None}, 201)
