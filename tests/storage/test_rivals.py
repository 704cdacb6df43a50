"""Rivals, in threads with connections of their own and in processes that are killed."""

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from onething.domain.cases import Event, EventKind
from onething.ports import Conflict
from onething.storage.audit_chain import find_broken, find_head, seal_audit
from onething.storage.keyring import KeyRing
from onething.storage.unit_of_work import DatabaseRecords
from tests.patience import Patience
from tests.storage.made_records import NOW, later, made_audit_row, made_case, made_draft, made_job, submitted

Act = Callable[[DatabaseRecords, int], Any]


def _all_at_once(rivals: list[DatabaseRecords], act: Act, times: int = 1) -> list[Any]:
    """What each rival got: its result, or the conflict it met."""

    def attempt(place: int) -> Any:
        try:
            return act(rivals[place % len(rivals)], place)
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(len(rivals)) as threads:
        return list(threads.map(attempt, range(times * len(rivals))))


def test_one_key_makes_one_case(rivals: list[DatabaseRecords]) -> None:
    def submit(records: DatabaseRecords, _place: int) -> Any:
        with records.act() as uow:
            first = uow.keys.begin("holder", "key", "body", NOW)
            if first is not None:
                return first["case_number"]
            case = made_case()
            uow.cases.add(case, [submitted(case)], {})
            uow.keys.finish("holder", "key", {"case_number": case.number})
            return case.number

    numbers = _all_at_once(rivals, submit, times=5)
    assert len(set(numbers)) == 1
    with rivals[0].read() as uow:
        assert [case.number for case in uow.cases.list_of_holder("a" * 32)] == numbers[:1]


def test_one_draft_makes_one_case_whatever_the_keys(rivals: list[DatabaseRecords]) -> None:
    def submit(records: DatabaseRecords, place: int) -> Any:
        case = made_case(draft="the-draft")
        with records.act() as uow:
            uow.keys.begin("holder", f"key-{place}", "body", NOW)
            uow.cases.add(case, [submitted(case)], {})
        return case.number

    outcomes = _all_at_once(rivals, submit)
    assert sum(isinstance(outcome, str) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 3


def test_one_event_of_several_wins(rivals: list[DatabaseRecords]) -> None:
    case = made_case()
    with rivals[0].act() as uow:
        uow.cases.add(case, [submitted(case)], {})

    def append(records: DatabaseRecords, place: int) -> Any:
        event = Event(2, EventKind.PART_DISPATCHED, later(place), case.parts[0].id)
        with records.act() as uow:
            uow.cases.append(replace(case, sequence=2), [event])
        return event

    outcomes = _all_at_once(rivals, append)
    won = [outcome for outcome in outcomes if isinstance(outcome, Event)]
    assert len(won) == 1
    with rivals[0].read() as uow:
        assert uow.cases.list_events(case.id) == [submitted(case), *won]


def test_one_draft_is_opened_by_several(rivals: list[DatabaseRecords]) -> None:
    draft = made_draft()

    def open_draft(records: DatabaseRecords, place: int) -> Any:
        with records.act() as uow:
            uow.drafts.add(replace(draft, id=f"draft-of-rival-{place}"))
        return place

    outcomes = _all_at_once(rivals, open_draft)
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 1


def test_one_use_of_a_nonce_is_new(rivals: list[DatabaseRecords]) -> None:
    def use(records: DatabaseRecords, _place: int) -> Any:
        with records.act() as uow:
            return uow.terminals.use_nonce("terminal-1", "n", NOW), uow.partner_events.is_new("WJ", "e", NOW)

    outcomes = _all_at_once(rivals, use)
    assert sorted(outcomes) == [(False, False)] * 3 + [(True, True)]


def test_each_job_is_claimed_once(rivals: list[DatabaseRecords]) -> None:
    jobs = [made_job() for _ in range(60)]
    with rivals[0].act() as uow:
        for job in jobs:
            uow.jobs.add(job)

    def claim(records: DatabaseRecords, place: int) -> Any:
        with records.act() as uow:
            return [job.id for job in uow.jobs.claim(f"worker-{place}", NOW, 30, 5)]

    claimed = [job for some in _all_at_once(rivals, claim, times=5) for job in some]
    assert sorted(claimed) == sorted(job.id for job in jobs)


def test_rival_sealers_make_one_chain(rivals: list[DatabaseRecords]) -> None:
    with rivals[0].act() as uow:
        for place in range(40):
            uow.audit.add(made_audit_row(at=later(place)))

    _all_at_once(rivals, lambda records, _place: seal_audit(records, limit=10), times=3)
    while seal_audit(rivals[0]):
        pass
    assert find_head(rivals[0]).position == 40
    assert find_broken(rivals[0]) is None


_KILLED_WORKER = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from onething.storage.keyring import KeyRing
from onething.storage.unit_of_work import DatabaseRecords
from tests.storage.made_records import made_audit_row
records = DatabaseRecords(sys.argv[1], KeyRing.load(Path(sys.argv[2])))
with records.act() as uow:
    held = uow.jobs.claim("killed", datetime.fromisoformat(sys.argv[3]), 30, 1)
context = records.act()
uow = context.__enter__()
uow.audit.add(made_audit_row())
uow.jobs.finish(held[0].id, "killed")
print("in the middle", flush=True)
signal.pause()
"""


def test_a_killed_worker_s_job_is_done_by_another(database_url: str, tmp_path: Path) -> None:
    """The worker dies with its act open: nothing of the act stays, and its lease runs out."""
    keyring = KeyRing.make(tmp_path / "keys.json")
    records = DatabaseRecords(database_url, keyring)
    job = made_job()
    with records.act() as uow:
        uow.jobs.add(job)
    arguments = [database_url, str(tmp_path / "keys.json"), NOW.isoformat()]
    command = [sys.executable, "-c", _KILLED_WORKER, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "in the middle\n"
        worker.kill()
    assert _claimed_soon(records) == [replace(job, attempts=2)]
    with records.act() as uow:
        assert uow.audit.list_of_subject("a" * 32) == []
        uow.jobs.finish(job.id, "other")
        assert uow.jobs.list_unfinished() == []
    records.close()


def _claimed_soon(records: DatabaseRecords) -> list[Any]:
    """PostgreSQL notices a killed client a moment later, and skips what it had locked until then."""
    patience = Patience(5)
    while patience.lasts():
        with records.act() as uow:
            claimed = list(uow.jobs.claim("other", later(31), 30, 8))
        if claimed:
            return claimed
        time.sleep(0.05)
    return []
