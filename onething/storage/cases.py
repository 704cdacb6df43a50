"""Cases, their parts, their events, and their sealed values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    bindparam,
    delete,
    select,
    tuple_,
    type_coerce,
    update,
)

from onething.domain.cases import Event, EventKind, PartState
from onething.domain.records import Case, Part
from onething.ports import Conflict
from onething.storage import tables
from onething.storage.rows import record_of
from onething.storage.sealing import RoleValues, Sealer
from onething.storage.statements import Prepared, RowInsert, rows_together

_PLAIN = (
    "id", "number", "thing", "holder", "draft", "revision", "plan", "division", "terminal", "submitted_at",
    "answered_by", "state", "sequence", "due_on", "lead", "channel", "warn_on", "paused_on", "accepted_at",
    "results_at", "closed_at", "settle_on",
)  # fmt: skip
_MOVING = (
    "state", "due_on", "warn_on", "paused_on", "accepted_at", "results_at", "closed_at", "answered_by",
    "settle_on",
)  # fmt: skip
_PART_MOVING = (
    "state", "due_on", "statutory_on", "warn_on", "paused_on", "dispatched_at", "accepted_at", "ended_at",
)  # fmt: skip
_PART = ("id", "matter", "department", *_PART_MOVING)
_EVENT = ("sequence", "kind", "at", "part", "data")

_PLAN = _PLAIN.index("plan")
_STATE = 1 + _PART.index("state")
_PART_STATES = {state.value: state for state in PartState}

_C = tables.cases.c
_P = tables.parts.c
_E = tables.case_events.c
_V = tables.case_values.c

# The plan as its text: many cases have the same one, and it is read once for them all.
_SELECT = select(*(type_coerce(_C[name], Text) if name == "plan" else _C[name] for name in _PLAIN))
_FIND = Prepared(_SELECT.where(_C.id == bindparam("wanted")))
_FIND_BY_NUMBER = Prepared(_SELECT.where(_C.number == bindparam("wanted")))
_FIND_BY_PART = Prepared(_SELECT.join(tables.parts).where(_P.id == bindparam("wanted")))
_NEWEST = _C.submitted_at.desc(), _C.id.desc()
_OF_HOLDER = Prepared(
    _SELECT.where(_C.holder == bindparam("of_holder")).order_by(*_NEWEST).limit(bindparam("at_most"))
)

_OLDER = tuple_(_C.submitted_at, _C.id) < tuple_(
    bindparam("before_at", type_=_C.submitted_at.type), bindparam("before_id", type_=_C.id.type)
)
_OLDER_OF_HOLDER = Prepared(
    _SELECT.where(_C.holder == bindparam("of_holder"), _OLDER).order_by(*_NEWEST).limit(bindparam("at_most"))
)

_TO_SETTLE = Prepared(
    select(_C.id)
    .where(_C.settle_on <= bindparam("today"))
    .order_by(_C.settle_on, _C.id)
    .limit(bindparam("at_most"))
)

_SELECT_PARTS = select(_P.case_id, *(_P[name] for name in _PART))
_PARTS = Prepared(_SELECT_PARTS.where(_P.case_id == bindparam("wanted")).order_by(_P.place))


def _parts_of(*those: ColumnElement[bool]) -> Prepared:
    ids = select(_C.id).where(*those).order_by(*_NEWEST).limit(bindparam("at_most"))
    return Prepared(_SELECT_PARTS.where(_P.case_id.in_(ids.scalar_subquery())).order_by(_P.place))


_PARTS_BY_NUMBER = Prepared(
    _SELECT_PARTS.where(
        _P.case_id == select(_C.id).where(_C.number == bindparam("wanted")).scalar_subquery()
    ).order_by(_P.place)
)
_PARTS_OF_HOLDER = _parts_of(_C.holder == bindparam("of_holder"))
_PARTS_OF_OLDER = _parts_of(_C.holder == bindparam("of_holder"), _OLDER)
_OTHER = tables.parts.alias()
_PARTS_BESIDE = Prepared(
    _SELECT_PARTS.where(
        _P.case_id == select(_OTHER.c.case_id).where(_OTHER.c.id == bindparam("wanted")).scalar_subquery()
    ).order_by(_P.place)
)
_EVENTS = Prepared(
    select(*(_E[name] for name in _EVENT)).where(_E.case_id == bindparam("wanted")).order_by(_E.sequence)
)
_VALUES = Prepared(select(_V.role, _V.retention, _V.sealed_values).where(_V.case_id == bindparam("wanted")))

_INSERT = RowInsert(tables.cases, _PLAIN)
_INSERT_PARTS = RowInsert(tables.parts, (*_PART, "case_id", "place", "division"))
_INSERT_EVENTS = RowInsert(tables.case_events, ("case_id", *_EVENT))
_INSERT_VALUES = RowInsert(tables.case_values, ("case_id", "role", "retention", "sealed_values"))
_CLEAR_ROLE = Prepared(
    delete(tables.case_values).where(_V.case_id == bindparam("wanted"), _V.role == bindparam("of_role"))
)
_ADVANCE = Prepared(
    update(tables.cases)
    .values({name: bindparam(f"new_{name}") for name in (*_MOVING, "sequence")})
    .where(_C.id == bindparam("wanted"), _C.sequence == bindparam("old_sequence"))
)
_MOVE_PART = Prepared(
    update(tables.parts)
    .values({name: bindparam(f"new_{name}") for name in _PART_MOVING})
    .where(_P.id == bindparam("wanted"), _P.case_id == bindparam("of_case"))
)


@lru_cache(maxsize=64)
def _read_plan(text: str) -> Mapping[str, Any]:
    plan: Mapping[str, Any] = orjson.loads(text)
    return MappingProxyType(plan)


class DatabaseCases:
    """``Cases``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def add(self, case: Case, events: Sequence[Event], values: RoleValues) -> None:
        """Raises ``Conflict`` when the id, the number or the draft has its case already."""
        connection = self._connection
        _INSERT(connection, [[getattr(case, name) for name in _PLAIN]])
        _INSERT_PARTS(connection, [_part_row(case, place) for place in range(len(case.parts))])
        _INSERT_EVENTS(connection, [_event_row(case.id, event) for event in events])
        _INSERT_VALUES(connection, self._sealer.seal_roles("case_values", case.id, values))

    def find(self, case_id: str) -> Case | None:
        return self._find(_FIND, _PARTS, case_id)

    def find_by_number(self, number: str) -> Case | None:
        """Exactly this number."""
        return self._find(_FIND_BY_NUMBER, _PARTS_BY_NUMBER, number)

    def find_by_part(self, part_id: str) -> Case | None:
        return self._find(_FIND_BY_PART, _PARTS_BESIDE, part_id)

    def list_of_holder(self, holder: str, limit: int = 20, before: Case | None = None) -> Sequence[Case]:
        """Newest first; those older than ``before``."""
        wanted: dict[str, Any] = {"of_holder": holder, "at_most": limit}
        if before is not None:
            wanted |= {"before_at": before.submitted_at, "before_id": before.id}
        cases = (_OLDER_OF_HOLDER if before else _OF_HOLDER).rows(self._connection, **wanted)
        parts = (_PARTS_OF_OLDER if before else _PARTS_OF_HOLDER).rows(self._connection, **wanted)
        return [_case(row, parts) for row in cases]

    def list_to_settle(self, today: date, limit: int) -> Sequence[str]:
        """Ids, the longest due first."""
        return [row[0] for row in _TO_SETTLE.rows(self._connection, today=today, at_most=limit)]

    def list_events(self, case_id: str) -> Sequence[Event]:
        """By sequence."""
        return [_event(row) for row in _EVENTS.rows(self._connection, wanted=case_id)]

    def get_values(self, case_id: str) -> Mapping[str, Mapping[str, Any]]:
        """Role to fact to ``Value.to_json()``; raises ``SealBroken``."""
        rows = _VALUES.rows(self._connection, wanted=case_id)
        return self._sealer.open_roles("case_values", case_id, rows)

    def append(self, case: Case, events: Sequence[Event]) -> None:
        """``events`` begin right after those kept; raises ``Conflict`` when they do not any more."""
        advanced = _ADVANCE.change(
            self._connection,
            wanted=case.id,
            old_sequence=events[0].sequence - 1,
            new_sequence=case.sequence,
            **{f"new_{name}": getattr(case, name) for name in _MOVING},
        )
        if advanced != 1:
            raise Conflict("the case has moved on")
        _INSERT_EVENTS(self._connection, [_event_row(case.id, event) for event in events])
        self._move_parts(case)

    def save_values(self, case_id: str, values: RoleValues) -> None:
        for role in values:
            _CLEAR_ROLE.change(self._connection, wanted=case_id, of_role=role)
        _INSERT_VALUES(self._connection, self._sealer.seal_roles("case_values", case_id, values))

    def _move_parts(self, case: Case) -> None:
        kept = {row[1]: _part(row) for row in _PARTS.rows(self._connection, wanted=case.id)}
        for part in case.parts:
            if kept.get(part.id) != part:
                _MOVE_PART.change(
                    self._connection,
                    wanted=part.id,
                    of_case=case.id,
                    **{f"new_{name}": getattr(part, name) for name in _PART_MOVING},
                )

    def _find(self, case: Prepared, parts: Prepared, wanted: str) -> Case | None:
        asked = {"wanted": wanted}
        cases, of_case = rows_together(self._connection, (case, asked), (parts, asked))
        return _case(cases[0], of_case) if cases else None


def _case(row: tuple[Any, ...], parts: Iterable[tuple[Any, ...]]) -> Case:
    own = tuple([_part(part) for part in parts if part[0] == row[0]])
    return record_of(Case, _PLAIN, row, parts=own, plan=_read_plan(row[_PLAN]))


def _part_row(case: Case, place: int) -> tuple[Any, ...]:
    part = case.parts[place]
    return (*(getattr(part, name) for name in _PART), case.id, place, case.division)


def _part(row: tuple[Any, ...]) -> Part:
    return record_of(Part, _PART, row[1:], state=_PART_STATES[row[_STATE]])


def _event_row(case_id: str, event: Event) -> tuple[Any, ...]:
    return case_id, event.sequence, event.kind, event.at, event.part, event.data


def _event(row: tuple[Any, ...]) -> Event:
    sequence, kind, at, part, data = row
    return Event(sequence, EventKind(kind), at, part, data)
