"""The signed line: verified by hand from the standard, refused and cut for real."""

import socket
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from terminal_client.server_client import Request, ServerAway, ServerClient, ServerRefused

from .made_birth import MOTHER
from .stand_in_server import RunningDoor, StandIn


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def running(key: Ed25519PrivateKey) -> Iterator[RunningDoor]:
    door = RunningDoor(StandIn(key.public_key()))
    yield door
    door.stop()


@pytest.fixture
def client(running: RunningDoor, key: Ed25519PrivateKey) -> Iterator[ServerClient]:
    client = ServerClient(running.url, "terminal-3", key)
    yield client
    client.close()


def test_a_request_is_signed_so_that_the_standard_verifies_it(
    client: ServerClient, running: RunningDoor
) -> None:
    assert len(client.ask(Request("GET", "/things"))["things"]) == 4
    session = client.ask(Request("POST", "/sessions", body={"card": MOTHER}, idempotency_key="k1"))
    assert session["masked_name"] == "陈*梅"
    assert running.door.requests == [("GET", "/kiosk/v1/things"), ("POST", "/kiosk/v1/sessions")]


def test_a_page_is_signed_with_its_bytes(client: ServerClient, running: RunningDoor) -> None:
    client.ask(Request("POST", "/drafts", body={"thing": "P-NEWBORN"}, idempotency_key="d"))
    page = b"\xff\xd8\xff" + bytes(range(256))
    request = Request(
        "POST", "/drafts/d1/materials/photo/pages", page=page, media_type="image/jpeg", idempotency_key="p"
    )
    taken = client.ask(request)
    assert running.door.keys[taken["file"]] == page


def test_another_key_is_refused(running: RunningDoor) -> None:
    stranger = ServerClient(running.url, "terminal-3", Ed25519PrivateKey.generate())
    with pytest.raises(ServerRefused) as refused:
        stranger.ask(Request("GET", "/things"))
    stranger.close()
    assert (refused.value.status, refused.value.reason) == (401, "bad_signature")


def test_each_sending_has_a_nonce_of_its_own_and_keeps_its_key(client: ServerClient) -> None:
    request = Request("POST", "/drafts/d1/submission", body={}, idempotency_key="once")
    first, second = client.sign(request), client.sign(request)
    assert first.headers["Signature-Input"] != second.headers["Signature-Input"]
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"] == "once"
    assert '"idempotency-key"' in str(first.headers["Signature-Input"])


def test_the_citizens_token_goes_in_its_own_header(client: ServerClient) -> None:
    assert client.sign(Request("GET", "/cases", token="t")).headers["Citizen-Session"] == "t"


def test_a_refusal_names_its_fields_in_both_languages(client: ServerClient) -> None:
    client.ask(Request("POST", "/drafts", body={"thing": "P-NEWBORN"}, idempotency_key="d"))
    with pytest.raises(ServerRefused) as refused:
        client.ask(Request("PUT", "/drafts/d1/values", body={"values": {"application.mobile": "12"}}))
    assert refused.value.errors["application.mobile"].zh == "手机号是 11 位数字"
    assert refused.value.why.en == "One value is not right"


def test_a_server_that_is_down_is_away_and_not_a_refusal(client: ServerClient, running: RunningDoor) -> None:
    running.door.is_down = True
    with pytest.raises(ServerAway):
        client.ask(Request("GET", "/things"))


def test_a_port_nobody_listens_on_is_away(key: Ed25519PrivateKey) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        client = ServerClient(f"http://127.0.0.1:{unused.getsockname()[1]}", "terminal-3", key)
        with pytest.raises(ServerAway):
            client.ask(Request("GET", "/things"))
        client.close()


def test_the_token_is_in_no_representation() -> None:
    assert "secret" not in repr(Request("GET", "/cases", token="secret", page=b"secret"))
