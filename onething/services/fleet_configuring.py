"""A terminal's configuration: made, signed, handed out, and how far the terminal has come with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from onething.domain.actors import Actor
from onething.domain.errors import NotFound
from onething.domain.fleet import AlertKind, Configuration, Outcome
from onething.domain.fleet_health import configuration_in_use
from onething.domain.records import Terminal
from onething.domain.staff import Role
from onething.domain.terminal_settings import check_settings
from onething.ports import Ports, UnitOfWork
from onething.services.duties import must_be
from onething.services.fleet_notes import canonical, get_to_change, note, raise_alert

_NOT_HELD = frozenset({Outcome.REFUSED, Outcome.ROLLED_BACK})


def configure(ports: Ports, actor: Actor, terminal_id: str, settings: Mapping[str, Any]) -> Terminal:
    """The next revision of a terminal's settings; raises ``BadSettings`` and ``NotFound``.

    The terminal takes it at its next heartbeat, and goes back by itself when it does not hold.
    """
    must_be(actor, Role.TECHNICIAN)
    with ports.records.act() as uow:
        return add_configuration(ports, uow, actor, get_to_change(uow, actor, terminal_id), settings)


def add_configuration(
    ports: Ports, uow: UnitOfWork, actor: Actor, terminal: Terminal, settings: Mapping[str, Any]
) -> Terminal:
    """The same inside an act. The hall's name in the settings is the terminal's own from here on."""
    good = check_settings(settings)
    revision = _next_revision(uow, terminal)
    signed = canonical({"terminal": terminal.id, "revision": revision, "settings": good})
    configuration = Configuration(
        id=ports.chance.id(),
        terminal=terminal.id,
        revision=revision,
        settings=good,
        signature=ports.fleet_keys.sign(signed),
        made_by=actor.id,
        made_at=ports.signature_clock.now(),
    )
    uow.configurations.add(configuration)
    changed = replace(
        terminal,
        configuration=revision,
        expected_devices=tuple(good["expected_devices"]),
        hall=good["hall_zh"],
        hall_en=good["hall_en"],
    )
    uow.terminals.save(changed)
    note(ports, uow, terminal, actor, "configured", {"revision": revision})
    return changed


def _next_revision(uow: UnitOfWork, terminal: Terminal) -> int:
    """Above what the terminal works with too: a server restored from a backup has forgotten revisions."""
    last = uow.terminal_reports.find(terminal.id)
    return max(terminal.configuration, configuration_in_use(last.body) if last else 0) + 1


def get_configuration(ports: Ports, terminal: Terminal) -> dict[str, Any]:
    """What the terminal shall work with, signed; raises ``NotFound`` when nobody has made one."""
    with ports.records.read() as uow:
        found = uow.configurations.find(terminal.id, terminal.configuration)
    if found is None:
        raise NotFound
    return {"revision": found.revision, "settings": found.settings, "signature": found.signature}


def report_configuration(
    ports: Ports, terminal: Terminal, revision: int, outcome: Outcome, reason: str, detail: str
) -> dict[str, Any]:
    """How far the terminal has come; raises ``NotFound`` for a revision it never had.

    Said again it changes nothing, and that it was applied says no more once it has held or not.
    """
    now = ports.signature_clock.now()
    with ports.records.act() as uow:
        configuration = uow.configurations.find(terminal.id, revision)
        if configuration is None:
            raise NotFound
        before = configuration.outcome
        if outcome is not before and not (outcome is Outcome.APPLIED and before is not None):
            uow.configurations.report(terminal.id, revision, outcome, now, reason, detail)
            _follow(ports, uow, terminal, revision, outcome, reason)
    return {"received": True}


def _follow(
    ports: Ports, uow: UnitOfWork, terminal: Terminal, revision: int, outcome: Outcome, reason: str
) -> None:
    now, kind = ports.signature_clock.now(), AlertKind.CONFIGURATION_ROLLED_BACK
    said = {"revision": revision, "reason": reason}
    note(ports, uow, terminal, Actor(terminal.id, "terminal"), f"configuration_{outcome}", said)
    if outcome in _NOT_HELD:
        raise_alert(ports, uow, terminal, kind, "", reason or outcome, now)
    elif outcome is Outcome.CONFIRMED and revision == terminal.configuration:
        uow.alerts.close(terminal.id, kind, "", now)
