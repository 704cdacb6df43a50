"""Weeks of departments' work in a minute: the sandbox's clock is moved, and server and worker go with it."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from onething.domain.cases import CaseState, PartState
from onething.domain.records import Case
from onething.domain.working_days import SHANGHAI
from sandbox.running import RunningSandbox, run_sandbox
from tests.http.running_server import running_worker, start_server
from tests.patience import Patience
from tests.services.county import County

PULLED = "YB"
LONGEST_DAYS = 60
SETTLED_WITHIN_SECONDS = 120.0

pytestmark = pytest.mark.slow


@dataclass
class Installation:
    """A served county whose outside world works at its usual pace, and the case that was handed in."""

    county: County
    sandbox: RunningSandbox
    number: str

    def get_case(self) -> Case:
        with self.county.ports.records.read() as uow:
            case = uow.cases.find_by_number(self.number)
        assert case is not None
        return case

    def settle(self) -> None:
        """Until neither side has anything to do before more time passes."""
        patience = Patience(SETTLED_WITHIN_SECONDS)
        while self._has_work() or not self._is_quiet():
            assert patience.lasts(), [part.state for part in self.get_case().parts]
            time.sleep(0.05)

    def _has_work(self) -> bool:
        now = self.sandbox.now()
        with self.county.ports.records.read() as uow:
            return any(job.due_at <= now for job in uow.jobs.list_unfinished())

    def _is_quiet(self) -> bool:
        self.sandbox.wait_until_quiet(within_seconds=SETTLED_WITHIN_SECONDS)
        return self._has_pulled_all() and not self._has_work()

    def _has_pulled_all(self) -> bool:
        """Every decision that waits to be pulled has arrived."""
        decided = [part["key"] for part in self.sandbox.list_parts(department=PULLED) if part["is_over"]]
        return all(part.state.is_final for part in self.get_case().parts if part.id in decided)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    url = f"sqlite:///{tmp_path / 'onething.sqlite'}"
    if request.param == "postgres":
        url = str(request.getfixturevalue("postgres_database"))
    clock = tmp_path / "clock.txt"
    with run_sandbox(tmp_path, "--clock-file", str(clock), "--usual-habits") as sandbox:
        sandbox.put_department(PULLED, calls_back=False)
        with County(url, sandbox, tmp_path) as county:
            session = county.sign_in()
            answer = county.submit(session, county.ready_new_birth(session), secrets.token_hex(16))
            with _served(tmp_path, url, sandbox, clock):
                yield Installation(county, sandbox, answer["case_number"])


@contextmanager
def _served(folder: Path, url: str, sandbox: RunningSandbox, clock: Path) -> Iterator[None]:
    """gunicorn and a worker over the county's records, both going by the sandbox's clock."""
    environ = {
        "ONETHING_DATABASE_URL": url,
        "ONETHING_FILES": str(folder / "files"),
        "ONETHING_KEYS": str(folder / "keys.json"),
        "ONETHING_GATEWAY_URL": sandbox.url,
        "ONETHING_GATEWAY_TOKENS": str(sandbox.token_file),
        "ONETHING_CLOCK_FILE": str(clock),
        "ONETHING_DEPARTMENTS_PULLED": PULLED,
        "ONETHING_NEEDS_DEFAULT": "agreed",
    }
    server = start_server(environ, folder / "server.log")
    try:
        with running_worker({**environ, "ONETHING_PUBLIC_URL": server.url}, folder / "worker.log"):
            yield
    finally:
        server.stop()


def live_through(installation: Installation) -> dict[str, datetime]:
    """Move on day by day until the case is closed; when each matter had ended, by its code."""
    ended: dict[str, datetime] = {}
    for _ in range(LONGEST_DAYS):
        installation.settle()
        case = installation.get_case()
        ended |= {part.matter: part.ended_at for part in case.parts if part.ended_at}
        if case.state == CaseState.CLOSED:
            return ended
        installation.sandbox.move_clock(forward_days=1)
    raise AssertionError([(part.matter, part.state) for part in installation.get_case().parts])


def test_a_birth_lives_through_the_weeks_that_it_takes(installation: Installation) -> None:
    began = installation.sandbox.now()
    ended = live_through(installation)
    case = installation.get_case()
    assert {part.state for part in case.parts} == {PartState.COMPLETED}
    assert (installation.sandbox.now() - began).days >= 7
    assert ended["BIRTH-CERT"] < ended["HUKOU"] < ended["MED-INS"]
    for part in case.parts:
        assert part.ended_at is not None
        assert part.due_on is not None
        assert part.ended_at.astimezone(SHANGHAI).date() <= part.due_on
    held: list[dict[str, Any]] = installation.sandbox.list_parts(case=case.number)
    assert {part["body"]["matter"]: part["deliveries"] for part in held} == dict.fromkeys(ended, 1)
    pulled = next(part for part in held if part["department"] == PULLED)
    assert [event["attempts"] for event in pulled["events"]] == [0, 0]
