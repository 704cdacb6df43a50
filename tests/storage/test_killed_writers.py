"""Rival processes submit the same keys and are killed at any moment: one case a key, and none lost."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path

from onething.ports import Conflict
from onething.storage.keyring import KeyRing
from onething.storage.unit_of_work import DatabaseRecords
from tests.storage.made_records import NOW, made_audit_row, made_case, made_job, made_values, submitted

RIVALS = 3
ROUNDS = 8
FORK = multiprocessing.get_context("fork")


def _submit(records: DatabaseRecords, key: str, rival: str) -> str:
    """The number of the one case of this key."""
    with records.act() as uow:
        first = uow.keys.begin("holder", key, "body", NOW)
        if first is not None:
            return str(first["case_number"])
        # Rivals bring cases of their own: only the key keeps them from being two.
        name = f"{key}-{rival}"
        case = made_case(id=name, number=name, draft=name, parts=())
        uow.cases.add(case, [submitted(case)], made_values())
        uow.jobs.add(made_job(id=name))
        uow.audit.add(made_audit_row(case=case.id))
        uow.keys.finish("holder", key, {"case_number": case.number})
    return case.number


def _submit_from(url: str, keyring: KeyRing, acknowledged: Path, rival: str, keys: Iterable[int]) -> None:
    records = DatabaseRecords(url, keyring)
    line = os.open(acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for number in keys:
        try:
            answer = _submit(records, f"key-{number}", rival)
        except Conflict:
            continue
        os.write(line, f"{number} {answer}\n".encode())


def _start(target: Callable[..., None], *arguments: object) -> multiprocessing.process.BaseProcess:
    process = FORK.Process(target=target, args=arguments)
    process.start()
    return process


def test_one_case_a_key_and_every_acknowledged_number_stored(database_url: str, tmp_path: Path) -> None:
    keyring, acknowledged = KeyRing.new(), tmp_path / "acknowledged"
    acknowledged.touch()
    chance = random.Random(4115)
    begun = 0
    for turn in range(ROUNDS):
        # The last keys again: their acts may have been cut off before, in, or after the commit.
        begun = max(_told(acknowledged), default=0)
        rivals = [
            _start(_submit_from, database_url, keyring, acknowledged, f"{turn}-{rival}", count(begun))
            for rival in range(RIVALS)
        ]
        _wait_for_more(acknowledged)
        time.sleep(chance.uniform(0, 0.05))
        for rival in rivals:
            assert rival.pid is not None
            os.kill(rival.pid, signal.SIGKILL)
            rival.join()
            assert rival.exitcode == -signal.SIGKILL

    keys = max(_told(acknowledged)) + RIVALS
    last = _start(_submit_from, database_url, keyring, acknowledged, "last", range(keys))
    last.join(60)
    assert last.exitcode == 0
    _check(database_url, keyring, keys, _told(acknowledged))


def _told(acknowledged: Path) -> dict[int, set[str]]:
    """Key to the numbers that were given for it, of the lines written whole."""
    told: dict[int, set[str]] = {}
    for line in acknowledged.read_text().splitlines(keepends=True):
        if line.endswith("\n"):
            key, number = line.split()
            told.setdefault(int(key), set()).add(number)
    return told


def _wait_for_more(acknowledged: Path) -> None:
    size, give_up_at = acknowledged.stat().st_size, time.monotonic() + 20
    while acknowledged.stat().st_size == size:
        assert time.monotonic() < give_up_at, "nobody was served"
        time.sleep(0.002)


def _check(url: str, keyring: KeyRing, keys: int, told: dict[int, set[str]]) -> None:
    records = DatabaseRecords(url, keyring)
    with records.read() as uow:
        cases = uow.cases.list_of_holder("a" * 32, limit=2 * keys)
        jobs = uow.jobs.list_unfinished(limit=2 * keys)
        rows = uow.audit.list_of_subject("a" * 32, limit=2 * keys)
        whole = all(uow.cases.get_values(case.id) == made_values() for case in cases)
    records.close()
    stored = {int(case.number.split("-")[1]): {case.number} for case in cases}
    assert len(cases) == len(stored) == keys
    assert whole
    assert {job.id for job in jobs} == {row.case for row in rows} == {case.id for case in cases}
    assert told == stored
