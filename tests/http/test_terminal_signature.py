"""Every way a terminal's signature can be wrong, and that the right one passes however odd the address."""

import time
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient

from onething.domain.terminals import TerminalState
from tests.http.fakes import enrolled
from tests.http.kiosk_signing import ALWAYS, Kiosk
from web.terminal_signature import MAX_AGE, SKEW

BODY = '{"name": "张𠮷"}'.encode()
JSON = {"content-type": "application/json"}


def reason_of(
    client: FlaskClient, method: str, target: str, headers: dict[str, str], body: bytes = b""
) -> str:
    answer = client.open(target, method=method, headers=headers, data=body)
    assert answer.status_code in (200, 401, 403), answer.get_data(as_text=True)
    return "" if answer.status_code == 200 else str(answer.get_json(force=True)["reason"])


@pytest.mark.parametrize(
    "target",
    [
        "/probe/a",
        "/probe/a?b=c&b=d",
        "/probe/a?name=%E5%BC%A0%F0%A0%AE%B7&x=%20+",
        "/probe/a%2Fb",
        "/probe/%E6%96%B0%E5%8E%BF",
        "/probe/a//b",
        "/probe/a?",
        "/%70robe/a",
    ],
)
def test_a_good_signature_passes_as_sent(probe_client: FlaskClient, kiosk: Kiosk, target: str) -> None:
    assert reason_of(probe_client, "GET", target, kiosk.sign("GET", target)) == ""


def test_a_signed_body_passes(probe_client: FlaskClient, kiosk: Kiosk) -> None:
    headers = kiosk.sign("POST", "/probe/a", BODY, headers=JSON)
    answer = probe_client.post("/probe/a", data=BODY, headers=headers)
    assert answer.get_json() == {"terminal": "terminal-1", "path": "a", "bytes": len(BODY)}


def test_another_body_is_refused(probe_client: FlaskClient, kiosk: Kiosk) -> None:
    headers = kiosk.sign("POST", "/probe/a", BODY, headers=JSON)
    assert reason_of(probe_client, "POST", "/probe/a", headers, BODY + b" ") == "signature_wrong"


def test_a_body_where_none_was_signed_is_refused(probe_client: FlaskClient, kiosk: Kiosk) -> None:
    assert reason_of(probe_client, "POST", "/probe/a", kiosk.sign("POST", "/probe/a"), BODY) != ""


def test_another_path_query_or_method_is_refused(probe_client: FlaskClient, kiosk: Kiosk) -> None:
    for method, target in [
        ("GET", "/probe/b?q=1"),
        ("GET", "/probe/a?q=2"),
        ("GET", "/probe/a"),
        ("PUT", "/probe/a?q=1"),
    ]:
        headers = kiosk.sign("GET", "/probe/a?q=1")
        assert reason_of(probe_client, method, target, headers) == "signature_wrong", (method, target)


def test_an_encoded_slash_is_another_path(probe_client: FlaskClient, kiosk: Kiosk) -> None:
    headers = kiosk.sign("GET", "/probe/a/b")
    assert reason_of(probe_client, "GET", "/probe/a%2Fb", headers) == "signature_wrong"


def test_a_signature_for_another_host_is_refused(probe_client: FlaskClient, kiosk: Kiosk) -> None:
    headers = kiosk.sign("GET", "/probe/a", authority="elsewhere.example")
    assert reason_of(probe_client, "GET", "/probe/a", headers) == "signature_wrong"


def test_another_hosts_name_is_refused_however_signed(probe_client: FlaskClient, kiosk: Kiosk) -> None:
    headers = kiosk.sign("GET", "/probe/a", authority="elsewhere.example")
    answer = probe_client.get("/probe/a", headers={**headers, "Host": "elsewhere.example"})
    assert answer.status_code == 400


@pytest.mark.parametrize("ago", [MAX_AGE + SKEW, 3 * 365 * 24 * MAX_AGE * 60])
def test_an_old_signature_is_told_the_time(probe_client: FlaskClient, kiosk: Kiosk, ago: object) -> None:
    headers = kiosk.sign("GET", "/probe/a", created=int(time.time() - ago.total_seconds()) - 2)
    answer = probe_client.get("/probe/a", headers=headers)
    assert answer.status_code == 401
    assert answer.json["reason"] == "signature_stale"
    assert answer.json["now"][:4] >= "2026"


def test_a_signature_from_the_future_is_stale(probe_client: FlaskClient, kiosk: Kiosk) -> None:
    created = int(time.time() + SKEW.total_seconds()) + 5
    assert (
        reason_of(probe_client, "GET", "/probe/a", kiosk.sign("GET", "/probe/a", created=created))
        == "signature_stale"
    )


def test_a_small_skew_passes(probe_client: FlaskClient, kiosk: Kiosk) -> None:
    for offset in (-80, 25):
        headers = kiosk.sign("GET", "/probe/a", created=int(time.time()) + offset)
        assert reason_of(probe_client, "GET", "/probe/a", headers) == ""


def test_a_replayed_request_is_refused(probe_client: FlaskClient, kiosk: Kiosk) -> None:
    headers = kiosk.sign("GET", "/probe/a")
    assert reason_of(probe_client, "GET", "/probe/a", headers) == ""
    assert reason_of(probe_client, "GET", "/probe/a", headers) == "nonce_replayed"


