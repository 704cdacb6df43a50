"""The one form: opened, chosen, answered, fetched, corrected; each act answers with the whole draft."""

from __future__ import annotations

from typing import Any

from flask import Response

from kiosk_api.schemas_requests import AuthorisationRequest
from onething.services import authorising, consenting, fetching, filling, merging
from web import gates
from web.answers import json_answer
from web.api import Blueprint
from web.current import current_ports, current_session
from web.schemas_drafts import DraftView
from web.schemas_requests import (
    ChoiceRequest,
    ConsentRequest,
    CountRequest,
    DraftRequest,
    FetchingRequest,
    KeepRequest,
    RoleRequest,
    ValuesRequest,
)

drafts = Blueprint("drafts", __name__, url_prefix="/drafts", description="Filling in the one form")


@drafts.post("")
@gates.citizen
@drafts.arguments(DraftRequest())
@drafts.response(201, DraftView())
@drafts.alt_response(200, schema=DraftView(), description="An open draft is gone on with", success=True)
def open_draft(wanted: dict[str, Any]) -> Response:
    """Open a draft; the person's open draft of this one-thing is gone on with (``resumed``)."""
    draft = filling.open_draft(
        current_ports(),
        current_session(),
        wanted["thing"],
        wanted.get("chosen"),
        wanted.get("answers", {}),
        another=wanted["another"],
    )
    return json_answer(draft, 200 if draft["resumed"] else 201)


@drafts.get("/<draft>")
@gates.citizen
@drafts.response(200, DraftView())
def view_draft(draft: str) -> Response:
    """The draft, planned against the current revision."""
    return json_answer(filling.view_draft(current_ports(), current_session(), draft))


@drafts.put("/<draft>/choice")
@gates.citizen
@drafts.arguments(ChoiceRequest())
@drafts.response(200, DraftView())
def choose(wanted: dict[str, Any], draft: str) -> Response:
    """Choose all or some matters; 409 when one that is left out is needed by another."""
    return json_answer(filling.choose(current_ports(), current_session(), draft, **wanted))


@drafts.put("/<draft>/answers")
@gates.citizen
@drafts.arguments(ValuesRequest())
@drafts.response(200, DraftView())
def answer_questions(wanted: dict[str, Any], draft: str) -> Response:
    """Answer questions about the situation."""
    return json_answer(filling.fill(current_ports(), current_session(), draft, **wanted))


@drafts.put("/<draft>/counts")
@gates.citizen
@drafts.arguments(CountRequest())
@drafts.response(200, DraftView())
def count_people(wanted: dict[str, Any], draft: str) -> Response:
    """Say how many people a repeating role stands for; values of those beyond it are dropped."""
    ports, session = current_ports(), current_session()
    return json_answer(filling.count(ports, session, draft, **wanted))


@drafts.put("/<draft>/consent")
@gates.citizen
@drafts.arguments(ConsentRequest())
@drafts.response(200, DraftView())
def consent(wanted: dict[str, Any], draft: str) -> Response:
    """Agree to sources being asked, or refuse any of them."""
    return json_answer(consenting.consent(current_ports(), current_session(), draft, wanted["sources"]))


@drafts.post("/<draft>/fetching")
@gates.citizen
@drafts.arguments(FetchingRequest())
@drafts.response(200, DraftView())
def fetch(wanted: dict[str, Any], draft: str) -> Response:
    """Ask all sources that may be asked now; answers when the last one has or its deadline is over."""
    return json_answer(fetching.fetch(current_ports(), current_session(), draft, wanted.get("sources")))


@drafts.put("/<draft>/values")
@gates.citizen
@drafts.arguments(ValuesRequest())
@drafts.response(200, DraftView())
def fill(wanted: dict[str, Any], draft: str) -> Response:
    """Type or correct values; 422 names each field that could not be taken, the good ones are kept."""
    return json_answer(filling.fill(current_ports(), current_session(), draft, **wanted))


@drafts.put("/<draft>/kept-values")
@gates.citizen
@drafts.arguments(KeepRequest())
@drafts.response(200, DraftView())
def settle(wanted: dict[str, Any], draft: str) -> Response:
    """Two devices have filled in one field: say which value stays."""
    return json_answer(merging.settle(current_ports(), current_session(), draft, **wanted))


@drafts.post("/<draft>/authorisations")
@gates.citizen
@drafts.arguments(AuthorisationRequest())
@drafts.response(200, DraftView())
def authorise(wanted: dict[str, Any], draft: str) -> Response:
    """Another person authorises with their own card on this reader."""
    view = authorising.authorise(current_ports(), current_session(), draft, wanted["role"], wanted["card"])
    return json_answer(view)


@drafts.post("/<draft>/declined-authorisations")
@gates.citizen
@drafts.arguments(RoleRequest())
@drafts.response(200, DraftView())
def decline(wanted: dict[str, Any], draft: str) -> Response:
    """Go on without: what this person's sources would have given is typed or brought."""
    return json_answer(authorising.decline(current_ports(), current_session(), draft, wanted["role"]))
