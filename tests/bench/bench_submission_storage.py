"""A submission's one transaction, values sealed, against the driver alone writing the same rows."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection

from onething.domain.cases import PartState
from onething.domain.records import Case, Draft, Job, Part
from onething.storage import statements
from onething.storage.keyring import KeyRing
from onething.storage.migrate import migrate
from onething.storage.unit_of_work import DatabaseRecords

from ..conftest import postgres_url
from ..storage.made_records import NOW, made_audit_row, made_case, made_draft, made_job, submitted
from .rows import Row, compare

BOUND = 2.5
AT_ONCE = 40
ROUNDS = 9
PARTS = 5
ANSWER = {"case_number": "XX26000001", "receipt": {"parts": ["x" * 40] * PARTS, "applicant": "陈*"}}
_numbers = count(1)

Statement = tuple[str, Any]


@dataclass(frozen=True)
class Submission:
    """What the service hands to the records; its draft is in the database already."""

    key: str
    draft: Draft
    case: Case
    jobs: Sequence[Job]


def measure() -> list[Row]:
    """One row for each database; 30 values of 4 roles, 5 parts with their jobs."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [_measure_sqlite(Path(folder) / "bench.sqlite")]
    with contextmanager(postgres_url.__wrapped__)() as url:
        rows.append(_measure_postgresql(url))
    return rows


def _measure_sqlite(file: Path) -> Row:
    url = f"sqlite:///{file}"
    migrate(url)
    with closing(sqlite3.connect(file, isolation_level=None)) as driver:
        driver.execute("PRAGMA synchronous=FULL")
        driver.execute("PRAGMA foreign_keys=ON")

        def write(sent: Sequence[Statement]) -> None:
            driver.execute("BEGIN IMMEDIATE")
            for text, values in sent:
                driver.execute(text, values)
            driver.execute("COMMIT")

        return _row("SQLite", url, write)


def _measure_postgresql(url: str) -> Row:
    migrate(url)
    with psycopg.connect(url.replace("+psycopg", "")) as driver:

        def write(sent: Sequence[Statement]) -> None:
            for text, values in sent:
                driver.execute(text.encode(), values)
            driver.commit()

        return _row("PostgreSQL", url, write)


def _row(name: str, url: str, write: Callable[[Sequence[Statement]], None]) -> Row:
    records = DatabaseRecords(url, KeyRing.new())
    ours = iter(_made_submissions(records))
    raw = iter([_statements_of(records, each) for each in _made_submissions(records)])
    measured = compare(
        lambda: _times(AT_ONCE, lambda: write(next(raw))),
        lambda: _times(AT_ONCE, lambda: _submit(records, next(ours))),
        rounds=ROUNDS,
    )
    records.close()
    each_ours, each_raw = measured.ours_ms / AT_ONCE, measured.limit_ms / AT_ONCE
    note = f"{each_ours:.2f} ms against {each_raw:.2f} ms of processor time in this process"
    return Row(f"a submission's records on {name}, CPU", BOUND, round(measured.ratio, 2), "x driver", note)


def _times(number: int, work: Callable[[], None]) -> None:
    for _ in range(number):
        work()


def _submit(records: DatabaseRecords, submission: Submission, *, end_with: Exception | None = None) -> None:
    case = submission.case
    with records.act() as uow:
        if uow.keys.begin(case.holder, submission.key, "0" * 64, NOW) is not None:
            raise ValueError("the key was used before, its time says nothing")
        uow.cases.add(case, [submitted(case)], submission.draft.values)
        uow.drafts.save(replace(submission.draft, state="submitted", values={}))
        for job in submission.jobs:
            uow.jobs.add(job)
        uow.audit.add(made_audit_row(subject=case.holder, case=case.id))
        uow.keys.finish(case.holder, submission.key, ANSWER)
        if end_with:
            raise end_with


def _made_submissions(records: DatabaseRecords) -> Iterator[Submission]:
    """As many as are measured, their drafts in the database."""
    made = [_made_submission() for _ in range(AT_ONCE * (ROUNDS + 1))]
    with records.act() as uow:
        for submission in made:
            uow.drafts.add(submission.draft)
    return iter(made)


def _made_submission() -> Submission:
    number = next(_numbers)
    fact = {
        "value": "河南省信阳市新县",
        "origin": "register",
        "source": "birth_register",
        "as_of": "2026-11-20",
    }
    values = {
        role: {f"fact_{place}": fact for place in range(facts)}
        for role, facts in {"mother": 12, "father": 8, "child": 6, "application": 4}.items()
    }
    draft = made_draft(values=values)
    parts = tuple(
        Part(f"bench-{number}-{place}", f"MATTER-{place}", "GA", PartState.WAITING) for place in range(PARTS)
    )
    plan = {"matters": [{"code": part.matter, "needs": ["mother.fact_1"] * 6} for part in parts]}
    case = made_case(holder=draft.holder, draft=draft.id, parts=parts, plan=plan)
    jobs = [made_job(payload={"part": part.id}) for part in parts]
    return Submission(f"key-{number}", draft, case, jobs)


def _statements_of(records: DatabaseRecords, submission: Submission) -> list[Statement]:
    """What a submission sends to the driver, everything ready; nothing of it is kept."""
    sent: list[Statement] = []
    send = statements.send

    def note_and_send(connection: Connection, text: str, parameters: Any) -> statements.Cursor:
        sent.append((text, parameters))
        return send(connection, text, parameters)

    statements.send = note_and_send
    try:
        with suppress(_Enough):
            _submit(records, submission, end_with=_Enough())
    finally:
        statements.send = send
    return sent


class _Enough(Exception):
    """Rolls the act back."""
