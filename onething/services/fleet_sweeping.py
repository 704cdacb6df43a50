"""What time alone does to terminals: silence, codes and commands that lapse, keys that run out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from onething.domain.actors import WORKER
from onething.domain.fleet import AlertKind, CommandState
from onething.domain.fleet_health import SILENT_AFTER
from onething.domain.terminals import TerminalAct, TerminalState, next_state
from onething.ports import Ports
from onething.services.fleet_enrolling import TRIES_KEPT
from onething.services.fleet_notes import note, raise_alert

# Renewal is asked for at three quarters; who has not done it by then has a trouble that somebody should see.
_WARN_OF_KEYS_AT = 0.9
ATTACHMENTS_KEPT = timedelta(days=30)
# A hall's line is cut, or the county's: the worker has other things to do too.
_AT_ONCE = 200


def watch_fleet(ports: Ports) -> int:
    """Look at everything that time has changed; how much. May run twice, late, or beside itself."""
    return _find_silent(ports) + _end_codes(ports) + _end_commands(ports) + _watch_keys(ports)


def tidy_fleet(ports: Ports) -> int:
    """Forget past minutes' tries, and logs and pictures that came with results long ago; how many."""
    now = ports.signature_clock.now()
    with ports.records.act() as uow:
        forgotten = uow.enrolment_codes.purge_tries(now - TRIES_KEPT)
        old = uow.terminal_commands.list_with_attachments(now - ATTACHMENTS_KEPT)
        for order in old:
            assert order.attachment is not None
            uow.files.remove(order.attachment)
            uow.terminal_commands.save(replace(order, attachment=None), order.state)
    for order in old:
        ports.files.remove(str(order.attachment))
    return forgotten + len(old)


def _find_silent(ports: Ports) -> int:
    now = ports.signature_clock.now()
    with ports.records.read() as uow:
        silent = uow.terminal_reports.list_newly_silent(now - SILENT_AFTER)
    for start in range(0, len(silent), _AT_ONCE):
        with ports.records.act() as uow:
            for terminal, heard_at in silent[start : start + _AT_ONCE]:
                if uow.terminal_reports.mark_silent(terminal.id, heard_at):
                    raise_alert(ports, uow, terminal, AlertKind.SILENT, "", "no_heartbeat", now)
    return len(silent)


def _end_codes(ports: Ports) -> int:
    """A code that nobody used in time leaves its terminal planned; its secret is gone."""
    now = ports.signature_clock.now()
    with ports.records.read() as uow:
        lapsed = uow.enrolment_codes.list_lapsed(now)
    for code in lapsed:
        with ports.records.act() as uow:
            uow.enrolment_codes.end(code.id, "used" if code.used_at else "expired", now)
            terminal = uow.terminals.find_to_change(code.terminal)
            if code.used_at is None and terminal and terminal.state is TerminalState.CODE_ISSUED:
                state = next_state(TerminalAct.CODE_LAPSED, terminal.state)
                uow.terminals.save(replace(terminal, state=state, state_since_at=now))
                note(ports, uow, terminal, WORKER, TerminalAct.CODE_LAPSED, {"state": state})
    return len(lapsed)


def _end_commands(ports: Ports) -> int:
    now = ports.signature_clock.now()
    with ports.records.read() as uow:
        lapsed = uow.terminal_commands.list_lapsed(now)
    for order in lapsed:
        with ports.records.act() as uow:
            ended = replace(order, state=CommandState.EXPIRED, ended_at=now)
            terminal = uow.terminals.find(order.terminal)
            if terminal and uow.terminal_commands.save(ended, order.state):
                said = {"command": order.id, "kind": order.kind, "outcome": ended.state}
                note(ports, uow, terminal, WORKER, "command_ended", said)
    return len(lapsed)


def _watch_keys(ports: Ports) -> int:
    """A key about to run out is an alert; one that has run out sends its terminal to the lobby.

    Only terminals that have spoken: one without an agent cannot be asked to change its key.
    """
    now, lasts = ports.signature_clock.now(), timedelta(days=ports.settings.terminal_key_days)
    with ports.records.read() as uow:
        old = [
            each
            for each in uow.terminals.list_with_keys_before(now - lasts * _WARN_OF_KEYS_AT)
            if uow.terminal_reports.find(each.id) is not None
        ]
    changed = 0
    for terminal in old:
        assert terminal.key_made_at is not None
        with ports.records.act() as uow:
            if now - terminal.key_made_at < lasts:
                changed += raise_alert(ports, uow, terminal, AlertKind.KEY_EXPIRING, "", "key_expiring", now)
                continue
            present = uow.terminals.find_to_change(terminal.id)
            if present is None or (present.state, present.key_made_at) != (
                terminal.state,
                terminal.key_made_at,
            ):
                continue
            state = next_state(TerminalAct.KEY_LAPSED, present.state)
            uow.terminals.save(replace(present, state=state, state_since_at=now))
            note(ports, uow, present, WORKER, TerminalAct.KEY_LAPSED, {"state": state})
            changed += 1
    return changed
