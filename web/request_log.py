"""One line of JSON for each request: ids, times and reasons, never people."""

from __future__ import annotations

import re
import secrets
import time

import structlog
from flask import Flask, Response

from web.current import current_found, current_request

HEADER = "X-Request-ID"
_GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

log = structlog.get_logger("web")


def register_request_log(app: Flask) -> None:
    """Give every request an id, and a line in the log when it is answered."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    request, found = current_request(), current_found()
    given = request.headers.get(HEADER, "")
    found.request_id = given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(16)
    found.began = time.perf_counter()


def _end(answer: Response) -> Response:
    request, found = current_request(), current_found()
    answer.headers[HEADER] = found.request_id
    terminal, citizen, duty = found.get("terminal"), found.get("citizen"), found.get("duty")
    phone = found.get("phone")
    log.info(
        "request",
        request_id=found.request_id,
        method=request.method,
        # The rule, not the path: what is in a path is the sender's.
        route=request.url_rule.rule if request.url_rule else None,
        status=answer.status_code,
        reason=found.get("reason"),
        ms=round((time.perf_counter() - found.began) * 1000, 1),
        terminal=terminal.id if terminal else None,
        session=citizen.id if citizen else None,
        phone=phone.sign_in.id if phone else None,
        staff=duty.staff.id if duty else None,
    )
    return answer
