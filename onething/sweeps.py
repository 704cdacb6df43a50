"""What the worker sees to again and again: deadlines, the fleet, the audit's seals, what is to be forgotten.

Every sweep may stop anywhere, run twice or run late; several workers may sweep at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog

from onething.forgetting import FORGOTTEN, Forgotten, Now
from onething.logs import describe
from onething.ports import Ports
from onething.services.accepting import settle_receptions
from onething.services.fleet_sweeping import tidy_fleet, watch_fleet
from onething.services.messaging_drafts import tell_of_forgetting
from onething.services.pulling import pull_events
from onething.services.reminding import remind_of_answers
from onething.services.supervising import warn_of_deadlines
from onething.storage.audit_chain import seal_audit
from onething.storage.file_store import FolderFileStore
from onething.storage.orphan_files import sweep_orphans
from onething.storage.unit_of_work import DatabaseRecords

FILES_KEPT = timedelta(days=1)

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

    def pull_all() -> int:
        return sum(pull_events(ports, department) for department in sorted(ports.settings.pulled))

    return (
        Sweep("fleet_watched", 10.0, lambda: watch_fleet(ports)),
        Sweep("fleet_tidied", 3600.0, lambda: tidy_fleet(ports)),
        Sweep("deadlines_warned", 20.0, lambda: warn_of_deadlines(ports)),
        Sweep("answers_reminded", 60.0, lambda: remind_of_answers(ports)),
        Sweep("drafts_told_of", 3600.0, lambda: tell_of_forgetting(ports)),
        Sweep("receptions_settled", 20.0, lambda: settle_receptions(ports)),
        Sweep("events_pulled", 5.0, pull_all),
        Sweep("audit_sealed", 2.0, lambda: seal_audit(records)),
        Sweep("files_removed", 3600.0, lambda: sweep_orphans(records, files, ports.clock.now() - FILES_KEPT)),
        *(Sweep(each.name, each.every_seconds, partial(_forget, ports, records, each)) for each in FORGOTTEN),
    )


def _forget(ports: Ports, records: DatabaseRecords, what: Forgotten) -> int:
    with records.act() as uow:
        return what.forget(uow, Now.of(ports))


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
