"""My cases: progress, the receipt again, the filled form; withdrawn, or their results asked for."""

from __future__ import annotations

from typing import Any

from flask import Response

from onething.domain.results import IssueWay
from onething.services import following, issuing, withdrawing
from web import gates
from web.acting import current_actor, whole_case
from web.answers import bytes_answer, json_answer
from web.api import Blueprint
from web.current import current_ports, current_session
from web.idempotency import KEY_PARAMETER, current_once
from web.schemas_after import IssueRequest, PartialIssueRequest, WithdrawalRequest
from web.schemas_cases import CasePage, Receipt
from web.schemas_progress import CaseView
from web.schemas_requests import CasesQuery

cases = Blueprint("phone_cases", __name__, url_prefix="/cases", description="Following one's cases")


@cases.get("")
@gates.phone
@cases.arguments(CasesQuery(), location="query")
@cases.response(200, CasePage())
def list_cases(query: dict[str, Any]) -> Response:
    """My cases, newest first, a page at a time."""
    ports, session = current_ports(), current_session()
    return json_answer(following.list_cases(ports, session, query.get("cursor"), query["limit"]))


@cases.get("/<case>")
@gates.phone
@cases.response(200, CaseView())
def view_case(case: str) -> Response:
    """One of my cases with each department's part, its clock, what is wanted of me, and its timeline."""
    return whole_case(case)


@cases.get("/<case>/receipt")
@gates.phone
@cases.response(200, Receipt())
def get_receipt(case: str) -> Response:
    """The receipt again, marked as a reprint."""
    return json_answer(following.get_receipt(current_ports(), current_session(), case))


@cases.get("/<case>/form")
@gates.phone
@cases.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def get_form(case: str) -> Response:
    """The filled form, PDF/A."""
    return bytes_answer(following.get_form(current_ports(), current_session(), case), "application/pdf")


@cases.post("/<case>/withdrawal")
@gates.phone
@cases.doc(parameters=[KEY_PARAMETER])
@cases.arguments(WithdrawalRequest())
@cases.response(200, CaseView())
def withdraw(wanted: dict[str, Any], case: str) -> Response:
    """Withdraw one matter with what law binds to it, or the whole case."""
    ports, matter = current_ports(), wanted.get("matter")
    withdrawing.withdraw(ports, current_actor(), case, matter=matter, once=current_once())
    return whole_case(case)


@cases.post("/<case>/partial-issue")
@gates.phone
@cases.arguments(PartialIssueRequest())
@cases.response(200, CaseView())
def ask_partial(_wanted: dict[str, Any], case: str) -> Response:
    """Do not wait for the other results: what is ready may be handed over; asked twice is asked once."""
    issuing.ask_partial(current_ports(), current_actor(), case)
    return whole_case(case)


@cases.post("/<case>/issue")
@gates.phone
@cases.doc(parameters=[KEY_PARAMETER])
@cases.arguments(IssueRequest())
@cases.response(200, CaseView())
def issue(wanted: dict[str, Any], case: str) -> Response:
    """Take results as e-licences, or put them in the queue of the printer; 409 says why one is held back."""
    take = _ISSUE[IssueWay(wanted["way"])]
    take(current_ports(), current_actor(), case, results=wanted["results"], once=current_once())
    return whole_case(case)


_ISSUE = {IssueWay.E_LICENCE: issuing.issue_e_licence, IssueWay.PRINT: issuing.queue_print}
