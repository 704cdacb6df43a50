"""Rival processes submit the same keys and are killed at any moment: one case a key, and none lost."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

from onething.ports import Conflict
from onething.storage.keyring import KeyRing
from onething.storage.unit_of_work import DatabaseRecords
from tests.storage.made_records import NOW, made_audit_row, made_case, made_job, made_values, submitted

KEYS = 60
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


def _submit_all(url: str, keyring: KeyRing, acknowledged: Path, rival: str) -> None:
    records = DatabaseRecords(url, keyring)
    line = os.open(acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for number in range(KEYS):
        key = f"key-{number}"
        try:
            answer = _submit(records, key, rival)
        except Conflict:
            continue
        os.write(line, f"{key} {answer}\n".encode())


def _start(target: Callable[..., None], *arguments: object) -> multiprocessing.process.BaseProcess:
    process = FORK.Process(target=target, args=arguments)
    process.start()
    return process


def test_one_case_a_key_and_every_acknowledged_number_stored(database_url: str, tmp_path: Path) -> None:
    keyring, acknowledged = KeyRing.new(), tmp_path / "acknowledged"
    chance = random.Random(4115)
    killed = 0
    for turn in range(ROUNDS):
        rivals = [
            _start(_submit_all, database_url, keyring, acknowledged, f"{turn}-{rival}")
            for rival in range(RIVALS)
        ]
        time.sleep(chance.uniform(0.03, 0.15))
        for rival in rivals:
            assert rival.pid is not None
            os.kill(rival.pid, signal.SIGKILL)
            rival.join()
            killed += rival.exitcode == -signal.SIGKILL
    assert killed >= ROUNDS

    last = _start(_submit_all, database_url, keyring, acknowledged, "last")
    last.join(30)
    assert last.exitcode == 0
    _check(database_url, keyring, acknowledged.read_text())


def _check(url: str, keyring: KeyRing, acknowledged: str) -> None:
    records = DatabaseRecords(url, keyring)
    with records.read() as uow:
        cases = uow.cases.list_of_holder("a" * 32, limit=10 * KEYS)
        jobs = uow.jobs.list_unfinished(limit=10 * KEYS)
        rows = uow.audit.list_of_subject("a" * 32, limit=10 * KEYS)
        whole = all(uow.cases.get_values(case.id) == made_values() for case in cases)
    records.close()
    stored = {"-".join(case.number.split("-")[:2]): case.number for case in cases}
    assert len(cases) == len(stored) == KEYS
    assert whole
    assert {job.id for job in jobs} == {row.case for row in rows} == {case.id for case in cases}
    told = [line.split() for line in acknowledged.splitlines() if line.count(" ") == 1]
    assert len(told) >= KEYS
    assert all(stored[key] == number for key, number in told)
