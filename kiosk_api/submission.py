"""Submission: a draft becomes a case, once for each idempotency key."""

from __future__ import annotations

from typing import Any

from flask import Response

from onething.services import submitting
from web import gates
from web.answers import json_answer
from web.api import Blueprint
from web.current import current_ports, current_session
from web.idempotency import KEY_PARAMETER, idempotency_key, request_digest
from web.schemas_cases import Submitted
from web.schemas_requests import SubmissionRequest

submission = Blueprint("submission", __name__, description="Handing in")


@submission.post("/drafts/<draft>/submission")
@gates.citizen
@submission.doc(parameters=[KEY_PARAMETER])
@submission.arguments(SubmissionRequest())
@submission.response(201, Submitted())
def submit(_wanted: dict[str, Any], draft: str) -> Response:
    """Submit the draft; the same key again gets the first answer, the same key for anything else 422."""
    submitted = submitting.submit(
        current_ports(), current_session(), draft, idempotency_key(), request_digest()
    )
    return json_answer(submitted, 201)
