"""Answers as the doors give them: JSON by orjson, never kept by anyone unless it is about nobody."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

import orjson
from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse


def json_answer(body: Any, status: int = 200) -> Response:
    """A body as JSON, UTF-8."""
    return Response(orjson.dumps(body, default=_plain), status=status, mimetype="application/json")


def empty_answer() -> Response:
    """204: done, nothing to say."""
    return Response(status=204)


def bytes_answer(body: bytes, media_type: str) -> Response:
    """A picture or a document."""
    return Response(body, mimetype=media_type)


def file_answer(body: bytes, media_type: str, name: str) -> Response:
    """A file to look at or keep, by an ASCII ``name``; kept by nobody in between."""
    answer = Response(body, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def revalidated(answer: Response) -> BaseResponse:
    """An answer that is the same for everyone: with an ETag, and 304 when the asker has it already."""
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:32])
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value).__name__)
