"""“有误” beside a shared value: the citizen's own value goes on, and the register's keeper is asked."""

from __future__ import annotations

from typing import Any

from flask import Response

from onething.services import case_values, disputing, evidence
from web import gates
from web.acting import current_actor, whole_case
from web.answers import empty_answer, json_answer
from web.api import Blueprint
from web.current import current_ports, current_session
from web.idempotency import KEY_PARAMETER, WELCOME_KEY_PARAMETER, current_once, find_once
from web.schemas_after import CaseDisputeRequest, DisputeRequest
from web.schemas_drafts import DraftView
from web.schemas_progress import CaseView, EvidenceView, SharedValues
from web.schemas_requests import PageUpload
from web.uploads import largest_upload, with_previews

disputes = Blueprint("phone_disputes", __name__, description="Shared values that are wrong")


@disputes.post("/drafts/<draft>/evidence/<fact>/pages")
@gates.phone
@gates.body_limit(largest_upload)
@disputes.doc(parameters=[WELCOME_KEY_PARAMETER])
@disputes.arguments(PageUpload(), location="files")
@disputes.response(201, EvidenceView())
def add_evidence(upload: dict[str, Any], draft: str, fact: str) -> Response:
    """Photograph what shows that a value is wrong, before its dispute is opened."""
    once = find_once()
    data = upload["file"].read()
    kept = evidence.add_page(current_ports(), current_session(), draft, fact, data, once, photograph=True)
    return json_answer(with_previews(kept), 201)


@disputes.delete("/drafts/<draft>/evidence/<fact>/pages/<file>")
@gates.phone
@disputes.response(204)
def remove_evidence(draft: str, fact: str, file: str) -> Response:
    """Take one page back."""
    evidence.remove_page(current_ports(), current_session(), draft, fact, file)
    return empty_answer()


@disputes.post("/drafts/<draft>/disputes")
@gates.phone
@disputes.doc(parameters=[KEY_PARAMETER])
@disputes.arguments(DisputeRequest())
@disputes.response(201, DraftView())
def open_dispute(wanted: dict[str, Any], draft: str) -> Response:
    """Call a value of the form wrong; nothing waits for the answer."""
    ports, session = current_ports(), current_session()
    return json_answer(evidence.open_dispute(ports, session, draft, **wanted, once=current_once()), 201)


@disputes.get("/cases/<case>/shared-values")
@gates.phone
@disputes.response(200, SharedValues())
def list_shared_values(case: str) -> Response:
    """What registers gave for a case, each with its source: what is wrong can still be said."""
    return json_answer(case_values.list_shared(current_ports(), current_actor(), case))


@disputes.post("/cases/<case>/disputes")
@gates.phone
@disputes.doc(parameters=[KEY_PARAMETER])
@disputes.arguments(CaseDisputeRequest())
@disputes.response(201, CaseView())
def open_case_dispute(wanted: dict[str, Any], case: str) -> Response:
    """Call a value of a case wrong after submission; parts that go out later carry the citizen's own."""
    disputing.dispute_in_case(current_ports(), current_actor(), case, **wanted, once=current_once())
    return whole_case(case, 201)


@disputes.post("/cases/<case>/disputes/<fact>/pages")
@gates.phone
@gates.body_limit(largest_upload)
@disputes.doc(parameters=[WELCOME_KEY_PARAMETER])
@disputes.arguments(PageUpload(), location="files")
@disputes.response(201, CaseView())
def add_case_evidence(upload: dict[str, Any], case: str, fact: str) -> Response:
    """Photograph what shows that a value of a case is wrong, while its dispute is open."""
    once, data = find_once(), upload["file"].read()
    disputing.add_evidence(current_ports(), current_actor(), case, fact, [data], once, photograph=True)
    return whole_case(case, 201)
