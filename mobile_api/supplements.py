"""What a citizen brings after submission: what a notice asked for, and papers that may follow."""

from __future__ import annotations

from typing import Any

from flask import Response

from onething.domain.errors import NotFound
from onething.services import case_progress, supplement_pages, supplementing
from web import gates
from web.acting import current_actor, whole_case
from web.answers import bytes_answer, json_answer
from web.api import Blueprint
from web.current import current_ports
from web.idempotency import KEY_PARAMETER, WELCOME_KEY_PARAMETER, current_once, find_once
from web.schemas_after import FollowPaperRequest, SupplementRequest
from web.schemas_progress import CasePagesView, CaseView
from web.schemas_requests import PageUpload
from web.uploads import largest_upload

supplements = Blueprint("phone_supplements", __name__, url_prefix="/cases", description="What comes after")


@supplements.post("/<case>/supplement-pages/<material>")
@gates.phone
@gates.body_limit(largest_upload)
@supplements.doc(parameters=[WELCOME_KEY_PARAMETER])
@supplements.arguments(PageUpload(), location="files")
@supplements.response(201, CasePagesView())
def add_page(upload: dict[str, Any], case: str, material: str) -> Response:
    """Hand in the pages of a JPEG, PNG or PDF that a notice asked for, or that may follow."""
    ports, actor = current_ports(), current_actor()
    once = find_once()
    data = upload["file"].read()
    kept = supplementing.attach_page(ports, actor, case, material, data, once, photograph=True)
    path = f"/mobile/v1/cases/{case}/supplement-pages/{material}"
    pages = [{"number": at, "preview": f"{path}/{file['id']}"} for at, file in enumerate(kept, 1)]
    view = case_progress.view_case(ports, actor, case)
    return json_answer({"file": kept[0]["id"], "pages": pages, "case": view}, 201)


@supplements.get("/<case>/supplement-pages/<material>/<file>")
@gates.phone
@supplements.response(200, {"type": "string", "format": "binary"}, content_type="image/jpeg")
def get_page(case: str, material: str, file: str) -> Response:  # noqa: ARG001 - the page's own address
    """One's own page as it was made safe."""
    data, media_type = supplementing.find_page(current_ports(), current_actor(), case, file)
    if media_type != "image/jpeg":
        raise NotFound
    return bytes_answer(data, media_type)


@supplements.delete("/<case>/supplement-pages/<material>/<file>")
@gates.phone
@supplements.response(200, CaseView())
def remove_page(case: str, material: str, file: str) -> Response:
    """Take one page back before it is handed in."""
    supplement_pages.remove_page(current_ports(), current_actor(), case, material, file)
    return whole_case(case)


@supplements.post("/<case>/supplement")
@gates.phone
@supplements.doc(parameters=[KEY_PARAMETER])
@supplements.arguments(SupplementRequest())
@supplements.response(200, CaseView())
def give_supplement(wanted: dict[str, Any], case: str) -> Response:
    """Hand in all that was asked, at once; 409 names what is still missing."""
    ports, actor = current_ports(), current_actor()
    supplementing.give_supplement(ports, actor, case, facts=wanted["values"], once=current_once())
    return whole_case(case)


@supplements.post("/<case>/follow-papers")
@gates.phone
@supplements.doc(parameters=[KEY_PARAMETER])
@supplements.arguments(FollowPaperRequest())
@supplements.response(200, CaseView())
def give_follow_paper(wanted: dict[str, Any], case: str) -> Response:
    """Hand in a paper that was allowed to come after the acceptance."""
    ports, actor = current_ports(), current_actor()
    supplementing.give_following(ports, actor, case, wanted["material"], once=current_once())
    return whole_case(case)
