"""What supervision sees: boards, queues and follow-ups as each role may, and how everything open stands now.

Rows show numbers, things, states and clocks, never a value of a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from onething.domain.actors import Actor
from onething.domain.cases import CaseState
from onething.domain.clocks import day_of
from onething.domain.errors import NotFound
from onething.domain.listing import (
    CallLine,
    CaseLine,
    DisputeLine,
    Filters,
    OrderLine,
    Page,
    PartLine,
    RatingLine,
)
from onething.domain.staff import Role
from onething.domain.statistics import Colours, OpenClocks, SourceHealth, count_colours, health_of
from onething.ports import Ports
from onething.services.duties import must_be

_WATCHING = (Role.SUPERVISOR, Role.DEPARTMENT)
HEALTH_SPAN = timedelta(hours=24)


@dataclass(frozen=True)
class Overview:
    """How everything open stands now; ``to_accept`` cases wait for the window."""

    today: date
    cases: Colours
    parts: Colours
    to_accept: int
    in_supplement: int
    departments: tuple[tuple[str, Colours], ...]


def list_window_queue(
    ports: Ports, actor: Actor, filters: Filters, cursor: str | None = None, limit: int = 50
) -> Page[CaseLine]:
    """What waits for acceptance or a supplement. Raises ``RoleMissing``, ``BadCursor``, ``BadFilter``."""
    must_be(actor, Role.CLERK, Role.SUPERVISOR)
    return ports.reads.window_queue(_today(ports), filters, cursor, limit)


def list_department_queue(
    ports: Ports, actor: Actor, filters: Filters, cursor: str | None = None, limit: int = 50
) -> Page[PartLine]:
    """An officer's own department's open parts; a supervisor names the department in the filters."""
    must_be(actor, *_WATCHING)
    narrowed = _own_only(actor, filters)
    if narrowed.department is None:
        raise NotFound
    return ports.reads.department_queue(_today(ports), narrowed.department, narrowed, cursor, limit)


def list_board(
    ports: Ports, actor: Actor, filters: Filters, cursor: str | None = None, limit: int = 50
) -> Page[CaseLine]:
    """Every case with its clock and who holds it up. ``filters.department`` is the lead department's."""
    must_be(actor, Role.SUPERVISOR, Role.CLERK)
    return ports.reads.board(_today(ports), filters, cursor, limit)


def list_late(
    ports: Ports, actor: Actor, filters: Filters, cursor: str | None = None, limit: int = 50
) -> Page[PartLine]:
    """Open parts past their day; an officer sees their own department's."""
    must_be(actor, *_WATCHING)
    return ports.reads.late(_today(ports), _own_only(actor, filters), cursor, limit)


def list_orders(
    ports: Ports, actor: Actor, filters: Filters, cursor: str | None = None, limit: int = 50
) -> Page[OrderLine]:
    """Supervision orders; an officer sees their own department's."""
    must_be(actor, *_WATCHING)
    return ports.reads.orders(_today(ports), _own_only(actor, filters), cursor, limit)


def list_disputes(
    ports: Ports, actor: Actor, filters: Filters, cursor: str | None = None, limit: int = 50
) -> Page[DisputeLine]:
    """Disputes over shared data; an officer sees those their department supplies the value of."""
    must_be(actor, *_WATCHING)
    return ports.reads.disputes(_today(ports), _own_only(actor, filters), cursor, limit)


def list_ratings(
    ports: Ports, actor: Actor, filters: Filters, cursor: str | None = None, limit: int = 50
) -> Page[RatingLine]:
    """Ratings and how low ones are put right; an officer sees their own department's."""
    must_be(actor, *_WATCHING)
    return ports.reads.ratings(_own_only(actor, filters), cursor, limit)


def list_staff_calls(
    ports: Ports, actor: Actor, filters: Filters, cursor: str | None = None, limit: int = 50
) -> Page[CallLine]:
    """Calls for a person at kiosks."""
    must_be(actor, Role.SUPERVISOR, Role.CLERK, Role.TECHNICIAN)
    return ports.reads.staff_calls(filters, cursor, limit)


def get_overview(ports: Ports, actor: Actor, filters: Filters | None = None) -> Overview:
    """How everything open stands; an officer's is that of their own department.

    Narrowed to a thing or a state, only cases are counted: parts are not kept by these.
    """
    must_be(actor, Role.SUPERVISOR, Role.CLERK, Role.DEPARTMENT)
    today = _today(ports)
    clocks = ports.reads.open_clocks(today, _own_only(actor, filters or Filters()))
    cases = [each for each in clocks if each[0].of == "case"]
    parts = [each for each in clocks if each[0].of == "part"]
    departments = sorted({clock.department for clock, _amount in parts})
    return Overview(
        today=today,
        cases=count_colours(cases),
        parts=count_colours(parts),
        to_accept=_in_state(cases, CaseState.RECEIVED),
        in_supplement=_in_state(cases, CaseState.SUPPLEMENT),
        departments=tuple(
            (code, count_colours(each for each in parts if each[0].department == code))
            for code in departments
        ),
    )


def get_source_health(ports: Ports, actor: Actor, span: timedelta = HEALTH_SPAN) -> tuple[SourceHealth, ...]:
    """How sources answered of late, one line for each that was asked."""
    must_be(actor, Role.SUPERVISOR, Role.TECHNICIAN, Role.EDITOR)
    now = ports.clock.now()
    return health_of(ports.reads.source_answers(now - span, now))


def _own_only(actor: Actor, filters: Filters) -> Filters:
    """A supervisor sees all, an officer only their own department, whatever the filters say."""
    if actor.has(Role.SUPERVISOR) or not actor.has(Role.DEPARTMENT):
        return filters
    if actor.department is None or filters.department not in (None, actor.department):
        raise NotFound
    return replace(filters, department=actor.department)


def _in_state(clocks: Iterable[tuple[OpenClocks, int]], state: CaseState) -> int:
    return sum(amount for clock, amount in clocks if clock.state == state.value)


def _today(ports: Ports) -> date:
    return day_of(ports.clock.now())
