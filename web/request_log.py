"""One line of JSON for each request: ids, times and reasons, never people."""

from __future__ import annotations

import logging
import re
import sys
import time
import uuid
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog
from flask import Flask, Response, g, request

HEADER = "X-Request-ID"
_GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_CITIZEN_NUMBER = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}\d{4}\d{3}[\dXx](?!\d)")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")

log = structlog.get_logger("web")


def configure_log(level: str) -> None:
    """Write every log line of the process as JSON to its standard error stream."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_people,
            structlog.processors.JSONRenderer(serializer=_as_text),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def without_people(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A second net: what looks like a citizen's or a mobile number is taken out of every line."""
    return {name: _masked(value) for name, value in event.items()}


def register_request_log(app: Flask) -> None:
    """Give every request an id, and a line in the log when it is answered."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    given = request.headers.get(HEADER, "")
    g.request_id = given if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
    g.began = time.perf_counter()


def _end(answer: Response) -> Response:
    answer.headers[HEADER] = g.request_id
    terminal, citizen = g.get("terminal"), g.get("citizen")
    log.info(
        "request",
        request_id=g.request_id,
        method=request.method,
        # The rule, not the path: what is in a path is the sender's.
        route=request.url_rule.rule if request.url_rule else None,
        status=answer.status_code,
        reason=g.get("reason"),
        ms=round((time.perf_counter() - g.began) * 1000, 1),
        terminal=terminal.id if terminal else None,
        session=citizen.id if citizen else None,
    )
    return answer


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return _MOBILE.sub("[mobile]", _CITIZEN_NUMBER.sub("[number]", value))
    if isinstance(value, list | tuple):
        return [_masked(each) for each in value]
    if isinstance(value, dict):
        return {name: _masked(each) for name, each in value.items()}
    return value


def _as_text(event: Any, **_options: Any) -> str:
    return orjson.dumps(event, default=repr).decode()
