"""What a heartbeat says: how the machine, its devices and its outbox are, and nothing of anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from devices.states import Health
from terminal_client.agent import machine

PAPER = {"paper_out": "out", "paper_near_end": "near_end"}
PRINTERS = ("receipt_printer", "a4_printer")


class WatchedDevices(Protocol):
    """The devices as far as a heartbeat tells of them."""

    @property
    def last_printed_at(self) -> datetime | None:
        """When a printer last said itself that a slip was printed."""

    def list_health(self) -> dict[str, Health]:
        """How each device was when last looked at."""


@dataclass(frozen=True)
class Moment:
    """What changes from one heartbeat to the next and is known to the agent alone."""

    counter: int
    configuration: int
    catalog: int
    clock_offset_ms: int
    outbox_depth: int
    outbox_oldest_age_seconds: int
    last_session_ended_at: datetime | None
    is_updating: bool
    given_up: list[str]


def make_heartbeat(folder: Path, devices: WatchedDevices, moment: Moment) -> dict[str, Any]:
    """The body of `POST /terminal/heartbeats`. OSError when the state folder's disk is gone."""
    return {
        "versions": {
            "agent": machine.agent_version(),
            "configuration": moment.configuration,
            "catalog": moment.catalog,
        },
        "boot_id": machine.read_boot_id(),
        "counter": moment.counter,
        "uptime_seconds": machine.read_uptime_seconds(),
        "clock_offset_ms": moment.clock_offset_ms,
        "outbox": {"depth": moment.outbox_depth, "oldest_age_seconds": moment.outbox_oldest_age_seconds},
        "disk_free_mib": machine.free_mib(folder),
        "temperature_c": machine.read_temperature_c(),
        "devices": list_devices(devices.list_health()),
        "last_session_ended_at": _text(moment.last_session_ended_at),
        "last_proven_print_at": _text(devices.last_printed_at),
        "updating": moment.is_updating,
        "given_up": moment.given_up,
    }


def list_devices(health: Mapping[str, Health]) -> dict[str, dict[str, str]]:
    """Each device in the words of the wire; paper is unknown for what has none and while nobody can say."""
    return {
        kind: {
            "state": each.state.value,
            "since_at": each.since_at.isoformat(),
            "reason": each.reason,
            "paper": _paper(kind, each),
        }
        for kind, each in health.items()
    }


def _paper(kind: str, health: Health) -> str:
    if kind not in PRINTERS:
        return "unknown"
    return PAPER.get(health.reason, "ok" if health.is_usable else "unknown")


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
