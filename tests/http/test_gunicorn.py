"""The server as it runs: gunicorn with its own configuration, over real sockets."""

import json
import secrets
import threading
from datetime import UTC, datetime

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver, algorithms

from tests.http.running_server import Server, ask, send
from tests.http.test_journey import fill_in
from tests.http.world import Sitting, World


def test_an_odd_address_is_verified_as_sent(server: Server, world: World) -> None:
    kiosk = world.kiosks[0]
    assert ask(server, kiosk, "GET", "/kiosk/v1/things")[0] == 200
    assert ask(server, kiosk, "GET", "/kiosk/v1/%74hings?name=%E5%BC%A0%F0%A0%AE%B7&&x=%2F")[0] == 200
    status, problem = ask(server, kiosk, "GET", "/kiosk/v1/things/%E6%96%B0%E5%8E%BF/guide")
    assert (status, problem["reason"]) == (404, "unknown_thing")
    signed = kiosk.sign("GET", "/kiosk/v1/things", authority=server.authority)
    status, problem = send(server, "GET", "/kiosk/v1/things?", b"", signed)
    assert status == 200  # RFC 9421, 2.2.7: an absent query and an empty one are the same
    status, problem = send(server, "GET", "/kiosk/v1/things?a", b"", signed)
    assert (status, problem["reason"]) == (401, "signature_wrong")


def test_replays_in_two_processes_are_refused(server: Server, world: World) -> None:
    signed = world.kiosks[0].sign("GET", "/kiosk/v1/things", authority=server.authority)
    answers = []

    def knock() -> None:
        answers.append(send(server, "GET", "/kiosk/v1/things", b"", signed)[0])

    rivals = [threading.Thread(target=knock) for _ in range(8)]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()
    assert sorted(answers) == [200] + [401] * 7


def test_another_host_is_refused(server: Server, world: World) -> None:
    signed = world.kiosks[0].sign("GET", "/kiosk/v1/things", authority="evil.example")
    status, problem = send(server, "GET", "/kiosk/v1/things", b"", {**signed, "host": "evil.example"})
    assert (status, problem["reason"]) == (400, "bad_request")


def test_a_body_too_large_is_told_so(server: Server, world: World) -> None:
    body = b"{" + b" " * (2 * 1024 * 1024) + b"}"
    status, problem = ask(
        server, world.kiosks[0], "POST", "/kiosk/v1/sessions", body, content_type="application/json"
    )
    assert (status, problem["reason"]) == (413, "too_large")


def test_a_session_over_the_wire(server: Server, world: World) -> None:
    body = json.dumps({"card": world.cards["chen", "mother"]}, ensure_ascii=False).encode()
    status, session = ask(
        server, world.kiosks[0], "POST", "/kiosk/v1/sessions", body, content_type="application/json"
    )
    assert status == 201
    status, problem = ask(server, world.kiosks[0], "GET", "/kiosk/v1/cases")
    assert (status, problem["reason"]) == (401, "session_ended")
    status, _ = ask(server, world.kiosks[0], "GET", "/kiosk/v1/cases", citizen_session=session["token"])
    assert status == 200


def test_four_rivals_with_one_key_make_one_case(server: Server, world: World) -> None:
    sitting = Sitting(world.app, world.kiosks[0])
    sitting.sign_in(world.cards["rare", "mother"])
    path = f"/kiosk/v1/drafts/{fill_in(sitting, world, 'rare')['id']}/submission"
    key, answers = secrets.token_urlsafe(24), []

    def submit() -> None:
        named = {"content_type": "application/json", "idempotency_key": key, "citizen_session": sitting.token}
        answers.append(ask(server, world.kiosks[0], "POST", path, b"{}", **named))

    rivals = [threading.Thread(target=submit) for _ in range(4)]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()
    assert [status for status, _ in answers] == [201] * 4
    assert len({answer["case_number"] for _, answer in answers}) == 1
    assert len(sitting.get("/cases")["cases"]) == 1


class OneKey(HTTPSignatureKeyResolver):
    def __init__(self, key: Ed25519PrivateKey) -> None:
        self.key = key

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
        return self.key


def test_a_signature_made_by_a_library_passes(server: Server, world: World) -> None:
    kiosk = world.kiosks[1]
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=OneKey(kiosk.key))
    request = requests.Request("GET", f"{server.url}/kiosk/v1/things", params={"说": "新县"}).prepare()
    signer.sign(
        request,
        key_id=kiosk.id,
        created=datetime.now(UTC),
        nonce=secrets.token_urlsafe(24),
        tag="kiosk",
        covered_component_ids=("@method", "@authority", "@path", "@query", "content-digest"),
        body=b"",
    )
    with requests.Session() as line:
        assert line.send(request, timeout=10).status_code == 200


def test_the_log_names_nobody(server: Server, world: World) -> None:
    text = server.log.read_text("utf-8")
    assert any(line.get("route") == "/kiosk/v1/sessions" for line in server.lines())
    for card in world.cards.values():
        assert card["id_number"] not in text
        assert card["name"] not in text