def test_a_bad_signature_does_not_use_up_the_nonce(probe_client: FlaskClient, kiosk: Kiosk) -> None:
    nonce = "n" * 32
    forged = Kiosk(kiosk.id).sign("GET", "/probe/a", nonce=nonce)
    assert reason_of(probe_client, "GET", "/probe/a", forged) == "signature_wrong"
    assert reason_of(probe_client, "GET", "/probe/a", kiosk.sign("GET", "/probe/a", nonce=nonce)) == ""


@pytest.mark.parametrize("nonce", ["short", "x" * 200, "not only letters and digits!"])
def test_a_poor_nonce_is_refused(probe_client: FlaskClient, kiosk: Kiosk, nonce: str) -> None:
    assert (
        reason_of(probe_client, "GET", "/probe/a", kiosk.sign("GET", "/probe/a", nonce=nonce))
        == "signature_missing"
    )


def test_an_unknown_terminal_is_refused(probe_client: FlaskClient, kiosk: Kiosk) -> None:
    assert (
        reason_of(probe_client, "GET", "/probe/a", Kiosk("nobody").sign("GET", "/probe/a"))
        == "terminal_unknown"
    )


def test_another_terminals_key_is_refused(probe_client: FlaskClient, kiosk: Kiosk) -> None:
    headers = Kiosk("other").sign("GET", "/probe/a", keyid=kiosk.id)
    assert reason_of(probe_client, "GET", "/probe/a", headers) == "signature_wrong"


def test_a_suspended_terminal_is_told_so(
    probe_client: FlaskClient, kiosk: Kiosk, ports: SimpleNamespace
) -> None:
    ports.records.terminals.add(enrolled(kiosk, state=TerminalState.SUSPENDED))
    answer = probe_client.get("/probe/a", headers=kiosk.sign("GET", "/probe/a"))
    assert (answer.status_code, answer.json["reason"]) == (403, "terminal_suspended")


@pytest.mark.parametrize("component", [*ALWAYS, "content-type", "idempotency-key"])
def test_every_component_must_be_covered(probe_client: FlaskClient, kiosk: Kiosk, component: str) -> None:
    sent = {**JSON, "idempotency-key": "0123456789abcdef"}
    headers = kiosk.sign("POST", "/probe/a", BODY, headers=sent, leave_out=(component,))
    assert reason_of(probe_client, "POST", "/probe/a", headers, BODY) in (
        "signature_missing",
        "signature_wrong",
    )


@pytest.mark.parametrize("header", ["signature", "signature-input", "content-digest"])
def test_a_missing_header_is_refused(probe_client: FlaskClient, kiosk: Kiosk, header: str) -> None:
    headers = kiosk.sign("GET", "/probe/a")
    del headers[header]
    assert reason_of(probe_client, "GET", "/probe/a", headers) in ("signature_missing", "signature_wrong")


def test_no_signature_at_all_is_refused_and_told_how(probe_client: FlaskClient) -> None:
    answer = probe_client.get("/probe/a")
    assert (answer.status_code, answer.json["reason"]) == (401, "signature_missing")
    assert "content-digest" in answer.headers["Accept-Signature"]


@pytest.mark.parametrize("tag", ["kiosk", "other"])
def test_a_second_signature_is_refused(probe_client: FlaskClient, kiosk: Kiosk, tag: str) -> None:
    first = kiosk.sign("GET", "/probe/a")
    second = kiosk.sign("GET", "/probe/a", label="more", tag=tag)
    headers = {
        **first,
        **{name: f"{first[name]}, {second[name]}" for name in ("signature", "signature-input")},
    }
    assert reason_of(probe_client, "GET", "/probe/a", headers) == "signature_wrong"


def test_another_tag_is_refused(probe_client: FlaskClient, kiosk: Kiosk) -> None:
    assert (
        reason_of(probe_client, "GET", "/probe/a", kiosk.sign("GET", "/probe/a", tag="kiosk-enrol"))
        == "signature_wrong"
    )


@pytest.mark.parametrize(
    "broken",
    [
        {"signature": "sig=:AAAA:"},
        {"signature": "nonsense"},
        {"signature-input": "sig=nonsense"},
        {"signature-input": 'sig=("@method");created=1'},
        {"content-digest": "md5=:AAAA:"},
    ],
)
def test_nonsense_is_refused(probe_client: FlaskClient, kiosk: Kiosk, broken: dict[str, str]) -> None:
    headers = {**kiosk.sign("GET", "/probe/a"), **broken}
    assert reason_of(probe_client, "GET", "/probe/a", headers).startswith("signature_")


class RecordsUnavailable(Exception):
    reason = "records_unavailable"


def test_a_database_that_is_away_is_no_wrong_signature(
    probe_client: FlaskClient, kiosk: Kiosk, ports: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise RecordsUnavailable

    for way in ("read", "act"):
        with monkeypatch.context() as patch:
            patch.setattr(ports.records, way, away)
            answer = probe_client.get("/probe/a", headers=kiosk.sign("GET", "/probe/a"))
        assert (answer.status_code, answer.json["reason"]) == (503, "server_away"), way
