"""Ports in memory: what the doors themselves ask for, and no more."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace

from onething.domain.records import Terminal
from onething.domain.terminals import TerminalState
from onething.ports import Settings
from onething.ports.phones import PhoneProof
from onething.storage.fleet_keys import RingFleetKeys
from onething.storage.keyring import KeyRing
from tests.http.kiosk_signing import Kiosk


class WallClock:
    """The time, aware UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class MemoryTerminals:
    """Enrolled kiosks and used nonces."""

    enrolled: dict[str, Terminal] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)

    def find(self, terminal_id: str) -> Terminal | None:
        return self.enrolled.get(terminal_id)

    def add(self, terminal: Terminal) -> None:
        self.enrolled[terminal.id] = terminal

    def use_nonce(self, terminal_id: str, nonce: str, at: datetime) -> bool:
        new = (terminal_id, nonce) not in self.used
        self.used.add((terminal_id, nonce))
        return new


@dataclass
class MemoryPartnerNonces:
    """Used nonces of departments."""

    used: set[tuple[str, str]] = field(default_factory=set)

    def use(self, partner: str, nonce: str, at: datetime) -> bool:
        new = (partner, nonce) not in self.used
        self.used.add((partner, nonce))
        return new


class MemoryRecords:
    """One unit of work for all, without transactions."""

    def __init__(self) -> None:
        self.terminals = MemoryTerminals()
        self.partner_nonces = MemoryPartnerNonces()
        self.jobs = SimpleNamespace(list_queues=list)
        self.ready = True

    @contextmanager
    def act(self) -> Iterator["MemoryRecords"]:
        yield self

    @contextmanager
    def read(self) -> Iterator["MemoryRecords"]:
        yield self

    def is_ready(self) -> bool:
        return self.ready


def memory_ports() -> SimpleNamespace:
    """Ports with a clock and records in memory."""
    clock = WallClock()
    return SimpleNamespace(
        phone_proof=PhoneProof(),
        clock=clock,
        signature_clock=clock,
        fleet_keys=RingFleetKeys(KeyRing.new()),
        records=MemoryRecords(),
        catalogs=SimpleNamespace(current=lambda: (3, None)),
        fleet_reads=SimpleNamespace(standings=lambda _: [], count_open_alerts=lambda _: 0),
        settings=Settings(),
    )


def enrolled(kiosk: Kiosk, *, state: TerminalState = TerminalState.ACTIVE) -> Terminal:
    """The server's row of a kiosk."""
    return Terminal(
        id=kiosk.id,
        number="K-01",
        hall="政务服务大厅",
        public_key=kiosk.public_key,
        division="411523",
        enrolled_at=datetime.now(UTC),
        state=state,
    )
