"""Due work is claimed by one worker, and taken over when that worker is gone."""

from contextlib import suppress
from dataclasses import replace

from onething.storage.unit_of_work import DatabaseRecords
from tests.storage.made_records import NOW, later, made_job


def test_what_is_due_is_claimed_the_longest_due_first(records: DatabaseRecords) -> None:
    jobs = [made_job(due_at=later(-place)) for place in range(3)]
    with records.act() as uow:
        for job in (*jobs, made_job(due_at=later(1))):
            uow.jobs.add(job)
    with records.act() as uow:
        claimed = uow.jobs.claim("worker-1", NOW, lease_seconds=30, limit=2)
    assert claimed == [replace(jobs[2], attempts=1), replace(jobs[1], attempts=1)]


def test_a_claimed_job_is_nobody_else_s(records: DatabaseRecords) -> None:
    job = made_job()
    with records.act() as uow:
        uow.jobs.add(job)
        assert len(uow.jobs.claim("worker-1", NOW, 30, 8)) == 1
        assert uow.jobs.claim("worker-2", later(29), 30, 8) == []
        assert uow.jobs.claim("worker-1", later(29), 30, 8) == []


def test_a_lease_that_ran_out_is_taken_over(records: DatabaseRecords) -> None:
    job = made_job()
    with records.act() as uow:
        uow.jobs.add(job)
        uow.jobs.claim("worker-1", NOW, 30, 8)
    with records.act() as uow:
        assert uow.jobs.claim("worker-2", later(30), 30, 8) == [replace(job, attempts=2)]
    with records.act() as uow:
        uow.jobs.finish(job.id, "worker-1")
        uow.jobs.retry(job.id, "worker-1", later(60), "too late")
        uow.jobs.park(job.id, "worker-1", "too late")
        assert uow.jobs.list_unfinished() == [replace(job, attempts=2)]
        uow.jobs.finish(job.id, "worker-2")
        assert uow.jobs.list_unfinished() == []


def test_what_failed_is_tried_later(records: DatabaseRecords) -> None:
    job = made_job()
    with records.act() as uow:
        uow.jobs.add(job)
        uow.jobs.claim("worker-1", NOW, 30, 8)
        uow.jobs.retry(job.id, "worker-1", later(60), "down")
        assert uow.jobs.claim("worker-2", later(59), 30, 8) == []
        tried = replace(job, attempts=2, due_at=later(60), last_error="down")
        assert uow.jobs.claim("worker-2", later(60), 30, 8) == [tried]


def test_what_is_hopeless_is_parked_and_shown(records: DatabaseRecords) -> None:
    poison, healthy = made_job(), made_job(due_at=later(1))
    with records.act() as uow:
        uow.jobs.add(poison)
        uow.jobs.add(healthy)
        uow.jobs.claim("worker-1", NOW, 30, 1)
        uow.jobs.park(poison.id, "worker-1", "refused")
    with records.act() as uow:
        assert uow.jobs.claim("worker-1", later(1000), 30, 8) == [replace(healthy, attempts=1)]
        parked = replace(poison, attempts=1, state="parked", last_error="refused")
        assert uow.jobs.list_unfinished()[0] == parked


def test_a_job_goes_with_its_act(records: DatabaseRecords) -> None:
    with suppress(KeyboardInterrupt), records.act() as uow:
        uow.jobs.add(made_job())
        raise KeyboardInterrupt
    with records.act() as uow:
        assert uow.jobs.claim("worker-1", later(1000), 30, 8) == []
