"""The life of a terminal as technicians lead it: planned, given a code, activated, suspended, retired."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from onething.domain.actors import Actor
from onething.domain.dictionary import Label
from onething.domain.enrolment_codes import EnrolmentCode, qr_text, spaced, split_code
from onething.domain.errors import NotFound, Refusal
from onething.domain.fleet import AlertKind
from onething.domain.records import Terminal
from onething.domain.staff import Role
from onething.domain.terminal_settings import usual_settings
from onething.domain.terminals import TerminalAct, TerminalState, check_words, next_state
from onething.ports import Conflict, Ports, UnitOfWork
from onething.services.duties import must_be
from onething.services.enrolling import NumberTaken
from onething.services.fleet_configuring import add_configuration
from onething.services.fleet_notes import get_to_change, note, raise_alert

_CODES_DRAWN = 20


class WordsDiffer(Refusal):
    """The words on the kiosk are not those of the key that came: somebody else's machine."""

    reason = "check_words_differ"
    status_hint = "conflict"
    text = Label(
        "两边屏幕上的字符不一致，请勿启用", "The characters on the two screens differ: do not activate"
    )


class ReasonWanted(Refusal):
    """An act that takes a terminal from citizens says why."""

    reason = "reason_wanted"
    text = Label("请填写原因", "Please say why")


@dataclass(frozen=True)
class IssuedCode:
    """A code as it is shown, once: ``code`` for people, ``qr`` for the kiosk's own reader."""

    code: str
    qr: str
    expires_at: datetime


@dataclass(frozen=True)
class OfflineCode:
    """Eight digits that open the technician's screen without the server, and the hour they are good for."""

    code: str
    hour_at: datetime
    number: int


def plan_terminal(
    ports: Ports,
    actor: Actor,
    number: str,
    hall_zh: str,
    hall_en: str = "",
    settings: Mapping[str, Any] | None = None,
) -> Terminal:
    """A kiosk to be set up, with its first configuration; raises ``NumberTaken`` and ``BadSettings``."""
    must_be(actor, Role.TECHNICIAN)
    with ports.records.act() as uow:
        return _plan(ports, uow, actor, number, hall_zh, hall_en, settings)


def issue_code(ports: Ports, actor: Actor, terminal_id: str) -> IssuedCode:
    """A new code; any older one of this terminal, and the key it had, are worth nothing from here on."""
    must_be(actor, Role.TECHNICIAN)
    for _ in range(_CODES_DRAWN):
        code = ports.chance.enrolment_code()
        try:
            return _issue(ports, actor, terminal_id, code)
        except Conflict:
            continue  # another live code begins alike
    raise Conflict("no free code was drawn")


def activate(ports: Ports, actor: Actor, terminal_id: str, words: str) -> Terminal:
    """Somebody has compared the words on both screens; raises ``WordsDiffer``.

    A terminal that this one replaces is retired in the same act.
    """
    must_be(actor, Role.TECHNICIAN)
    with ports.records.act() as uow:
        terminal = get_to_change(uow, actor, terminal_id)
        if terminal.public_key is None or words.strip().upper() != check_words(terminal.public_key):
            raise WordsDiffer
        return move_to_active(ports, uow, actor, terminal)


def move_to_active(ports: Ports, uow: UnitOfWork, actor: Actor, terminal: Terminal) -> Terminal:
    """The same inside an act, once the key is trusted."""
    active = _move(ports, uow, actor, terminal, TerminalAct.ACTIVATE, _renewed(ports, terminal))
    old = uow.terminals.find_to_change(active.replaces) if active.replaces else None
    if old is not None and not old.state.is_final:
        _retire(ports, uow, actor, old, {"replaced_by": active.number}, replaced_by=active.id)
    return active


def reject(ports: Ports, actor: Actor, terminal_id: str) -> Terminal:
    """The words differ: the key that came is forgotten."""
    return _act(ports, actor, terminal_id, TerminalAct.REJECT, {}, public_key=None)


