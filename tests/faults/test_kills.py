"""Servers and workers are killed around every write and at random; nothing is lost and nothing is twice."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox.running import RunningSandbox
from tests.faults.history import History, wait_until_settled
from tests.faults.installation import Clones, Installation, running
from tests.faults.kiosk import Rivals

KILLS = 200
AT_ONCE = 3
MOST_KEYS = 240
PAUSE_SECONDS = 0.3
ROUNDS_A_KEY = 10
BETWEEN_KILLS_SECONDS = 0.12
# What a submission and its handling are made of: each act is named by the table it writes first.
ACTS = {
    "server.terminal_nonces", "server.idempotency_keys", "server.partner_nonces", "server.partner_events",
    "worker.jobs", "worker.audit", "worker.cases",
}  # fmt: skip
KNOCKS = ("server.terminal_nonces.", "server.idempotency_keys.")
SUBMITTED_TABLES = {
    "idempotency_keys", "cases", "parts", "case_events", "case_values", "drafts", "draft_values", "jobs",
    "audit",
}  # fmt: skip

pytestmark = pytest.mark.slow


class Traffic:
    """Keys submitted by rivals, some keys at once, for as long as it is wanted."""

    def __init__(self, installation: Installation) -> None:
        self._clones = Clones(installation.county)
        self._door = installation.sign_in()
        self.rivals: list[Rivals] = []

    def send(self, count: int) -> None:
        """So many new keys, each until its four rivals are answered."""
        some = [Rivals(self._door, draft) for draft in self._clones.make(count)]
        with ThreadPoolExecutor(AT_ONCE) as threads:
            self.rivals += threads.map(Rivals.run, some)
        assert [each.unexpected for each in some if each.unexpected] == []

    def count_broken(self) -> int:
        """How many requests had no answer, because the server died."""
        return sum(each.broken for each in self.rivals)

    def ask_again(self) -> None:
        """Long after: every key once more."""
        for each in self.rivals:
            answer = self._door.submit(each.draft, each.key)
            assert (answer.status, answer.body) == (201, each.answers[0])


@pytest.fixture
def installation(
    make_database: Callable[[], str], sandbox: RunningSandbox, tmp_path: Path
) -> Iterator[Installation]:
    with running(make_database(), sandbox, tmp_path) as made:
        yield made


def test_kills_around_every_write_and_at_random(installation: Installation, sandbox: RunningSandbox) -> None:
    held_before = len(sandbox.list_parts())
    traffic = Traffic(installation)
    points = _learn_points(installation, traffic)
    _die_at_each(points, installation, traffic)
    _die_at_random(installation, traffic, KILLS)
    wait_until_settled(installation.county.ports)

    History(installation.county.ports, sandbox, traffic.rivals, held_before).check()
    traffic.ask_again()
    assert installation.failpoints.list_fired() == sorted(points)
    assert traffic.count_broken() >= len([point for point in points if point.startswith(KNOCKS)])
    deaths = installation.list_deaths()
    assert set(deaths) == {"SIGKILL"}
    assert len(deaths) >= KILLS


def _learn_points(installation: Installation, traffic: Traffic) -> list[str]:
    """Every point that a submission and its handling pass, seen by letting some through unharmed."""
    traffic.send(2)
    wait_until_settled(installation.county.ports)
    points = installation.failpoints.list_seen()
    split = [point.split(".") for point in points]
    assert {f"{role}.{act}" for role, act, *_ in split} >= ACTS
    done = {
        (what, when) for role, act, _, what, when in split if (role, act) == ("server", "idempotency_keys")
    }
    assert {what.partition("-")[2] for what, _ in done} >= SUBMITTED_TABLES
    assert {("commit", "before"), ("commit", "after")} <= done
    return points


def _die_at_each(points: list[str], installation: Installation, traffic: Traffic) -> None:
    """Arm every point at once and send keys until somebody has died at each of them.

    Deliveries and reports come after the keys, and a department waits ever longer before it tries again:
    once only their points are left, a key now and then is enough.
    """
    installation.failpoints.arm(points)
    for round_number in itertools.count():
        armed = installation.failpoints.list_armed()
        if not armed:
            return
        assert len(traffic.rivals) < MOST_KEYS, armed
        if round_number % ROUNDS_A_KEY == 0 or any(point.startswith(KNOCKS) for point in armed):
            traffic.send(AT_ONCE)
        time.sleep(PAUSE_SECONDS)


def _die_at_random(installation: Installation, traffic: Traffic, until: int) -> None:
    """Kill a child every now and then, whatever it is doing, while keys are sent."""
    over = threading.Event()

    def kill() -> None:
        while not over.wait(BETWEEN_KILLS_SECONDS):
            installation.kill_at_random()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        while len(installation.list_deaths()) < until:
            traffic.send(AT_ONCE)
    finally:
        over.set()
        killer.join()
