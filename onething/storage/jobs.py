"""Due-time rows, claimed under a lease by any number of workers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, or_, select, update

from onething.domain.records import Job, JobQueue
from onething.storage import tables
from onething.storage.statements import Prepared, RowInsert

_COLUMNS = ("id", "kind", "payload", "due_at", "attempts", "state", "last_error")
_T = tables.jobs.c
_INSERT = RowInsert(tables.jobs, (*_COLUMNS, "division"))
# PostgreSQL's other workers skip what this one is taking; SQLite has one writer at a time.
_DUE = (
    select(_T.id)
    .where(
        _T.state == "waiting",
        _T.due_at <= bindparam("now"),
        or_(_T.leased_until.is_(None), _T.leased_until <= bindparam("now")),
    )
    .order_by(_T.due_at, _T.id)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_CLAIM = Prepared(
    update(tables.jobs)
    .values(
        {
            "leased_by": bindparam("worker"),
            "leased_until": bindparam("until"),
            "attempts": _T.attempts + 1,
        }
    )
    .where(_T.id.in_(select(_DUE.c.id)))
    .returning(*(_T[name] for name in _COLUMNS))
)
_HELD = _T.id == bindparam("wanted"), _T.leased_by == bindparam("worker")
_FINISH = Prepared(delete(tables.jobs).where(*_HELD))
_RETRY = Prepared(
    update(tables.jobs)
    .values(
        {
            "due_at": bindparam("new_due_at"),
            "last_error": bindparam("error"),
            "leased_by": None,
            "leased_until": None,
        }
    )
    .where(*_HELD)
)
_PARK = Prepared(
    update(tables.jobs)
    .values({"state": "parked", "last_error": bindparam("error"), "leased_by": None, "leased_until": None})
    .where(*_HELD)
)
_UNFINISHED = Prepared(
    select(*(_T[name] for name in _COLUMNS)).order_by(_T.due_at, _T.id).limit(bindparam("at_most"))
)

_QUEUES = Prepared(select(_T.kind, _T.state, func.count(), func.min(_T.due_at)).group_by(_T.kind, _T.state))


class DatabaseJobs:
    """``Jobs``. What is finished is gone: what it did is in the case's events."""

    def __init__(self, connection: Connection, division: str) -> None:
        self._connection = connection
        self._division = division

    def add(self, job: Job) -> None:
        self.add_all([job])

    def add_all(self, jobs: Sequence[Job]) -> None:
        """Several in one statement."""
        rows = [(*(getattr(job, name) for name in _COLUMNS), self._division) for job in jobs]
        _INSERT(self._connection, rows)

    def claim(self, worker: str, now: datetime, lease_seconds: float, limit: int) -> Sequence[Job]:
        """The longest due first; also those whose lease ran out.

        ``attempts`` counts this one too, so that work that kills its worker is counted.
        """
        until = now + timedelta(seconds=lease_seconds)
        rows = _CLAIM.rows(self._connection, worker=worker, now=now, until=until, at_most=limit)
        return sorted((_job(row) for row in rows), key=lambda job: (job.due_at, job.id))

    def finish(self, job_id: str, worker: str) -> None:
        """Nothing happens when another worker has taken the job over, here and below."""
        _FINISH.change(self._connection, wanted=job_id, worker=worker)

    def retry(self, job_id: str, worker: str, due_at: datetime, error: str) -> None:
        _RETRY.change(self._connection, wanted=job_id, worker=worker, new_due_at=due_at, error=error)

    def park(self, job_id: str, worker: str, error: str) -> None:
        """It is not claimed again by itself."""
        _PARK.change(self._connection, wanted=job_id, worker=worker, error=error)

    def list_unfinished(self, limit: int = 100) -> Sequence[Job]:
        """Waiting, in work and parked, by due time."""
        return [_job(row) for row in _UNFINISHED.rows(self._connection, at_most=limit)]

    def list_queues(self) -> Sequence[JobQueue]:
        """How much of each kind waits, and how much was given up."""
        return [JobQueue(*row) for row in _QUEUES.rows(self._connection)]


def _job(row: tuple[Any, ...]) -> Job:
    return Job(**dict(zip(_COLUMNS, row, strict=True)))