def suspend(ports: Ports, actor: Actor, terminal_id: str, reason: str) -> Terminal:
    """Take out of service at once: the very next request is refused, and who sits there is signed out."""
    return _act(ports, actor, terminal_id, TerminalAct.SUSPEND, {"reason": _said(reason)})


def resume(ports: Ports, actor: Actor, terminal_id: str) -> Terminal:
    """Back into service; its heartbeats may be counted anew, and what looked like a clone is settled."""
    must_be(actor, Role.TECHNICIAN)
    with ports.records.act() as uow:
        terminal = get_to_change(uow, actor, terminal_id)
        resumed = _move(ports, uow, actor, terminal, TerminalAct.RESUME, {})
        report = uow.terminal_reports.find(terminal_id)
        if report is not None:
            forgotten = replace(report, counter=-1, left_boot_id=None)
            uow.terminal_reports.put(forgotten, report.counter)
        uow.alerts.close(terminal_id, AlertKind.CLONE, "", ports.signature_clock.now())
    return resumed


def retire(ports: Ports, actor: Actor, terminal_id: str, reason: str) -> Terminal:
    """For good; its history stays."""
    must_be(actor, Role.TECHNICIAN)
    said = _said(reason)
    with ports.records.act() as uow:
        return _retire(ports, uow, actor, get_to_change(uow, actor, terminal_id), {"reason": said})


def mark_stolen(ports: Ports, actor: Actor, terminal_id: str, reason: str) -> Terminal:
    """Retired, with an alert that stays until somebody has seen it."""
    must_be(actor, Role.TECHNICIAN)
    said, now = _said(reason), ports.signature_clock.now()
    with ports.records.act() as uow:
        terminal = get_to_change(uow, actor, terminal_id)
        retired = _retire(ports, uow, actor, terminal, {"reason": said, "stolen": True}, stolen_at=now)
        raise_alert(ports, uow, terminal, AlertKind.STOLEN, "", "stolen", now)
    return retired


def replace_terminal(ports: Ports, actor: Actor, terminal_id: str, number: str) -> Terminal:
    """Plan another kiosk in its place, with its settings; when that is active, the old one is retired."""
    must_be(actor, Role.TECHNICIAN)
    with ports.records.act() as uow:
        old = get_to_change(uow, actor, terminal_id)
        if old.state.is_final:
            next_state(TerminalAct.RETIRE, old.state)
        kept = uow.configurations.find(old.id, old.configuration)
        settings = kept.settings if kept else None
        return _plan(ports, uow, actor, number, old.hall, old.hall_en, settings, replaces=old.id)


def give_offline_code(ports: Ports, actor: Actor, terminal_id: str) -> OfflineCode:
    """A code for the technician's screen of a terminal that the server cannot reach; each is counted.

    HMAC-SHA-256 over counter and hour, cut as RFC 4226 says, 8 digits; raises ``NotFound`` for a terminal
    that has handed over no secret.
    """
    must_be(actor, Role.TECHNICIAN)
    now = ports.signature_clock.now()
    with ports.records.act() as uow:
        terminal = get_to_change(uow, actor, terminal_id)
        counted = uow.terminals.count_offline_code(terminal_id)
        if counted is None or terminal.state.is_final:
            raise NotFound
        note(ports, uow, terminal, actor, "offline_code_given", {"number": counted[1]})
    secret, number = counted
    hour = int(now.timestamp()) // 3600
    code = _eight_digits(base64.b64decode(secret), number, hour)
    return OfflineCode(code, now.replace(minute=0, second=0, microsecond=0), number)


def _eight_digits(secret: bytes, number: int, hour: int) -> str:
    message = number.to_bytes(8, "big") + hour.to_bytes(8, "big")
    digest = hmac.digest(secret, message, hashlib.sha256)
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 10**8:08d}"


