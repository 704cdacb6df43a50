"""One line of JSON for each request: ids, times and reasons, never people."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from flask import Flask, Response, g, request

HEADER = "X-Request-ID"
_GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

log = structlog.get_logger("web")


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
    terminal, citizen, duty = g.get("terminal"), g.get("citizen"), g.get("duty")
    phone = g.get("phone")
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
        phone=phone.sign_in.id if phone else None,
        staff=duty.staff.id if duty else None,
    )
    return answer
