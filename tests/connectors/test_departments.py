"""Parts handed to departments over real HTTP, and what comes back signed."""

import dataclasses
import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from onething.connectors.departments import check as departments_check
from onething.connectors.departments.client import read_reference
from onething.connectors.departments.http import HttpDepartments
from onething.connectors.elicences import check as elicences_check
from onething.connectors.exchange import Exchange, Reply
from onething.connectors.gateway import GatewayTokens
from onething.connectors.loop import BackgroundLoop
from onething.connectors.registers import check as registers_check
from onething.connectors.sources import SourceCalls
from onething.domain.gateway_signature import GatewaySignatureRefused, check
from onething.ports import DeliveryFailed, Found, PartDelivery, Purpose, SourceCall
from sandbox.running import RunningSandbox, run_sandbox
from tests.patience import Patience

PATH = "/partner/v1/departments/GA/events"


class Receiver:
    """A server of our own that takes departments' events: accepted first, then the end, each once."""

    def __init__(self, tokens: GatewayTokens) -> None:
        self.taken: list[dict[str, Any]] = []
        self.statuses: list[tuple[str, int]] = []
        self.away = 0
        self._tokens = tokens
        self._nonces: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def judge(self, path: str, headers: dict[str, str], body: bytes) -> int:
        try:
            token = self._tokens.departments["GA"]
            nonce = check(headers, "GA", token, now=datetime.now(UTC))
        except GatewaySignatureRefused:
            return 401
        if path != PATH or nonce in self._nonces:
            return 404
        self._nonces.append(nonce)
        event = json.loads(body)
        if self.away > 0:
            self.away -= 1
            return 503
        kinds = [known["kind"] for known in self.taken if known["part"] == event["part"]]
        if event["event_id"] in [known["event_id"] for known in self.taken]:
            return 200
        if kinds != ([] if event["kind"] == "accepted" else ["accepted"]):
            return 409
        self.taken.append(event)
        return 200

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                names = {name.lower(): text for name, text in self.headers.items()}
                status = receiver.judge(self.path, names, body)
                receiver.statuses.append((json.loads(body)["kind"], status))
                self.send_response(status)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, format: str, *args: object) -> None:
                """The test looks at statuses, not at a log."""

        return Handler


@pytest.fixture
def desks(tmp_path: Any) -> Iterator[RunningSandbox]:
    """A sandbox of this test's own, so that its parts and habits are alone."""
    with run_sandbox(tmp_path) as sandbox:
        for code in ("WJ", "GA"):
            sandbox.put_department(code, after_seconds=0.02)
        yield sandbox


@pytest.fixture
def receiver(desks: RunningSandbox) -> Iterator[Receiver]:
    receiver = Receiver(GatewayTokens.load(desks.token_file))
    yield receiver
    receiver.close()


@pytest.fixture
def departments(desks: RunningSandbox, loop: BackgroundLoop) -> HttpDepartments:
    return HttpDepartments(Exchange(desks.url, GatewayTokens.load(desks.token_file), loop), time_limit_s=0.5)


@pytest.fixture
def delivery(receiver: Receiver) -> PartDelivery:
    return PartDelivery(
        part="part-1",
        case_number="XX-1",
        thing="P-NEWBORN",
        matter="HUKOU",
        department="GA",
        facts={"child.birth_on": "2026-11-11", "child.sex": "2", "child.name": "李安"},
        materials=[{"material": "marriage", "how": "data", "file": None, "sha256": None}],
        due_on=date(2026, 12, 1),
        callback=receiver.url + PATH,
    )


def wait_until(is_so: Callable[[], bool]) -> None:
    patience = Patience(10)
    while not is_so():
        assert patience.lasts(), "it did not come to pass in 10 s"
        time.sleep(0.02)


def test_a_part_is_taken_accepted_and_completed_with_its_result(
    departments: HttpDepartments, delivery: PartDelivery, desks: RunningSandbox, receiver: Receiver
) -> None:
    reference = departments.deliver(delivery)
    (part,) = desks.wait_for_parts(1)
    assert part["reference"] == reference
    assert part["body"]["facts"] == delivery.facts
    assert part["body"]["due_at"] == "2026-12-01"
    assert [event["kind"] for event in receiver.taken] == ["accepted", "completed"]
    result = receiver.taken[1]["result"]
    assert result["facts"]["child.id_number"].startswith("41159920261111")
    assert int(result["facts"]["child.id_number"][16]) % 2 == 0
    assert result["documents"][0]["document"] == "hukou_book"