def _plan(
    ports: Ports,
    uow: UnitOfWork,
    actor: Actor,
    number: str,
    hall_zh: str,
    hall_en: str,
    settings: Mapping[str, Any] | None,
    replaces: str | None = None,
) -> Terminal:
    terminal = Terminal(
        id=ports.chance.id(),
        number=number,
        hall=hall_zh,
        public_key=None,
        division=actor.division or ports.settings.division,
        enrolled_at=None,
        state=TerminalState.PLANNED,
        state_since_at=ports.signature_clock.now(),
        hall_en=hall_en,
        replaces=replaces,
    )
    wanted = {**(settings or usual_settings(hall_zh, hall_en)), "hall_zh": hall_zh, "hall_en": hall_en}
    try:
        uow.terminals.add(terminal)
    except Conflict:
        raise NumberTaken from None
    note(ports, uow, terminal, actor, "planned", {"hall": hall_zh})
    return add_configuration(ports, uow, actor, terminal, wanted)


def _issue(ports: Ports, actor: Actor, terminal_id: str, code: str) -> IssuedCode:
    now = ports.signature_clock.now()
    minutes = ports.settings.code_minutes
    looked_up, secret = split_code(code)
    given = EnrolmentCode(
        ports.chance.id(), looked_up, terminal_id, secret, actor.id, now, now + timedelta(minutes=minutes)
    )
    with ports.records.act() as uow:
        terminal = get_to_change(uow, actor, terminal_id)
        uow.enrolment_codes.end_all_of(terminal_id, "withdrawn", now)
        _move(ports, uow, actor, terminal, TerminalAct.ISSUE_CODE, {"public_key": None, "next_key": None})
        uow.enrolment_codes.add(given)
    return IssuedCode(
        spaced(code), qr_text(code, ports.settings.public_url, ports.settings.ca_pin), given.expires_at
    )


def _act(
    ports: Ports, actor: Actor, terminal_id: str, act: TerminalAct, detail: Mapping[str, Any], **changes: Any
) -> Terminal:
    must_be(actor, Role.TECHNICIAN)
    with ports.records.act() as uow:
        terminal = get_to_change(uow, actor, terminal_id)
        return _move(ports, uow, actor, terminal, act, changes, detail)


def _move(
    ports: Ports,
    uow: UnitOfWork,
    actor: Actor,
    terminal: Terminal,
    act: TerminalAct,
    changes: Mapping[str, Any],
    detail: Mapping[str, Any] | None = None,
) -> Terminal:
    """Raises ``IllegalTerminalMove``."""
    state, now = next_state(act, terminal.state), ports.signature_clock.now()
    moved = replace(terminal, state=state, state_since_at=now, **changes)
    uow.terminals.save(moved)
    if terminal.state is TerminalState.ACTIVE:
        uow.sessions.end_all_of_terminal(terminal.id, ports.clock.now(), "out_of_service")
    note(ports, uow, terminal, actor, act, {"state": state, **(detail or {})})
    return moved


def _retire(
    ports: Ports,
    uow: UnitOfWork,
    actor: Actor,
    terminal: Terminal,
    detail: Mapping[str, Any],
    **changes: Any,
) -> Terminal:
    now = ports.signature_clock.now()
    uow.enrolment_codes.end_all_of(terminal.id, "withdrawn", now)
    uow.alerts.close_all_of(terminal.id, now)
    return _move(ports, uow, actor, terminal, TerminalAct.RETIRE, {"next_key": None, **changes}, detail)


def _renewed(ports: Ports, terminal: Terminal) -> Mapping[str, Any]:
    """A key that had run out is taken again, but asked to be changed at the next heartbeat."""
    now, lasts = ports.signature_clock.now(), timedelta(days=ports.settings.terminal_key_days)
    made_at = terminal.key_made_at
    return {"key_made_at": now - lasts * 0.75} if made_at is not None and now - made_at > lasts else {}


def _said(reason: str) -> str:
    if not reason.strip():
        raise ReasonWanted
    return reason.strip()[:500]
