"""What technicians look at: the fleet by hall, one terminal whole, alerts, and what is spread how far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onething.domain.actors import Actor
from onething.domain.dictionary import Label
from onething.domain.enrolment_codes import EnrolmentCode
from onething.domain.errors import NotFound
from onething.domain.fleet import Alert, Configuration, TerminalCommand, TerminalEvent
from onething.domain.fleet_health import (
    DEVICE_STATE_WORDS,
    DEVICE_WORDS,
    SILENT_AFTER,
    Health,
    HealthWord,
    health_at,
    is_usable,
    lost_abilities,
)
from onething.domain.listing import Page
from onething.domain.records import Terminal
from onething.domain.staff import Role
from onething.domain.terminals import TerminalState, check_words
from onething.ports import Ports
from onething.ports.fleet import FleetFilters, FleetRow, FleetStanding
from onething.services.duties import must_be
from onething.services.fleet_notes import get_to_change

# A device reading is not more certain than the heartbeat that brought it.
_UNKNOWN = Label("未知", "Unknown")


@dataclass(frozen=True)
class DeviceTile:
    """One device as the last heartbeat told of it; ``state`` is empty for one that was never told of."""

    kind: str
    name: Label
    state: str
    words: Label
    since_at: str | None
    reason: str
    paper: str | None
    is_usable: bool


@dataclass(frozen=True)
class TerminalLine:
    """One terminal of the list; ``health`` is None until it has spoken, ``lost`` what citizens cannot do."""

    terminal: Terminal
    health: Health | None
    heard_at: datetime | None
    devices: Sequence[DeviceTile]
    lost: Sequence[Label]
    alerts: Sequence[Alert]
    versions: Mapping[str, Any]
    outbox: Mapping[str, Any]
    last_proven_print_at: str | None
    last_session_ended_at: str | None
    told: Mapping[str, Any]


@dataclass(frozen=True)
class HallCount:
    """How the terminals of one hall are, by health's word; ``unheard`` have not spoken yet."""

    hall: str
    by_health: Mapping[str, int]
    unheard: int

    @property
    def total(self) -> int:
        return sum(self.by_health.values()) + self.unheard


@dataclass(frozen=True)
class FleetSummary:
    """The county at a glance: halls, states, and which version runs on how many."""

    halls: Sequence[HallCount]
    states: Mapping[str, int]
    agents: Mapping[str, int]
    catalogs: Mapping[str, int]
    open_alerts: int


@dataclass(frozen=True)
class TerminalView:
    """Everything about one terminal; ``words`` are to be compared with its screen."""

    line: TerminalLine
    words: str | None
    settings: Mapping[str, Any]
    configurations: Sequence[Configuration]
    commands: Sequence[TerminalCommand]
    alerts: Sequence[Alert]
    events: Sequence[TerminalEvent]
    codes: Sequence[EnrolmentCode]


def list_fleet(
    ports: Ports, actor: Actor, filters: FleetFilters, cursor: str | None = None, limit: int = 50
) -> Page[TerminalLine]:
    """A page of terminals by number; the actor's own county only. Raises ``BadCursor``."""
    must_be(actor, Role.TECHNICIAN, Role.SUPERVISOR)
    own = FleetFilters(filters.hall, filters.state, filters.alert, actor.division or filters.division)
    now, page = ports.signature_clock.now(), ports.fleet_reads.terminals(own, cursor, limit)
    return Page(tuple(make_line(row, now) for row in page.rows), page.next)


def summarise_fleet(ports: Ports, actor: Actor) -> FleetSummary:
    """All terminals that are not retired, counted."""
    must_be(actor, Role.TECHNICIAN, Role.SUPERVISOR)
    now = ports.signature_clock.now()
    standings = ports.fleet_reads.standings(actor.division)
    halls: dict[str, Counter[str]] = {}
    for each in standings:
        halls.setdefault(each.hall, Counter())[word_of(each, now)] += 1
    return FleetSummary(
        [
            HallCount(hall, {word: number for word, number in counts.items() if word}, counts[""])
            for hall, counts in halls.items()
        ],
        Counter(each.state for each in standings),
        Counter(str(each.versions.get("agent", "")) for each in standings if each.heard_at),
        Counter(str(each.versions.get("catalog", "")) for each in standings if each.heard_at),
        ports.fleet_reads.count_open_alerts(actor.division),
    )


