"""Heartbeats: one row a terminal, written over; alerts and history only when something has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from onething.domain.actors import Actor
from onething.domain.dictionary import Label
from onething.domain.errors import Refusal
from onething.domain.fleet import AlertKind, Condition, TerminalReport
from onething.domain.fleet_health import conditions_of, judge
from onething.domain.heartbeats import Arrival, judge_arrival
from onething.domain.records import Terminal
from onething.domain.terminals import TerminalAct, TerminalState, next_state
from onething.ports import Ports, UnitOfWork
from onething.services.fleet_commands import tell, wipe_stolen
from onething.services.fleet_enrolling import shall_renew
from onething.services.fleet_notes import note, raise_alert

_TERMINAL = "terminal"


class HeartbeatReplayed(Refusal):
    """The very same heartbeat, or an older one, was here before."""

    reason = "nonce_replayed"
    status_hint = "unauthorised"
    text = Label("重复的请求已被拒绝", "A repeated request was refused")


def beat(ports: Ports, terminal: Terminal, body: Mapping[str, Any], signed_at: datetime) -> dict[str, Any]:
    """Take a heartbeat (the wire's words, checked by the door); ``signed_at`` by the terminal's clock.

    The counter in it stands for a nonce: raises ``HeartbeatReplayed``. A second machine with the same key
    takes the terminal out of service. One that was stolen is told to wipe itself, and nothing else.
    """
    now = ports.signature_clock.now()
    with ports.records.act() as uow:
        if terminal.stolen_at is not None:
            return _answer(ports, terminal, now, _meet_stolen(ports, uow, terminal, now))
        last, is_told = uow.terminal_reports.find_beside_orders(terminal.id, now)
        arrival = Arrival.NEW
        if last is not None:
            arrival = judge_arrival(last, body["boot_id"], body["counter"], signed_at)
        if arrival is Arrival.REPLAY:
            raise HeartbeatReplayed
        if arrival is Arrival.CLONE:
            return _answer(ports, _suspend_clone(ports, uow, terminal, body, now), now)
        report = _next_report(terminal, body, signed_at, now, last)
        uow.terminal_reports.put(report, last.counter if last else None)
        _follow(ports, uow, terminal, last, report)
        return _answer(ports, terminal, now, tell(uow, terminal, now) if is_told else ())


def _next_report(
    terminal: Terminal,
    body: Mapping[str, Any],
    signed_at: datetime,
    now: datetime,
    last: TerminalReport | None,
) -> TerminalReport:
    conditions = conditions_of(body, terminal.expected_devices, terminal.configuration)
    word, reason = judge(body, conditions)
    same = last is not None and (last.health, last.health_reason) == (word, reason)
    restarted = last is not None and last.boot_id != body["boot_id"]
    told = {name: value for name, value in body.items() if name not in ("boot_id", "counter")}
    return TerminalReport(
        terminal=terminal.id,
        boot_id=body["boot_id"],
        left_boot_id=(last.boot_id if restarted else last.left_boot_id) if last else None,
        counter=body["counter"],
        signed_at=signed_at,
        heard_at=now,
        body={**told, "version_since_at": _version_since(last, told, now)},
        health=word,
        health_reason=reason[:120],
        health_since_at=last.health_since_at if same and last else now,
        conditions=conditions,
    )


def _version_of(body: Mapping[str, Any]) -> Any:
    return body["versions"].get("agent")


def _version_since(last: TerminalReport | None, told: Mapping[str, Any], now: datetime) -> str:
    """Since when the program has been the one it is."""
    if last is not None and _version_of(last.body) == _version_of(told):
        return str(last.body.get("version_since_at", last.heard_at.isoformat()))
    return now.isoformat()


def _follow(
    ports: Ports, uow: UnitOfWork, terminal: Terminal, last: TerminalReport | None, report: TerminalReport
) -> None:
    """Open and close alerts as the conditions have changed; most heartbeats change nothing."""
    before = _by_place(last.conditions if last else ())
    after = _by_place(report.conditions)
    for place, condition in after.items():
        if place not in before:
            raise_alert(ports, uow, terminal, *place, condition.reason, report.heard_at)
    for kind, subject in before.keys() - after.keys():
        uow.alerts.close(terminal.id, kind, subject, report.heard_at)
    if last is not None and last.is_silent:
        uow.alerts.close(terminal.id, AlertKind.SILENT, "", report.heard_at)
    if last is not None and last.boot_id != report.boot_id and last.counter >= 0:
        said = {"boot_id": report.boot_id}
        note(ports, uow, terminal, Actor(terminal.id, _TERMINAL), "restarted", said)
    if last is not None and _version_of(last.body) != _version_of(report.body):
        changed = {"from": _version_of(last.body), "to": _version_of(report.body)}
        note(ports, uow, terminal, Actor(terminal.id, _TERMINAL), "version_changed", changed)


def _by_place(conditions: Sequence[Condition]) -> dict[tuple[AlertKind, str], Condition]:
    return {(each.kind, each.subject): each for each in conditions}


def _suspend_clone(
    ports: Ports, uow: UnitOfWork, terminal: Terminal, body: Mapping[str, Any], now: datetime
) -> Terminal:
    present = uow.terminals.find_to_change(terminal.id)
    assert present is not None
    raise_alert(ports, uow, present, AlertKind.CLONE, "", "two_machines_one_key", now)
    if present.state is not TerminalState.ACTIVE:
        return present
    suspended = replace(present, state=next_state(TerminalAct.SUSPEND, present.state), state_since_at=now)
    uow.terminals.save(suspended)
    uow.sessions.end_all_of_terminal(terminal.id, ports.clock.now(), "out_of_service")
    said = {"state": suspended.state, "reason": "clone", "boot_id": body["boot_id"]}
    note(ports, uow, terminal, Actor(terminal.id, _TERMINAL), TerminalAct.SUSPEND, said)
    return suspended


def _meet_stolen(
    ports: Ports, uow: UnitOfWork, terminal: Terminal, now: datetime
) -> Sequence[Mapping[str, Any]]:
    """What a stolen terminal is told; that it was heard is an alert of its own."""
    if raise_alert(ports, uow, terminal, AlertKind.HEARD_AGAIN, "", "stolen", now):
        note(ports, uow, terminal, Actor(terminal.id, _TERMINAL), "heard_again")
    wipe_stolen(ports, uow, terminal, now)
    return tell(uow, terminal, now)


def _answer(
    ports: Ports, terminal: Terminal, now: datetime, commands: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    return {
        "server_time": now.isoformat(),
        "state": str(terminal.state),
        "configuration": terminal.configuration,
        "renew_key": shall_renew(ports, terminal, now),
        "commands": list(commands),
    }
