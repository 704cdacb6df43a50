"""What every request gets besides its answer: an id, a line without people, headers, paging, a key."""

import io
import json
from contextlib import redirect_stderr
from types import SimpleNamespace

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from onething.logs import configure_log
from tests.http.kiosk_signing import Kiosk
from web.answers import json_answer, revalidated
from web.idempotency import idempotency_key, request_digest
from web.refusals import IdempotencyKeyMissing

NUMBER = "411599199003070024"


def test_a_request_is_one_line_of_ids(probe_client: FlaskClient, kiosk: Kiosk) -> None:
    with capture_logs() as lines:
        probe_client.get(f"/probe/{NUMBER}?name=x", headers=kiosk.sign("GET", f"/probe/{NUMBER}?name=x"))
        probe_client.get(f"/nowhere/{NUMBER}")
    first, second = lines
    assert (first["route"], first["status"], first["terminal"]) == (
        "/probe/<path:anything>",
        200,
        "terminal-1",
    )
    assert (second["route"], second["status"], second["reason"]) == (None, 404, "not_found")
    assert NUMBER not in str(lines)


def test_the_log_is_json_and_names_nobody() -> None:
    with redirect_stderr(io.StringIO()) as out:
        configure_log("info")
        log = structlog.get_logger("web")
        log.info("a", text=f"of {NUMBER}, 19900001234", deep={"list": [NUMBER.lower(), 7]})
        log.debug("below the level")
    [line] = out.getvalue().splitlines()
    told = json.loads(line)
    assert told["text"] == "of [number], [mobile]"
    assert told["deep"] == {"list": ["[number]", 7]}
    assert told["level"] == "info"


def test_ids_and_times_are_left_alone_in_the_log() -> None:
    with redirect_stderr(io.StringIO()) as out:
        configure_log("info")
        structlog.get_logger("web").info("a", id="3f" * 16, at="2026-11-20T08:00:00Z", n=123456789012345678)
    assert "3f" * 16 in out.getvalue()


def test_nothing_is_kept_by_anyone(probe_client: FlaskClient, kiosk: Kiosk) -> None:
    answer = probe_client.get("/probe/a", headers=kiosk.sign("GET", "/probe/a"))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers


def test_health(probe_app: Flask, ports: SimpleNamespace) -> None:
    client = probe_app.test_client()
    assert client.get("/live").get_json() == {"status": "live"}
    assert client.get("/ready").get_json() == {"status": "ready", "revision": 3}
    ports.records.ready = False
    answer = client.get("/ready")
    assert (answer.status_code, answer.json["reason"]) == (503, "server_away")
    assert client.get("/live").status_code == 200


def test_what_has_not_changed_is_not_sent_again(probe_app: Flask) -> None:
    with probe_app.test_request_context("/"):
        first = revalidated(json_answer({"a": 1}))
    etag = first.headers["ETag"]
    with probe_app.test_request_context("/", headers={"If-None-Match": etag}):
        same = revalidated(json_answer({"a": 1}))
        other = revalidated(json_answer({"a": 2}))
    assert (first.status_code, same.status_code, other.status_code) == (200, 304, 200)


@pytest.mark.parametrize("key", ["", "short", "x" * 129, "with a blank inside", "\x7f" * 20])
def test_a_poor_idempotency_key_is_none(probe_app: Flask, key: str) -> None:
    with (
        probe_app.test_request_context("/", method="POST", headers={"Idempotency-Key": key}),
        pytest.raises(IdempotencyKeyMissing),
    ):
        idempotency_key()


def test_the_digest_covers_address_and_body(probe_app: Flask) -> None:
    digests = set()
    for path, body in [("/a", "{}"), ("/b", "{}"), ("/a", "{ }")]:
        with probe_app.test_request_context(path, method="POST", data=body):
            digests.add(request_digest())
    assert len(digests) == 3
