"""What the worker tidies: the audit's seals, used nonces, old idempotency keys, files without a row.

Every sweep may stop anywhere, run twice or run late; several workers may sweep at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from onething.domain.messages import INBOX_KEPT
from onething.logs import describe
from onething.ports import Ports
from onething.services.accepting import settle_receptions
from onething.services.fleet_sweeping import tidy_fleet, watch_fleet
from onething.services.pulling import pull_events
from onething.services.reminding import remind_of_answers
from onething.services.supervising import warn_of_deadlines
from onething.storage.audit_chain import seal_audit
from onething.storage.file_store import FolderFileStore
from onething.storage.orphan_files import sweep_orphans
from onething.storage.unit_of_work import DatabaseRecords

# Twice what a signature may be old and skewed, so that no nonce is forgotten while it still counts.
NONCES_KEPT = timedelta(minutes=10)
KEYS_KEPT = timedelta(days=30)
STAFF_SESSIONS_KEPT = timedelta(days=30)
# A used token is known again for as long as it could still be sent; a phone that has ended a while longer.
TOKENS_KEPT = timedelta(days=1)
SIGN_INS_KEPT = timedelta(days=30)
FILES_KEPT = timedelta(days=1)
ANSWERS_KEPT = timedelta(days=400)  # a bulletin speaks of its month and the one before; a year is asked for

log = structlog.get_logger("onething.sweeps")


@dataclass
class Sweep:
    """One thing that is tidied every so often; ``run`` returns how many it tidied."""

    name: str
    every_seconds: float
    run: Callable[[], int]
    last_at: float = float("-inf")


def make_sweeps(ports: Ports) -> Sequence[Sweep]:
    """The sweeps of an installation with a database and a folder of files."""
    records, files = ports.records, ports.files
    assert isinstance(records, DatabaseRecords)
    assert isinstance(files, FolderFileStore)

    def forget_nonces() -> int:
        before = ports.signature_clock.now() - NONCES_KEPT
        with records.act() as uow:
            return uow.terminals.purge_nonces(before) + uow.partner_nonces.purge_nonces(before)

    def forget_keys() -> int:
        with records.act() as uow:
            return uow.keys.purge(ports.clock.now() - KEYS_KEPT)

    def forget_staff_sessions() -> int:
        with records.act() as uow:
            return uow.staff_sessions.purge(ports.signature_clock.now() - STAFF_SESSIONS_KEPT)

    def forget_messages() -> int:
        with records.act() as uow:
            return uow.messages.purge(ports.clock.now() - INBOX_KEPT)

    def tidy_tallies() -> int:
        with records.act() as uow:
            return uow.tallies.remove_empty() + uow.tallies.remove_answers(ports.clock.now() - ANSWERS_KEPT)

    def pull_all() -> int:
        return sum(pull_events(ports, department) for department in sorted(ports.settings.pulled))

    return (
        Sweep("fleet_watched", 10.0, lambda: watch_fleet(ports)),
        Sweep("fleet_tidied", 3600.0, lambda: tidy_fleet(ports)),
        Sweep("deadlines_warned", 20.0, lambda: warn_of_deadlines(ports)),
        Sweep("answers_reminded", 60.0, lambda: remind_of_answers(ports)),
        Sweep("receptions_settled", 20.0, lambda: settle_receptions(ports)),
        Sweep("events_pulled", 5.0, pull_all),
        Sweep("audit_sealed", 2.0, lambda: seal_audit(records)),
        Sweep("nonces_forgotten", 300.0, forget_nonces),
        Sweep("keys_forgotten", 86400.0, forget_keys),
        Sweep("staff_sessions_forgotten", 86400.0, forget_staff_sessions),
        Sweep("phones_forgotten", 3600.0, lambda: _forget_phones(records, ports.clock.now())),
        Sweep("messages_forgotten", 86400.0, forget_messages),
        Sweep("tallies_tidied", 3600.0, tidy_tallies),
        Sweep("uploads_forgotten", 3600.0, lambda: _forget_uploads(records, ports.clock.now())),
        Sweep("files_removed", 3600.0, lambda: sweep_orphans(records, files, ports.clock.now() - FILES_KEPT)),
    )


def _forget_phones(records: DatabaseRecords, now: datetime) -> int:
    with records.act() as uow:
        forgotten = uow.handovers.purge(now - TOKENS_KEPT)
        forgotten += uow.phone_tokens.purge(now - TOKENS_KEPT)
        return forgotten + uow.phone_sign_ins.purge(now - SIGN_INS_KEPT)


def _forget_uploads(records: DatabaseRecords, now: datetime) -> int:
    """Their rows; the bytes are swept as those of any file without a row."""
    with records.act() as uow:
        return uow.uploads.purge(now)


def sweep_due(sweeps: Sequence[Sweep]) -> None:
    """Run the sweeps whose time has come; one that fails is logged and tried again at its next time."""
    for sweep in sweeps:
        now = time.monotonic()
        if now - sweep.last_at < sweep.every_seconds:
            continue
        sweep.last_at = now
        try:
            count = sweep.run()
        except Exception as error:
            log.error("sweep_failed", sweep=sweep.name, **describe(error))
        else:
            if count:
                log.debug(sweep.name, count=count)
