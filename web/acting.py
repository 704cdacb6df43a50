"""The citizen at a kiosk or on a phone as one who acts on a case, and the case as it then is."""

from __future__ import annotations

from flask import Response

from onething.domain.actors import Actor
from onething.services import case_progress, following
from web.answers import json_answer
from web.current import current_ports, current_session


def current_actor() -> Actor:
    """The citizen of this request; only behind the gates ``citizen`` and ``phone``."""
    return following.actor_of(current_session())


def whole_case(number: str, status: int = 200) -> Response:
    """The case after an act on it: a repeated act gets the case as it is now."""
    return json_answer(case_progress.view_case(current_ports(), current_actor(), number), status)
