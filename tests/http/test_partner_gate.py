"""Departments' call-backs: only their own signature, just now, once."""

import hashlib
import time
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from flask import Blueprint, Flask

from onething.domain import gateway_signature
from tests.http.conftest import PARTNER_TOKENS
from web import gates
from web.app import create_app
from web.settings import DoorSettings

said = Blueprint("said", __name__)


@said.post("/said/<department>")
@gates.partner
def hear(department: str) -> dict[str, str]:
    return {"heard": department}


@pytest.fixture
def app(ports: SimpleNamespace) -> Flask:
    app = create_app(ports, DoorSettings(partner_tokens=PARTNER_TOKENS), ())
    app.register_blueprint(said)
    return app


def signed(department: str = "WJ", token: str = "token of WJ", **changed: object) -> dict[str, str]:
    at = datetime.now(UTC)
    return {**gateway_signature.sign(department, token, at=at, nonce=f"n{time.time_ns()}"), **changed}


def reason_of(app: Flask, headers: dict[str, str], department: str = "WJ") -> str:
    answer = app.test_client().post(f"/said/{department}", headers=headers)
    assert answer.status_code in (200, 401)
    return "" if answer.status_code == 200 else str(answer.json["reason"])


def test_the_published_vector() -> None:
    at = datetime.fromtimestamp(1_700_000_000, UTC)
    headers = gateway_signature.sign("p", "TESTTOKEN", at=at, nonce="123456789abcdefg")
    assert headers["x-tif-signature"] == "FB385EE1DDCE6308CE318F7712A993A8239E9A479EB365FD0F1BE622DE86DFCB"


def test_a_good_signature_passes_in_either_case(app: Flask) -> None:
    assert reason_of(app, signed()) == ""
    headers = signed()
    assert reason_of(app, {**headers, "x-tif-signature": headers["x-tif-signature"].lower()}) == ""


def test_a_replay_is_refused(app: Flask) -> None:
    headers = signed()
    assert reason_of(app, headers) == ""
    assert reason_of(app, headers) == "nonce_replayed"


def test_another_department_is_refused(app: Flask) -> None:
    assert reason_of(app, signed(), "GA") == "signature_wrong"
    assert reason_of(app, signed("GA", "token of GA"), "WJ") == "signature_wrong"
    assert reason_of(app, signed("GA", "token of WJ"), "WJ") == "signature_wrong"


def test_an_unknown_department_is_refused(app: Flask) -> None:
    assert reason_of(app, signed("SJ", "token of SJ"), "SJ") == "signature_wrong"
    assert reason_of(app, signed("SJ", ""), "SJ") == "signature_wrong"


def test_a_wrong_token_is_refused_and_uses_up_no_nonce(app: Flask) -> None:
    nonce = "0123456789abcdef"
    at = datetime.now(UTC)
    forged = gateway_signature.sign("WJ", "guessed", at=at, nonce=nonce)
    assert reason_of(app, forged) == "signature_wrong"
    assert reason_of(app, gateway_signature.sign("WJ", "token of WJ", at=at, nonce=nonce)) == ""


@pytest.mark.parametrize("seconds", [-181, 181])
def test_a_wrong_time_is_refused(app: Flask, seconds: int) -> None:
    at = datetime.fromtimestamp(time.time() + seconds + (seconds > 0), UTC)
    headers = gateway_signature.sign("WJ", "token of WJ", at=at, nonce="0123456789abcdef")
    assert reason_of(app, headers) == "signature_expired"


@pytest.mark.parametrize(
    "change",
    [
        {"x-tif-timestamp": ""},
        {"x-tif-timestamp": "1e9"},
        {"x-tif-timestamp": "１７０００００００００"},
        {"x-tif-nonce": "short"},
        {"x-tif-nonce": "x" * 65},
        {"x-tif-signature": ""},
    ],
)
def test_nonsense_is_refused(app: Flask, change: dict[str, str]) -> None:
    environ = {
        "HTTP_" + name.upper().replace("-", "_"): value for name, value in {**signed(), **change}.items()
    }
    answer = app.test_client().post("/said/WJ", environ_overrides=environ)
    assert (answer.status_code, answer.json["reason"]) == (401, "signature_missing")


def test_the_digest_is_what_the_gateway_publishes() -> None:
    headers = gateway_signature.sign("p", "tok", at=datetime.fromtimestamp(1, UTC), nonce="abcdefgh")
    assert headers["x-tif-signature"] == hashlib.sha256(b"1tokabcdefgh1").hexdigest().upper()
