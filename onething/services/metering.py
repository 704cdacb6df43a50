"""How the installation stands, in numbers about work and machines and never about people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from onething.domain.fleet_health import HealthWord
from onething.domain.records import JobQueue
from onething.ports import Ports
from onething.services.fleet_watching import word_of


@dataclass(frozen=True)
class Standing:
    """``terminals`` counts those in use by health's word, ``never`` for one that has not spoken yet."""

    at: datetime
    revision: int
    queues: Sequence[JobQueue]
    terminals: Mapping[str, int]
    open_alerts: int


def measure(ports: Ports) -> Standing:
    """Raises ``RecordsUnavailable``."""
    now = ports.clock.now()
    with ports.records.read() as uow:
        queues = uow.jobs.list_queues()
    heard = ports.signature_clock.now()
    words = Counter(word_of(each, heard) or "never" for each in ports.fleet_reads.standings(None))
    counts = {str(word): 0 for word in HealthWord} | {"never": 0} | words
    return Standing(
        now, ports.catalogs.current()[0], queues, counts, ports.fleet_reads.count_open_alerts(None)
    )
