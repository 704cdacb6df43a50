"""The second check of who acts, where the chosen matters ask for it; each act answers with the draft."""

from __future__ import annotations

from typing import Any

from flask import Response

from onething.services import stepping_up
from web import gates
from web.answers import json_answer
from web.api import Blueprint
from web.current import current_ports, current_session
from web.schemas_drafts import DraftView
from web.schemas_requests import CheckRequest, SendCodeRequest, StepUpRequest

step_ups = Blueprint("phone_step_ups", __name__, url_prefix="/drafts", description="Making sure once more")


@step_ups.post("/<draft>/step-up/codes")
@gates.phone
@step_ups.arguments(SendCodeRequest())
@step_ups.response(200, DraftView())
def send_code(_wanted: dict[str, Any], draft: str) -> Response:
    """Send a code by text message; within a minute of the last one nothing more goes out."""
    return json_answer(stepping_up.send_code(current_ports(), current_session(), draft))


@step_ups.post("/<draft>/step-up/answers")
@gates.phone
@step_ups.arguments(StepUpRequest())
@step_ups.response(200, DraftView())
def give_code(wanted: dict[str, Any], draft: str) -> Response:
    """Give the code; 422 ``code_refused`` whatever is wrong with it, and each try is counted."""
    return json_answer(stepping_up.give_code(current_ports(), current_session(), draft, wanted["code"]))


@step_ups.post("/<draft>/step-up/checks")
@gates.phone
@step_ups.arguments(CheckRequest())
@step_ups.response(200, DraftView())
def check(wanted: dict[str, Any], draft: str) -> Response:
    """Let a verifier say what its evidence is worth; never the only way."""
    return json_answer(stepping_up.verify(current_ports(), current_session(), draft, **wanted))
