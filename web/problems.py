"""Every error as RFC 9457 problem+json: a stable reason, a sentence in Chinese and in English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
import structlog
from flask import Flask, Response, g
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from onething.domain.catalog import CatalogError
from onething.domain.dictionary import Label
from onething.domain.errors import FieldError, Refusal
from onething.logs import describe
from onething.ports import Conflict, KeyReused, PaperRefused
from web.current import current_request_id
from web.language import in_preferred_language
from web.problem_words import OF_FIELD, OF_STATUS
from web.refusals import DoorRefusal, NotReady

TYPE_BASE = "https://xinxian.invalid/problems/"
MEDIA_TYPE = "application/problem+json"
STATUS_OF_HINT = {
    "unauthorised": 401,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "unprocessable": 422,
    "too_many": 429,
    "unavailable": 503,
}
RETRY_AFTER_SECONDS = "5"
RECORDS_UNAVAILABLE = "records_unavailable"
_KEY_REUSED = Label("同一编号已用于另一份提交", "This key was used for another submission")
_LOST_RACE = Label("系统繁忙，请再试一次", "The system is busy; please try again")

log = structlog.get_logger("web")


def problem(
    status: int,
    reason: str,
    text: Label,
    fields: Sequence[FieldError] = (),
    members: Mapping[str, Any] | None = None,
) -> Response:
    """The answer that says why not; ``members`` are added to the problem (RFC 9457, section 3.2)."""
    title = in_preferred_language(text)
    g.reason = reason
    body = {
        "type": TYPE_BASE + reason,
        "reason": reason,
        "title": title,
        "title_zh": text.zh,
        "title_en": text.en,
        "detail": in_preferred_language(fields[0].text) if fields else title,
        "status": status,
        "request_id": current_request_id(),
        "errors": [
            {"field": each.field, "reason": each.reason, "zh": each.text.zh, "en": each.text.en}
            for each in fields
        ],
        **(members or {}),
    }
    answer = Response(orjson.dumps(body), status=status, mimetype=MEDIA_TYPE)
    if status in (429, 503):
        answer.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return answer


def register_problems(app: Flask) -> None:
    """Turn every exception of a request into a problem."""
    app.register_error_handler(Refusal, _of_refusal)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(CatalogError, _of_catalog)
    app.register_error_handler(PaperRefused, _of_paper)
    app.register_error_handler(KeyReused, lambda error: problem(422, error.reason, _KEY_REUSED))
    app.register_error_handler(Conflict, lambda error: problem(409, error.reason, _LOST_RACE))
    app.register_error_handler(Exception, _of_fault)


def _of_refusal(refusal: Refusal) -> Response:
    answer = problem(
        STATUS_OF_HINT[refusal.status_hint],
        refusal.reason,
        refusal.text,
        refusal.fields,
        refusal.members if isinstance(refusal, DoorRefusal) else None,
    )
    if isinstance(refusal, DoorRefusal):
        answer.headers.update(refusal.headers)
    return answer


def _of_catalog(error: CatalogError) -> Response:
    if error.reason == "unknown_thing":
        return problem(404, error.reason, Label("没有这件事", "There is no such service"))
    if error.reason == "nothing_published":
        return _of_refusal(NotReady())
    return _of_fault(error)


def _of_paper(error: PaperRefused) -> Response:
    return problem(422, error.reason, Label(error.zh, error.en))


def _of_http(error: HTTPException) -> BaseResponse:
    status = error.code or 500
    if status < 400:
        # werkzeug sends redirects as exceptions too.
        return error.get_response()
    if status not in OF_STATUS:
        status = 500 if status >= 500 else 400
    reason, text = OF_STATUS[status]
    fields = tuple(_field_errors(getattr(error, "data", None) or {}))
    answer = problem(status, reason, text, fields)
    if allowed := getattr(error, "valid_methods", None):
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def _of_fault(error: Exception) -> Response:
    status = log_fault(error)
    reason, text = OF_STATUS[status]
    return problem(status, reason, text)


def log_fault(error: Exception) -> int:
    """Write a fault of ours to the log; the status it is answered with."""
    # The database's own trouble, named by a stable reason: the doors know no database.
    status = 503 if getattr(error, "reason", "") == RECORDS_UNAVAILABLE else 500
    log.error("fault", **describe(error), request_id=current_request_id())
    return status


def _field_errors(data: Mapping[str, Any]) -> Iterator[FieldError]:
    """What webargs says is wrong, by location: ``{"json": {"card": {"name": ["required"]}}}``."""
    for faults in (data.get("messages") or {}).values():
        for path, reason in _flat(faults, ()):
            known = reason if reason in OF_FIELD else "invalid"
            yield FieldError(".".join(path), known, OF_FIELD[known])


def _flat(faults: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(faults, Mapping):
        for name, inner in faults.items():
            yield from _flat(inner, path if name == "_schema" else (*path, str(name)))
    elif isinstance(faults, list):
        for reason in faults:
            yield path, str(reason)
