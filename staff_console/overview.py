"""The first page after signing in: what waits for me, and how everything open stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, url_for

from onething.domain.catalog import CatalogError
from onething.domain.dictionary import Label
from onething.domain.staff import Role
from onething.services import supervision
from onething.services.supervision import Overview
from staff_console.rendering import show as show_page
from staff_console.rooms import Room, Tile
from web.current import current_duty, current_ports

room = Room("overview", "/")
room.add_menu("概览", "Overview", "show", group=("工作台", "Desk"), key="1")

_SEES_CASES = frozenset({Role.CLERK, Role.DEPARTMENT, Role.SUPERVISOR})
_TILES: list[Tile] = []


def show_tiles(tiles: Sequence[Tile]) -> None:
    """What the rooms count; said once, when the console is made."""
    _TILES[:] = tiles


@room.page("")
def show() -> Response:
    """What waits, by role."""
    staff = current_duty().staff
    stands = None
    if staff.may(_SEES_CASES):
        stands = supervision.get_overview(current_ports(), current_duty().actor())
    return show_page(
        "overview.html", tiles=_counted(), stands=stands, departments=_departments(stands) if stands else []
    )


def _counted() -> list[dict[str, Any]]:
    staff = current_duty().staff
    counted = []
    for tile in _TILES:
        waiting = tile.look() if staff.may(tile.roles) else None
        if waiting is not None:
            at = url_for(tile.endpoint, **tile.values)
            counted.append({"address": at, "label": tile.label, "count": waiting.count, "kind": waiting.kind})
    return counted


def _departments(stands: Overview) -> list[tuple[Label, Any]]:
    """Each department's name with its clocks; an officer has one department and no table of it."""
    if len(stands.departments) < 2:
        return []
    try:
        _, catalog = current_ports().catalogs.current()
    except CatalogError:
        return []
    named = ((catalog.departments.get(code), code, colours) for code, colours in stands.departments)
    return [(found.label if found else Label(code, code), colours) for found, code, colours in named]