def get_terminal(ports: Ports, actor: Actor, terminal_id: str) -> TerminalView:
    """Everything about one terminal, retired ones too; raises ``NotFound``."""
    must_be(actor, Role.TECHNICIAN, Role.SUPERVISOR)
    row = ports.fleet_reads.find(terminal_id)
    if row is None or actor.division not in (None, row.terminal.division):
        raise NotFound
    key = row.terminal.public_key
    with ports.records.read() as uow:
        return TerminalView(
            make_line(row, ports.signature_clock.now()),
            check_words(key) if key else None,
            row.settings,
            uow.configurations.list_of(terminal_id),
            uow.terminal_commands.list_of(terminal_id),
            uow.alerts.list_of(terminal_id),
            uow.terminal_events.list_of(terminal_id),
            uow.enrolment_codes.list_of(terminal_id),
        )


def list_alerts(
    ports: Ports, actor: Actor, *, only_open: bool = True, cursor: str | None = None, limit: int = 50
) -> Page[tuple[Alert, str, str]]:
    """Newest first, each with its terminal's number and hall."""
    must_be(actor, Role.TECHNICIAN, Role.SUPERVISOR)
    return ports.fleet_reads.alerts(only_open=only_open, division=actor.division, cursor=cursor, limit=limit)


def mark_seen(ports: Ports, actor: Actor, alert_id: str) -> None:
    """Somebody is seeing to it; raises ``NotFound``. An alert of a retired terminal is over with this."""
    must_be(actor, Role.TECHNICIAN)
    now = ports.signature_clock.now()
    with ports.records.act() as uow:
        alert = uow.alerts.find(alert_id)
        if alert is None:
            raise NotFound
        terminal = get_to_change(uow, actor, alert.terminal)
        uow.alerts.mark_seen(alert_id, actor.id, now)
        if terminal.state is TerminalState.RETIRED:
            uow.alerts.close(alert.terminal, alert.kind, alert.subject, now)


def make_line(row: FleetRow, now: datetime) -> TerminalLine:
    """A row as people read it at a moment."""
    health, body = _health(row, now), dict(row.report.body) if row.report else {}
    expected = row.settings.get("expected_devices", ())
    heard = health is not None and health.word is not HealthWord.SILENT
    serves = row.terminal.state is TerminalState.ACTIVE
    return TerminalLine(
        terminal=row.terminal,
        health=health,
        heard_at=row.report.heard_at if row.report else None,
        devices=_tiles(body.get("devices", {}), expected),
        lost=lost_abilities(body, expected, is_heard=heard and serves),
        alerts=row.alerts,
        versions=body.get("versions", {}),
        outbox=body.get("outbox", {}),
        last_proven_print_at=body.get("last_proven_print_at"),
        last_session_ended_at=body.get("last_session_ended_at"),
        told=body,
    )


def _health(row: FleetRow, now: datetime) -> Health | None:
    return health_at(row.report, now) if row.report else None


def word_of(standing: FleetStanding, now: datetime) -> str:
    """Health's word, empty for one that has never spoken."""
    if standing.heard_at is None or standing.health is None:
        return ""
    return str(HealthWord.SILENT) if now - standing.heard_at > SILENT_AFTER else standing.health


def _tiles(devices: Mapping[str, Any], expected: Sequence[str]) -> list[DeviceTile]:
    return [_tile(kind, devices.get(kind)) for kind in dict.fromkeys([*expected, *devices])]


def _tile(kind: str, device: Mapping[str, Any] | None) -> DeviceTile:
    name = DEVICE_WORDS.get(kind, Label(kind, kind))
    if device is None:
        return DeviceTile(kind, name, "", _UNKNOWN, None, "not_reported", None, is_usable=False)
    return DeviceTile(
        kind,
        name,
        device["state"],
        DEVICE_STATE_WORDS.get(device["state"], _UNKNOWN),
        device.get("since_at"),
        device.get("reason", ""),
        device.get("paper"),
        is_usable=is_usable(device),
    )
