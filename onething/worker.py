"""The worker: due-time rows claimed under a lease, done, retried with back-off, or parked."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog

from onething.domain.records import Job
from onething.logs import describe
from onething.ports import DeliveryFailed, Ports
from onething.services.delivering import deliver_part, deliver_supplement, deliver_withdrawal
from onething.services.fleet_intakes import OPEN_INTAKE, open_intake
from onething.services.messaging import SEND_MESSAGE
from onething.services.messaging_out import send_message
from onething.services.moving_on import DELIVER
from onething.services.overseeing import SEND_APPROVAL, send_approval
from onething.services.province_jobs import REPORT_APPEAL, REPORT_CASE, REPORT_RATING
from onething.services.province_reporting import report_appeal, report_case, report_rating
from onething.services.shipping import ORDER_SHIPMENT, TRACK_SHIPMENT, order_shipment, track_shipment
from onething.services.supplementing import SUPPLEMENT
from onething.services.withdrawing import WITHDRAW
from onething.storage.refusals import RecordsUnavailable
from onething.sweeps import Sweep, sweep_due

LEASE_SECONDS = 60.0
# Together these wait at most as long as the lease lasts, even on departments that hang.
_AT_ONCE = 4
_IDLE_SECONDS = 0.5
_AWAY_SECONDS = 2.0

log = structlog.get_logger("onething.worker")

Handler = Callable[[Ports, Mapping[str, Any]], None]
HANDLERS: Mapping[str, Handler] = {
    DELIVER: lambda ports, payload: deliver_part(ports, payload["part"]),
    SUPPLEMENT: deliver_supplement,
    WITHDRAW: deliver_withdrawal,
    ORDER_SHIPMENT: order_shipment,
    TRACK_SHIPMENT: track_shipment,
    SEND_APPROVAL: send_approval,
    REPORT_CASE: report_case,
    REPORT_RATING: report_rating,
    REPORT_APPEAL: report_appeal,
    OPEN_INTAKE: open_intake,
    SEND_MESSAGE: send_message,
}


class Worker:
    """One worker process; any number of them may run side by side."""

    def __init__(self, ports: Ports, name: str | None = None, sweeps: Sequence[Sweep] = ()) -> None:
        self.ports = ports
        self.sweeps = sweeps
        self.name = name or f"{socket.gethostname()}:{os.getpid()}"
        self.stopping = threading.Event()

    def run(self) -> None:
        """Work until ``stopping`` is set; what is claimed then is still finished."""
        signal.signal(signal.SIGTERM, lambda *_: self.stopping.set())
        signal.signal(signal.SIGINT, lambda *_: self.stopping.set())
        log.info("worker_started", worker=self.name)
        while not self.stopping.is_set():
            sweep_due(self.sweeps)
            if not self._work_if_possible():
                self.stopping.wait(_IDLE_SECONDS)
        log.info("worker_stopped", worker=self.name)

    def _work_if_possible(self) -> int:
        """Work once; a database that is away is waited for, and its leases run out by themselves."""
        try:
            return self.work_once()
        except RecordsUnavailable:
            log.warning("records_unavailable", worker=self.name)
            self.stopping.wait(_AWAY_SECONDS)
            return 0

    def work_once(self) -> int:
        """Claim what is due and do it; returns how many were claimed."""
        with self.ports.records.act() as uow:
            now = self.ports.clock.now()
            jobs = uow.jobs.claim(self.name, now, LEASE_SECONDS, _AT_ONCE)
        for job in jobs:
            self._do(job)
        return len(jobs)

    def _do(self, job: Job) -> None:
        try:
            HANDLERS[job.kind](self.ports, job.payload)
        except DeliveryFailed as failure:
            self._put_back(job, failure.reason, hopeless=not failure.retryable)
        except RecordsUnavailable:
            raise
        except Exception as error:
            log.error("job_failed", job=job.id, kind=job.kind, **describe(error))
            self._put_back(job, type(error).__name__, hopeless=False)
        else:
            with self.ports.records.act() as uow:
                uow.jobs.finish(job.id, self.name)
            log.info("job_done", job=job.id, kind=job.kind)

    def _put_back(self, job: Job, reason: str, *, hopeless: bool) -> None:
        """Retry later, or park what is hopeless where people see it."""
        settings = self.ports.settings
        waits = settings.retry_seconds
        wait = waits[min(max(job.attempts, 1), len(waits)) - 1]
        longest = settings.give_up_after_days * 86400 // waits[-1] + len(waits)
        with self.ports.records.act() as uow:
            if hopeless or job.attempts >= longest:
                uow.jobs.park(job.id, self.name, reason)
                log.warning("job_parked", job=job.id, kind=job.kind, reason=reason)
            else:
                due_at = self.ports.clock.now() + timedelta(seconds=wait)
                uow.jobs.retry(job.id, self.name, due_at, reason)
                log.info("job_retried", job=job.id, kind=job.kind, reason=reason, wait_seconds=wait)
