"""Answers that anyone may keep for as long as the revision they were made from is the current one."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from onething.domain.imprint import Imprint
from web.answers import json_answer

_CONTENT_DIGITS = 12


def of_revision(answer: Response, imprint: Imprint, *, dated: bool = True) -> BaseResponse:
    """The answer with the revision's digest as ETag (RFC 9110), or 304 when the asker has it already.

    A digest of what is answered stands behind that of the revision, for a newer program may say the
    same revision in other words. ``dated`` is False for what also changes between revisions.
    """
    content = hashlib.sha256(answer.get_data()).hexdigest()[:_CONTENT_DIGITS]
    answer.set_etag(f"{imprint.digest}-{content}")
    if dated:
        answer.last_modified = imprint.published_at
    answer.headers["Cache-Control"] = "public, no-cache"
    # Websites and the province's platform read this from their own pages.
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = "ETag, Last-Modified"
    return answer.make_conditional(request)


def fresh_json(body: Any, imprint: Imprint, *, dated: bool = True) -> BaseResponse:
    """A body as JSON, revalidated by the revision."""
    return of_revision(json_answer(body), imprint, dated=dated)


def fresh_file(body: bytes, media_type: str, name: str, imprint: Imprint) -> BaseResponse:
    """A file that opens in the browser and is kept under ``name`` (ASCII)."""
    answer = Response(body, content_type=media_type)
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return of_revision(answer, imprint)
