"""The one-things and their guides, for anyone, before anybody signs in."""

from __future__ import annotations

from typing import Any

from flask import Response
from werkzeug.wrappers import Response as BaseResponse

from onething.services import browsing, rating
from web import gates
from web.answers import bytes_answer, json_answer, revalidated
from web.api import Blueprint
from web.current import current_ports
from web.language import preferred_language
from web.schemas_drafts import PlanView
from web.schemas_guide import GuideView, ThingList
from web.schemas_progress import RatingOptions
from web.schemas_requests import PlanRequest

things = Blueprint("phone_things", __name__, description="One-things and their guides")


@things.get("/things")
@gates.public
@things.response(200, ThingList())
@things.alt_response(304, description="As the ETag says")
def list_things() -> BaseResponse:
    """Every one-thing of the current revision."""
    return revalidated(json_answer(browsing.list_things(current_ports())))


@things.get("/things/<code>/guide")
@gates.public
@things.response(200, GuideView())
@things.alt_response(304, description="As the ETag says")
def get_guide(code: str) -> BaseResponse:
    """The notice of a one-thing: all the policy asks for, the same on every channel."""
    guide = browsing.get_guide(current_ports(), code)
    return revalidated(json_answer({**guide, "flow_chart": f"/mobile/v1/things/{code}/flow-chart"}))


@things.get("/things/<code>/flow-chart")
@gates.public
@things.response(200, {"type": "string"}, content_type="image/svg+xml")
@things.alt_response(304, description="As the ETag says")
def get_flow_chart(code: str) -> BaseResponse:
    """The process as SVG, in the language that is wanted most."""
    chart = browsing.get_flow_chart(current_ports(), code, preferred_language())
    answer = bytes_answer(chart.encode(), "image/svg+xml")
    answer.headers["Vary"] = "Accept-Language"
    return revalidated(answer)


@things.post("/things/<code>/plans")
@gates.public
@things.arguments(PlanRequest())
@things.response(200, PlanView())
def preview_plan(wanted: dict[str, Any], code: str) -> Response:
    """What a choice of matters and these answers would take; nothing is kept."""
    plan = browsing.preview_plan(current_ports(), code, wanted.get("chosen"), wanted.get("answers", {}))
    return json_answer(plan)


@things.get("/rating-options")
@gates.public
@things.response(200, RatingOptions())
def list_rating_options() -> Response:
    """The five levels, what may be said with each, and whether a name is asked for."""
    return json_answer(rating.list_levels(current_ports()))
