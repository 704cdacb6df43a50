"""Resumable uploads on the wire: tus 1.0.0 with its extensions creation, expiration, checksum, termination.

Our own beside it: what an upload is for is in the address that makes it, and a whole file becomes pages by
a request of its own, because a PATCH may answer with headers only.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from email.utils import format_datetime
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, request
from werkzeug.exceptions import UnsupportedMediaType

from onething.domain.dictionary import Label
from onething.domain.uploads import (
    MOST_PIECE_BYTES,
    PieceDamaged,
    Purpose,
    Upload,
    UploadTooLarge,
)
from onething.ports import Once
from onething.services import uploads
from web.answers import empty_answer
from web.current import current_ports, current_session
from web.problems import problem
from web.refusals import DoorRefusal

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,checksum,termination"
PIECE_TYPE = "application/offset+octet-stream"
# tus says 460 for a piece whose digest is wrong; no other status means that it may simply be sent again.
_CHECKSUM_MISMATCH = 460
_DIGESTS = ("sha256", "sha1")
_OTHER_VERSION = Label("上传协议版本不支持", "This version of the upload protocol is not spoken here")
View = TypeVar("View", bound=Callable[..., Any])


class BadUploadHeader(DoorRefusal):
    """A header that says how much or from where is missing or no number."""

    reason = "bad_upload_header"
    text = Label("上传请求不正确", "The upload request is not right")


def largest_piece() -> int:
    """The bytes that one PATCH may have."""
    return MOST_PIECE_BYTES


def spoken(view: View) -> View:
    """A view of this protocol: 412 for whoever speaks another, and its own statuses for some refusals."""

    @wraps(view)
    def run(*arguments: Any, **named: Any) -> Any:
        if request.headers.get("Tus-Resumable") != VERSION:
            return problem(412, "tus_version", _OTHER_VERSION)
        try:
            return view(*arguments, **named)
        except PieceDamaged as refused:
            return problem(_CHECKSUM_MISMATCH, refused.reason, refused.text)
        except UploadTooLarge as refused:
            return problem(413, refused.reason, refused.text)

    return cast(View, run)


def begin(purpose: Purpose, owner: str, name: str, once: Once | None) -> Upload:
    """A new upload of ``Upload-Length`` bytes; raises what ``uploads.begin`` does."""
    length = _number("Upload-Length")
    return uploads.begin(current_ports(), current_session(), purpose, owner, name, length, once)


def append(upload: str) -> Response:
    """204 with the new offset; raises ``BadUploadHeader`` and what ``uploads.append`` does."""
    if request.mimetype != PIECE_TYPE:
        raise UnsupportedMediaType
    at, digest, data = _number("Upload-Offset"), _digest(), request.get_data(cache=False)
    stands = uploads.append(current_ports(), current_session(), upload, at, data, digest)
    return with_headers(empty_answer(), stands)


def with_headers(answer: Response, upload: Upload) -> Response:
    """The answer with where the upload stands, and until when it is kept (RFC 9110 date)."""
    answer.headers["Upload-Offset"] = str(upload.received)
    answer.headers["Upload-Length"] = str(upload.length)
    answer.headers["Upload-Expires"] = format_datetime(upload.expires_at, usegmt=True)
    return answer


def say_version(answer: Response) -> Response:
    """After every request of a blueprint of uploads: the version, and to OPTIONS all that is spoken."""
    answer.headers["Tus-Resumable"] = VERSION
    answer.headers["Cache-Control"] = "no-store"
    if request.method == "OPTIONS" or answer.status_code == 412:
        answer.headers["Tus-Version"] = VERSION
        answer.headers["Tus-Extension"] = EXTENSIONS
        answer.headers["Tus-Max-Size"] = str(current_ports().settings.max_upload_bytes)
        answer.headers["Tus-Checksum-Algorithm"] = ",".join(_DIGESTS)
    return answer


def view(upload: Upload) -> dict[str, Any]:
    """An upload as JSON, for clients that read no headers."""
    return {
        "id": upload.id,
        "offset": upload.received,
        "length": upload.length,
        "expires_at": upload.expires_at.isoformat(),
    }


def list_pages(upload: Upload, pages: Sequence[str], door: str) -> list[dict[str, Any]]:
    """The pages that a file became, each with the address of its preview at a door (``/mobile/v1``)."""
    shown = f"{door}/files/{{}}/preview"
    if upload.purpose is Purpose.SUPPLEMENT:
        shown = f"{door}/cases/{upload.owner}/supplement-pages/{upload.name}/{{}}"
    return [{"file": file, "number": at, "preview": shown.format(file)} for at, file in enumerate(pages, 1)]


def _number(header: str) -> int:
    said = request.headers.get(header, "")
    if not (said.isascii() and said.isdigit() and len(said) <= 12):
        raise BadUploadHeader
    return int(said)


def _digest() -> tuple[str, bytes] | None:
    said = request.headers.get("Upload-Checksum")
    if said is None:
        return None
    algorithm, _, value = said.partition(" ")
    try:
        wanted = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        wanted = b""
    if algorithm not in _DIGESTS or not wanted:
        raise BadUploadHeader
    return algorithm, wanted
