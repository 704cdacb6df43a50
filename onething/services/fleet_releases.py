"""The fleet as a release's next batch is judged by: which version runs where, since when, how well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from onething.domain.actors import Actor
from onething.domain.staff import Role
from onething.domain.terminals import TerminalState
from onething.ports import Ports
from onething.ports.fleet import FleetFilters, FleetRow
from onething.services.duties import must_be
from onething.services.fleet_watching import make_line

_AT_ONCE = 200


def report_releases(ports: Ports, actor: Actor) -> dict[str, Any]:
    """``{"terminals": [{"terminal", "hall", "update_channel", "version", "version_since_at", "health",
    "given_up"}]}`` of every terminal in service that has spoken, as ``release.py widen --reports`` reads it.
    """
    must_be(actor, Role.TECHNICIAN, Role.SUPERVISOR)
    now = ports.signature_clock.now()
    return {"terminals": [_line(row, now) for row in _rows(ports, actor) if row.report is not None]}


def _rows(ports: Ports, actor: Actor) -> Iterator[FleetRow]:
    filters = FleetFilters(None, str(TerminalState.ACTIVE), None, actor.division)
    cursor: str | None = None
    while True:
        page = ports.fleet_reads.terminals(filters, cursor, _AT_ONCE)
        yield from page.rows
        if page.next is None:
            return
        cursor = page.next


def _line(row: FleetRow, now: datetime) -> dict[str, Any]:
    line = make_line(row, now)
    return {
        "terminal": row.terminal.number,
        "hall": row.terminal.hall,
        "update_channel": row.settings.get("update_channel", "stable"),
        "version": str(line.versions.get("agent", "")),
        "version_since_at": line.told.get("version_since_at") or now.isoformat(),
        "health": str(line.health.word) if line.health else "",
        "given_up": line.told.get("given_up", []),
    }
