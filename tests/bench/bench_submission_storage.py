"""A submission's one transaction, values sealed, against the driver alone writing the same rows."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import count

from onething.domain.cases import PartState
from onething.domain.records import Case, Draft, Job, Part
from onething.storage.keyring import KeyRing
from onething.storage.migrate import migrate
from onething.storage.unit_of_work import DatabaseRecords

from ..conftest import postgres_url
from ..storage.made_records import NOW, made_audit_row, made_case, made_draft, made_job, submitted
from .driver_alone import Statement, Write, driver_alone, recorded
from .rows import Row, compare

BOUND = 2.5
AT_ONCE = 40
ROUNDS = 9
PARTS = 5
ANSWER = {"case_number": "XX26000001", "receipt": {"parts": ["x" * 40] * PARTS, "applicant": "陈*"}}
_numbers = count(1)


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
        rows = [_measure("SQLite", f"sqlite:///{folder}/bench.sqlite")]
    with contextmanager(postgres_url.__wrapped__)() as url:
        rows.append(_measure("PostgreSQL", url))
    return rows


def _measure(name: str, url: str) -> Row:
    migrate(url)
    with driver_alone(url) as write:
        return _row(name, url, write)


def _row(name: str, url: str, write: Write) -> Row:
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
    with recorded() as sent, suppress(_Enough):
        _submit(records, submission, end_with=_Enough())
    return sent


class _Enough(Exception):
    """Rolls the act back."""
