"""Materials handed in: pages photographed, looked at, taken back; and the signature."""

from __future__ import annotations

from typing import Any

from flask import Response

from onething.services import attaching
from web import gates
from web.answers import bytes_answer, json_answer
from web.api import Blueprint
from web.current import current_ports, current_session
from web.idempotency import WELCOME_KEY_PARAMETER, find_once
from web.schemas_drafts import DraftView, PagesView
from web.schemas_requests import PageUpload, SignatureRequest
from web.uploads import largest_upload, with_previews

materials = Blueprint("phone_materials", __name__, description="Pages and the signature")


@materials.post("/drafts/<draft>/materials/<material>/pages")
@gates.phone
@gates.body_limit(largest_upload)
@materials.doc(parameters=[WELCOME_KEY_PARAMETER])
@materials.arguments(PageUpload(), location="files")
@materials.response(201, PagesView())
def add_paper(upload: dict[str, Any], draft: str, material: str) -> Response:
    """Hand in the pages of a JPEG, PNG or PDF; 422 says plainly why a file cannot be taken."""
    once = find_once()
    data = upload["file"].read()
    ports, session = current_ports(), current_session()
    kept = attaching.add_paper(ports, session, draft, material, data, once, photograph=True)
    return json_answer(with_previews(kept), 201)


@materials.delete("/drafts/<draft>/materials/<material>/pages/<file>")
@gates.phone
@materials.response(200, DraftView())
def remove_paper(draft: str, material: str, file: str) -> Response:
    """Take one page back."""
    return json_answer(attaching.remove_paper(current_ports(), current_session(), draft, material, file))


@materials.get("/files/<file>/preview")
@gates.phone
@materials.response(200, {"type": "string", "format": "binary"}, content_type="image/jpeg")
def get_preview(file: str) -> Response:
    """One's own page as it was made safe."""
    return bytes_answer(attaching.get_preview(current_ports(), current_session(), file), "image/jpeg")


@materials.put("/drafts/<draft>/signature")
@gates.phone
@materials.arguments(SignatureRequest())
@materials.response(200, DraftView())
def sign(wanted: dict[str, Any], draft: str) -> Response:
    """Keep the handwritten signature; signing again replaces it."""
    return json_answer(attaching.sign(current_ports(), current_session(), draft, wanted["image"]))
