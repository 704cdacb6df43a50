"""Pictures sent over bad lines: in pieces, gone on with after a cut, and made pages of when they are whole.

tus 1.0.0 (``mobile_api.tus``). Mini-programs know no PATCH: they send pieces by POST to the same address.
"""

from __future__ import annotations

from typing import Any

from flask import Response

from mobile_api import tus
from mobile_api.schemas_uploads import UploadedPages, UploadView
from onething.domain.uploads import Purpose, Upload
from onething.services import uploads as sending
from web import gates
from web.answers import empty_answer, json_answer
from web.api import Blueprint
from web.current import current_ports, current_session
from web.idempotency import WELCOME_KEY_PARAMETER, find_once

uploads = Blueprint("phone_uploads", __name__, description="Files in pieces (tus 1.0.0)")
uploads.after_request(tus.say_version)


def _header(name: str, schema: dict[str, Any], *, required: bool = True) -> dict[str, Any]:
    return {"in": "header", "name": name, "required": required, "schema": schema}


_VERSION = _header("Tus-Resumable", {"type": "string", "enum": [tus.VERSION]})
_LENGTH = _header("Upload-Length", {"type": "integer", "minimum": 1, "maximum": 20 * 1024 * 1024})
_OFFSET = _header("Upload-Offset", {"type": "integer", "minimum": 0, "maximum": 20 * 1024 * 1024})
_DIGESTS = "^(sha256 [A-Za-z0-9+/]{43}=|sha1 [A-Za-z0-9+/]{27}=)$"
_CHECKSUM = _header("Upload-Checksum", {"type": "string", "pattern": _DIGESTS}, required=False)
_BEGINNING = [_VERSION, _LENGTH, WELCOME_KEY_PARAMETER]
_PIECE = {
    "parameters": [_VERSION, _OFFSET, _CHECKSUM],
    "requestBody": {
        "required": True,
        "content": {tus.PIECE_TYPE: {"schema": {"type": "string", "format": "binary", "minLength": 1}}},
    },
}


@uploads.post("/drafts/<draft>/materials/<material>/uploads")
@gates.phone
@uploads.doc(parameters=_BEGINNING)
@uploads.response(201, UploadView())
@tus.spoken
def begin_material(draft: str, material: str) -> Response:
    """Announce a picture of a material; Location says where its pieces go."""
    return _begun(tus.begin(Purpose.MATERIAL, draft, material, find_once()))


@uploads.post("/drafts/<draft>/evidence/<fact>/uploads")
@gates.phone
@uploads.doc(parameters=_BEGINNING)
@uploads.response(201, UploadView())
@tus.spoken
def begin_evidence(draft: str, fact: str) -> Response:
    """Announce a picture of what shows that a value is wrong."""
    return _begun(tus.begin(Purpose.EVIDENCE, draft, fact, find_once()))


@uploads.post("/cases/<case>/supplement-pages/<material>/uploads")
@gates.phone
@uploads.doc(parameters=_BEGINNING)
@uploads.response(201, UploadView())
@tus.spoken
def begin_supplement(case: str, material: str) -> Response:
    """Announce a picture of a paper that a notice asked for, or that may follow."""
    return _begun(tus.begin(Purpose.SUPPLEMENT, case, material, find_once()))


@uploads.get("/uploads/<upload>")
@gates.phone
@uploads.doc(parameters=[_VERSION])
@uploads.response(200, UploadView())
@tus.spoken
def get_upload(upload: str) -> Response:
    """Where it stands; HEAD answers with the headers alone."""
    return _answered(sending.get(current_ports(), current_session(), upload))


@uploads.route("/uploads/<upload>", methods=["PATCH"])
@gates.phone
@gates.body_limit(tus.largest_piece)
@uploads.doc(**_PIECE)
@uploads.response(204)
@tus.spoken
def append(upload: str) -> Response:
    """Add bytes; 409 says that the upload stands elsewhere, 460 that the piece came damaged."""
    return tus.append(upload)


@uploads.post("/uploads/<upload>")
@gates.phone
@gates.body_limit(tus.largest_piece)
@uploads.doc(**_PIECE)
@uploads.response(204)
@tus.spoken
def append_by_post(upload: str) -> Response:
    """The same for clients that know no PATCH."""
    return tus.append(upload)


@uploads.delete("/uploads/<upload>")
@gates.phone
@uploads.doc(parameters=[_VERSION])
@uploads.response(204)
@tus.spoken
def remove(upload: str) -> Response:
    """Give it up."""
    sending.remove(current_ports(), current_session(), upload)
    return empty_answer()


@uploads.post("/uploads/<upload>/pages")
@gates.phone
@uploads.response(201, UploadedPages())
def finish(upload: str) -> Response:
    """Make pages of the whole file, once however often it is asked; 422 says plainly why it cannot be."""
    of, pages = sending.finish(current_ports(), current_session(), upload)
    return json_answer({"pages": tus.list_pages(of, pages, "/mobile/v1")}, 201)


def _begun(upload: Upload) -> Response:
    answer = _answered(upload, 201)
    answer.headers["Location"] = f"/mobile/v1/uploads/{upload.id}"
    return answer


def _answered(upload: Upload, status: int = 200) -> Response:
    return tus.with_headers(json_answer(tus.view(upload), status), upload)
