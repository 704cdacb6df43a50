"""Two hundred births at once while workers and servers are killed: all end, none twice, the board agrees."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from onething.domain.cases import EventKind, PartState, fold
from onething.domain.listing import Filters
from onething.domain.statistics import Period
from onething.domain.tallies import Measure, Tally
from onething.services.submitting import submit
from onething.storage import tables
from sandbox.running import RunningSandbox
from tests.faults.history import wait_until_settled
from tests.faults.installation import Clones, Installation, running
from tests.patience import Patience

CASES = 200
# Somebody dies whenever so many more events are written, so that a fast machine kills as often as a slow one:
# two hundred cases of two parts write some two thousand.
EVENTS_BETWEEN_KILLS = 25
LOOK_EVERY_SECONDS = 0.05
MOST_KILLS = 40
LEAST_KILLS = 20
SETTLED_WITHIN_SECONDS = 240.0

pytestmark = pytest.mark.slow


@pytest.fixture
def installation(
    make_database: Callable[[], str], sandbox: RunningSandbox, tmp_path: Path
) -> Iterator[Installation]:
    with running(make_database(), sandbox, tmp_path) as made:
        yield made


class Killer:
    """Kills a child of the server or of the workers whenever the cases have gone on a little."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._kill)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _kill(self) -> None:
        for _ in range(MOST_KILLS):
            seen = self._count_events()
            while self._count_events() < seen + EVENTS_BETWEEN_KILLS:
                if self._over.wait(LOOK_EVERY_SECONDS):
                    return
            self._installation.kill_at_random()

    def _count_events(self) -> int:
        with self._installation.county.ports.records.read() as uow:
            connection: Connection = uow.connection
            query = select(func.count()).select_from(tables.case_events)
            return int(connection.execute(query).scalar_one())


def test_all_end_and_the_board_equals_the_events(installation: Installation, sandbox: RunningSandbox) -> None:
    held_before = len(sandbox.list_parts())
    ports = installation.county.ports
    sandbox.put_department("GA", decide="hold")
    clones = Clones(installation.county)
    with Killer(installation):
        for draft in clones.make(CASES):
            submit(ports, clones.session, draft, f"key-{draft}", "0" * 64)
        wait_until_handled(installation, CASES)
        the_board_equals_the_events(ports)
        sandbox.put_department("GA", decide="complete", after_seconds=0.0)
        wait_until_settled(ports, SETTLED_WITHIN_SECONDS)
    the_board_equals_the_events(ports)
    parts = [part.id for case, _ in all_cases(ports) for part in case.parts]
    held = sandbox.list_parts()[held_before:]
    assert sorted(part["body"]["part"] for part in held) == sorted(parts)
    assert all(part["key"] == part["body"]["part"] for part in held)
    assert len(installation.list_deaths()) >= LEAST_KILLS


def wait_until_handled(installation: Installation, count: int) -> None:
    """Until so many parts are held by the department that decides nothing yet."""
    patience = Patience(SETTLED_WITHIN_SECONDS)
    query = select(tables.parts.c.id).where(
        tables.parts.c.department == "GA", tables.parts.c.state == "in_handling"
    )
    while True:
        with installation.county.ports.records.read() as uow:
            connection: Connection = uow.connection
            if len(connection.execute(query).fetchall()) == count:
                return
        assert patience.lasts(), "parts are missing"
        time.sleep(0.3)


def all_cases(ports: Any) -> list[tuple[Any, Any]]:
    """Every case with its folded events."""
    with ports.records.read() as uow:
        ids = uow.connection.execute(select(tables.cases.c.id)).scalars().all()
        found = [(uow.cases.find(case_id), uow.cases.list_events(case_id)) for case_id in ids]
    for case, events in found:
        view = fold(events)
        assert (case.state, case.sequence) == (view.state.value, view.sequence)
    return found


def the_board_equals_the_events(ports: Any) -> None:
    """Counters and standing clocks are what a plain look through all events gives."""
    cases = all_cases(ports)
    assert len(cases) == CASES
    today = ports.clock.now().date()
    period = Period(today.replace(day=1), today.replace(year=today.year + 1))
    counted: Counter[Measure] = Counter()
    for tally, amount in ports.reads.tallies(period):
        assert isinstance(tally, Tally)
        counted[tally.measure] += amount
    told = Counter(event.kind for _, events in cases for event in events)
    assert counted[Measure.SUBMITTED] == told[EventKind.SUBMITTED] == CASES
    assert counted[Measure.ACCEPTED] == told[EventKind.ACCEPTED]
    assert counted[Measure.PART_DISPATCHED] == told[EventKind.PART_DISPATCHED]
    ended = (Measure.PART_EARLY, Measure.PART_ON_TIME, Measure.PART_LATE, Measure.PART_NO_LIMIT)
    assert sum(counted[measure] for measure in ended) == told[EventKind.PART_COMPLETED]
    closed = (
        Measure.CLOSED_EARLY,
        Measure.CLOSED_ON_TIME,
        Measure.CLOSED_LATE,
        Measure.CLOSED_NO_LIMIT,
    )
    assert sum(counted[measure] for measure in closed) == told[EventKind.CASE_CLOSED]
    standing: Counter[tuple[str, str]] = Counter()
    for each, amount in ports.reads.standings(Filters()):
        standing[each.of, each.state] += amount
    open_now = Counter(("case", case.state) for case, _ in cases if case.closed_at is None)
    open_parts = [p for case, _ in cases for p in case.parts if not p.state.is_final]
    # Parts are counted by their clocks, without their states; what waits for others has none yet.
    running = [p for p in open_parts if p.due_on or p.state is not PartState.WAITING]
    open_now.update(("part", "") for _ in running)
    assert {each: amount for each, amount in standing.items() if amount} == open_now