def test_the_same_part_twice_is_one_part(
    departments: HttpDepartments, delivery: PartDelivery, desks: RunningSandbox
) -> None:
    assert departments.deliver(delivery) == departments.deliver(delivery)
    assert len(desks.list_parts()) == 1


def test_the_same_key_with_another_body_is_refused_for_good(
    departments: HttpDepartments, delivery: PartDelivery
) -> None:
    departments.deliver(delivery)
    with pytest.raises(DeliveryFailed, match="refused") as failed:
        departments.deliver(dataclasses.replace(delivery, facts={}))
    assert not failed.value.retryable


def test_a_twin_with_a_certificate_makes_room_for_the_other(
    departments: HttpDepartments, delivery: PartDelivery, desks: RunningSandbox, loop: BackgroundLoop
) -> None:
    number = desks.get_person("sun", "mother")["card"]["id_number"]
    sources = SourceCalls(Exchange(desks.url, GatewayTokens.load(desks.token_file), loop))
    purpose = Purpose("draft-1", "P-NEWBORN", ("BIRTH-CERT",), "session-1", "出生医学证明首次签发")
    call = SourceCall("call", "birth_register", {"self.id_number": number}, purpose, 1.5)
    (first,) = sources.ask_all([call])
    assert isinstance(first, Found)
    facts = {"mother.id_number": number, "child.birth_at": first.facts["child.birth_at"]}
    departments.deliver(dataclasses.replace(delivery, department="WJ", matter="BIRTH-CERT", facts=facts))
    wait_until(lambda: len(desks.list_parts()[0]["events"]) == 2)
    (second,) = sources.ask_all([call])
    assert isinstance(second, Found)
    assert (first.facts["child.birth_order"], second.facts["child.birth_order"]) == (1, 2)


def test_a_denial_carries_its_reason(
    departments: HttpDepartments, delivery: PartDelivery, desks: RunningSandbox, receiver: Receiver
) -> None:
    reason = {"code": "not_local", "zh": "非本县户籍", "en": "Not registered in this county"}
    desks.put_department("GA", decide="deny", reason=reason)
    departments.deliver(delivery)
    desks.wait_for_parts(1)
    assert (receiver.taken[1]["kind"], receiver.taken[1]["reason"]) == ("denied", reason)


def test_a_part_without_what_it_needs_is_denied_by_name(
    departments: HttpDepartments, delivery: PartDelivery, desks: RunningSandbox, receiver: Receiver
) -> None:
    departments.deliver(dataclasses.replace(delivery, facts={"child.sex": "2"}))
    desks.wait_for_parts(1)
    assert receiver.taken[1]["reason"]["code"] == "facts_missing"
    assert "child.birth_on" in receiver.taken[1]["reason"]["en"]


def test_a_part_held_back_goes_on_when_it_is_let_go(
    departments: HttpDepartments, delivery: PartDelivery, desks: RunningSandbox, receiver: Receiver
) -> None:
    desks.put_department("GA", decide="hold")
    departments.deliver(delivery)
    wait_until(lambda: len(receiver.taken) == 1)
    time.sleep(0.2)
    assert [event["kind"] for event in receiver.taken] == ["accepted"]
    desks.put_department("GA", decide="complete")
    wait_until(lambda: len(receiver.taken) == 2)


def test_events_are_sent_again_until_the_server_is_back(
    departments: HttpDepartments, delivery: PartDelivery, desks: RunningSandbox, receiver: Receiver
) -> None:
    receiver.away = 2
    departments.deliver(delivery)
    (part,) = desks.wait_for_parts(1)
    assert [event["attempts"] for event in part["events"]] == [3, 1]
    assert len(receiver.taken) == 2


