"""The one-things and their guides, read before anybody signs in."""

from __future__ import annotations

from typing import Any

from flask import Response
from werkzeug.wrappers import Response as BaseResponse

from kiosk_api.schemas_things import KioskThings
from onething.services import browsing, phone_sign_in
from web import gates
from web.answers import bytes_answer, json_answer, revalidated
from web.api import Blueprint
from web.current import current_ports
from web.language import preferred_language
from web.schemas_drafts import PlanView
from web.schemas_guide import GuideView
from web.schemas_requests import PlanRequest

things = Blueprint("things", __name__, url_prefix="/things", description="One-things and their guides")


@things.get("")
@gates.terminal
@things.response(200, KioskThings())
@things.alt_response(304, description="As the ETag says")
def list_things() -> BaseResponse:
    """Every one-thing of the current revision, and whether people can go on by phone here."""
    ports = current_ports()
    told = {**browsing.list_things(ports), "phone_sign_in": phone_sign_in.can_prove_names(ports)}
    return revalidated(json_answer(told))


@things.get("/<code>/guide")
@gates.terminal
@things.response(200, GuideView())
@things.alt_response(304, description="As the ETag says")
def get_guide(code: str) -> BaseResponse:
    """The notice of a one-thing: all the policy asks for, the same on every channel."""
    return revalidated(json_answer(browsing.get_guide(current_ports(), code)))


@things.get("/<code>/flow-chart")
@gates.terminal
@things.response(200, {"type": "string"}, content_type="image/svg+xml")
@things.alt_response(304, description="As the ETag says")
def get_flow_chart(code: str) -> BaseResponse:
    """The process as SVG, in the language that is wanted most."""
    chart = browsing.get_flow_chart(current_ports(), code, preferred_language())
    answer = bytes_answer(chart.encode(), "image/svg+xml")
    answer.headers["Vary"] = "Accept-Language"
    return revalidated(answer)


@things.post("/<code>/plans")
@gates.terminal
@things.arguments(PlanRequest())
@things.response(200, PlanView())
def preview_plan(wanted: dict[str, Any], code: str) -> Response:
    """What a choice of matters and these answers would take; nothing is kept."""
    plan = browsing.preview_plan(current_ports(), code, wanted.get("chosen"), wanted.get("answers", {}))
    return json_answer(plan)
