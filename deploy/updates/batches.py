"""When a release may go to the next batch of kiosks: rules only, on what the fleet's list says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# One kiosk to try it, one in each hall, then all.
BATCHES = ("test", "early", "stable")
WELL = ("ok", "degraded")


@dataclass(frozen=True)
class Report:
    """One kiosk as the fleet shows it: its batch, what runs there since when, how it is, what it gave up."""

    terminal: str
    hall: str
    batch: str
    version: str
    since_at: datetime
    health: str
    given_up: tuple[str, ...] = ()

    @classmethod
    def of(cls, given: Mapping[str, object]) -> "Report":
        """From the fleet's JSON. KeyError, ValueError."""
        given_up = given.get("given_up") or ()
        return cls(
            terminal=str(given["terminal"]),
            hall=str(given["hall"]),
            batch=str(given["update_channel"]),
            version=str(given["version"]),
            since_at=datetime.fromisoformat(str(given["version_since_at"])),
            health=str(given["health"]),
            given_up=tuple(map(str, given_up)) if isinstance(given_up, (list, tuple)) else (),
        )


@dataclass(frozen=True)
class Gate:
    """What a batch has to show: how long it ran, and which share of its kiosks has it and is well."""

    ran: timedelta = timedelta(hours=24)
    share: float = 0.95


def find_objections(
    version: str, batch: str, reports: Sequence[Report], now_at: datetime, gate: Gate
) -> list[str]:
    """Why a release may not go to `batch` yet; nothing when it may. ValueError when there is no such batch.

    The first batch needs nothing. Every other needs the one before it: at least one kiosk, the gate's share
    of them well with that version for the gate's time, and not one that had to go back from it. The second
    must moreover leave each hall a kiosk that is not in it, or one hall would stand still if it failed.
    """
    place = BATCHES.index(batch)
    objections = _overfull_halls(reports) if batch == "early" else []
    if place == 0:
        return objections
    before = [each for each in reports if each.batch == BATCHES[place - 1]]
    if not before:
        return [*objections, f"no kiosk is in the batch {BATCHES[place - 1]}"]
    gave_up = [each.terminal for each in before if version in each.given_up]
    if gave_up:
        objections.append(f"went back from it: {', '.join(sorted(gave_up))}")
    proven = [each for each in before if _has_proven(each, version, now_at, gate)]
    if len(proven) < gate.share * len(before):
        objections.append(f"{len(proven)} of {len(before)} kiosks are well with it for long enough")
    return objections


def _has_proven(report: Report, version: str, now_at: datetime, gate: Gate) -> bool:
    return report.version == version and report.health in WELL and now_at - report.since_at >= gate.ran


def _overfull_halls(reports: Sequence[Report]) -> list[str]:
    halls = sorted({each.hall for each in reports})
    found = []
    for hall in halls:
        batches = [each.batch for each in reports if each.hall == hall]
        if len(batches) > 1 and "stable" not in batches:
            found.append(f"in {hall} every kiosk would be changed at once")
    return found