@pytest.mark.parametrize(
    ("trick", "statuses"),
    [
        ("duplicate", [("accepted", 200), ("accepted", 200), ("completed", 200), ("completed", 200)]),
        ("reorder", [("completed", 409), ("accepted", 200), ("completed", 200)]),
        ("forge", [("accepted", 401), ("accepted", 200), ("completed", 401), ("completed", 200)]),
    ],
)
def test_tricks_end_in_the_same_two_events(
    trick: str,
    statuses: list[tuple[str, int]],
    departments: HttpDepartments,
    delivery: PartDelivery,
    desks: RunningSandbox,
    receiver: Receiver,
) -> None:
    desks.put_department("GA", tricks=[trick], after_seconds=0.05)
    departments.deliver(delivery)
    desks.wait_for_parts(1)
    wait_until(lambda: len(receiver.statuses) == len(statuses))
    assert receiver.statuses == statuses
    assert [event["kind"] for event in receiver.taken] == ["accepted", "completed"]


def test_parts_outlive_a_restart_of_the_departments(
    tmp_path: Any, loop: BackgroundLoop, delivery: PartDelivery, receiver: Receiver, desks: RunningSandbox
) -> None:
    state = ("--state-file", str(tmp_path / "parts.json"))
    with run_sandbox(tmp_path, *state) as first:
        first.put_department("GA", decide="hold", after_seconds=0)
        exchange = Exchange(first.url, GatewayTokens.load(first.token_file), loop)
        reference = HttpDepartments(exchange).deliver(delivery)
        wait_until(lambda: len(receiver.taken) == 1)
    with run_sandbox(tmp_path, *state) as second:
        (part,) = second.wait_for_parts(1)
    assert part["reference"] == reference
    assert [event["kind"] for event in receiver.taken] == ["accepted", "completed"]
    assert desks.list_parts() == []


@pytest.mark.parametrize(
    ("mood", "reason"),
    [
        ("hang", "slow"),
        ("down", "down"),
        ("error_text", "bad_answer"),
        ("wrong_json", "bad_answer"),
        ("huge", "too_large"),
    ],
)
def test_a_department_in_a_bad_mood_is_tried_again_later(
    mood: str, reason: str, departments: HttpDepartments, delivery: PartDelivery, desks: RunningSandbox
) -> None:
    desks.put_mood("GA", mood)
    with pytest.raises(DeliveryFailed, match=reason) as failed:
        departments.deliver(delivery)
    assert failed.value.retryable
    desks.put_mood("GA", "ok")
    assert departments.deliver(delivery)


def test_a_department_that_does_not_exist_is_final(
    departments: HttpDepartments, delivery: PartDelivery
) -> None:
    with pytest.raises(DeliveryFailed, match="refused") as failed:
        departments.deliver(dataclasses.replace(delivery, department="NOBODY"))
    assert not failed.value.retryable


@pytest.mark.parametrize(
    ("status", "body", "reason", "retryable"),
    [
        (401, b"", "refused_by_gateway", True),
        (429, b"", "down", True),
        (503, b"", "down", True),
        (302, b"", "bad_answer", True),
        (202, b'{"code":0,"data":{}}', "bad_answer", True),
        (202, b'{"code":40401}', "bad_answer", True),
        (400, b"", "refused", False),
        (422, b"", "refused", False),
    ],
)
def test_what_may_pass_is_told_from_what_will_not(
    status: int, body: bytes, reason: str, retryable: bool
) -> None:
    with pytest.raises(DeliveryFailed) as failed:
        read_reference(Reply(status, body))
    assert (failed.value.reason, failed.value.retryable) == (reason, retryable)


def test_checks_say_in_plain_words_how_things_stand(exchange: Exchange, sandbox: RunningSandbox) -> None:
    sandbox.put_mood("birth_register", "error_text")
    registers = registers_check.check(exchange, ["birth_register", "marriage_register", "nothing_register"])
    assert [finding.ok for finding in registers] == [False, True, False]
    assert "agreed form" in registers[0].en
    assert "does not know" in registers[2].en
    assert elicences_check.check(exchange).ok
    assert [finding.ok for finding in departments_check.check(exchange, ["WJ", "NOBODY"])] == [True, False]
    assert sandbox.list_calls() == []


def test_checks_name_a_wrong_token_and_a_gateway_that_is_away(
    sandbox: RunningSandbox, loop: BackgroundLoop
) -> None:
    wrong = GatewayTokens("onething", "guessed", {})
    assert "token" in elicences_check.check(Exchange(sandbox.url, wrong, loop)).en
    assert "network" in elicences_check.check(Exchange("http://127.0.0.1:1", wrong, loop)).en
