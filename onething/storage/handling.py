"""Notices, originals, warnings, orders, the people of cases, and cursors of pulled events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, literal_column, or_, select, union_all, update

from onething.domain.case_kinds import CaseState, PartState
from onething.ports.handling import Notice, Original, SupervisionOrder, Warned
from onething.storage import tables
from onething.storage import tables_handling as kept
from onething.storage.statements import Prepared, RowInsert

_NOTICE = ("id", "number", "case_id", "kind", "part", "data", "issued_by", "issued_at", "division")
_ORIGINAL = (
    "id", "case_id", "material", "copies", "received_by", "received_at", "returned_by", "returned_at",
)  # fmt: skip
_ORDER = (
    "id", "number", "case_id", "part", "department", "reason", "issued_by", "issued_at", "due_on", "division",
    "answer", "answered_by", "answered_at",
)  # fmt: skip
_N, _O, _S, _W = kept.notices.c, kept.originals.c, kept.orders.c, kept.warnings.c
_U, _H, _Q = kept.notice_numbers.c, kept.case_people.c, kept.pull_cursors.c

_NUMBER_FIRST = RowInsert(kept.notice_numbers, ("kind", "year", "last"), once=True)
_NUMBER_NEXT = Prepared(
    update(kept.notice_numbers)
    .values({"last": _U.last + 1})
    .where(_U.kind == bindparam("of_kind"), _U.year == bindparam("of_year"))
    .returning(_U.last)
)
_ADD_NOTICE = RowInsert(kept.notices, _NOTICE)
_NOTICES = select(*(_N[name] for name in _NOTICE))
_FIND_NOTICE = Prepared(_NOTICES.where(_N.number == bindparam("wanted")))
_NOTICES_OF = Prepared(_NOTICES.where(_N.case_id == bindparam("wanted")).order_by(_N.issued_at, _N.id))

_ADD_ORIGINAL = RowInsert(kept.originals, _ORIGINAL)
_GIVE_BACK = Prepared(
    update(kept.originals)
    .values({"returned_by": bindparam("by"), "returned_at": bindparam("at")})
    .where(_O.id == bindparam("wanted"), _O.returned_at.is_(None))
)
_ORIGINALS_OF = Prepared(
    select(*(_O[name] for name in _ORIGINAL))
    .where(_O.case_id == bindparam("wanted"))
    .order_by(_O.received_at, _O.id)
)

_ADD_ORDER = RowInsert(kept.orders, _ORDER)
_ORDERS = select(*(_S[name] for name in _ORDER))
_FIND_ORDER = Prepared(_ORDERS.where(_S.id == bindparam("wanted")))
_ORDERS_OF = Prepared(_ORDERS.where(_S.case_id == bindparam("wanted")).order_by(_S.issued_at, _S.id))
_ANSWER = Prepared(
    update(kept.orders)
    .values(
        {
            "answer": bindparam("said"),
            "answered_by": bindparam("by"),
            "answered_at": bindparam("at"),
        }
    )
    .where(_S.id == bindparam("wanted"), _S.answered_at.is_(None))
)

_ADD_PEOPLE = RowInsert(kept.case_people, ("case_id", "kind", "digest"), once=True)
_CASES_OF = Prepared(
    select(_H.case_id)
    .join(tables.cases, tables.cases.c.id == _H.case_id)
    .where(_H.kind == bindparam("of_kind"), _H.digest == bindparam("wanted"))
    .order_by(tables.cases.c.submitted_at.desc(), _H.case_id)
    .limit(bindparam("at_most"))
)

_CURSOR = Prepared(select(_Q.cursor).where(_Q.department == bindparam("wanted")))
_FIRST_CURSOR = RowInsert(kept.pull_cursors, ("department", "cursor", "pulled_at"), once=True)
_PUT_CURSOR = Prepared(
    update(kept.pull_cursors)
    .values({"cursor": bindparam("new"), "pulled_at": bindparam("at")})
    .where(_Q.department == bindparam("wanted"))
)

_GIVE_WARNING = RowInsert(kept.warnings, ("case_id", "clock", "level", "due_on", "warned_at"), once=True)
_RUNNING = (PartState.DISPATCHED, PartState.IN_HANDLING, PartState.WAITING)
_C, _P = tables.cases.c, tables.parts.c


def _unwarned(case: Any, clock: Any, level: str, due_on: Any) -> Any:
    return ~exists().where(
        and_(_W.case_id == case, _W.clock == clock, _W.level == level, _W.due_on == due_on)
    )


def _due_parts(level: str, reached: Any) -> Any:
    return select(
        _P.case_id, _P.id.label("clock"), literal_column(f"'{level}'").label("level"), _P.due_on
    ).where(
        or_(*(_P.state == state.value for state in _RUNNING)),
        _P.paused_on.is_(None),
        reached,
        _unwarned(_P.case_id, _P.id, level, _P.due_on),
    )


def _due_cases(level: str, clock: str, state: CaseState, due_on: Any, reached: Any) -> Any:
    return select(
        _C.id,
        literal_column(f"'{clock}'").label("clock"),
        literal_column(f"'{level}'").label("level"),
        due_on.label("due_on"),
    ).where(
        _C.state == state.value,
        _C.paused_on.is_(None),
        _C.results_at.is_(None),
        reached,
        _unwarned(_C.id, clock, level, due_on),
    )


_TODAY: Any = bindparam("today")
_ALL_DUE = union_all(
    _due_parts("near", _P.warn_on <= _TODAY),
    _due_parts("overdue", _P.due_on < _TODAY),
    _due_cases("near", "case", CaseState.ACCEPTED, _C.due_on, _C.warn_on <= _TODAY),
    _due_cases("overdue", "case", CaseState.ACCEPTED, _C.due_on, _C.due_on < _TODAY),
    _due_cases("near", "answer", CaseState.RECEIVED, _C.answered_by, _C.answered_by <= _TODAY),
).subquery("due")
_DUE = Prepared(select(*_ALL_DUE.c).limit(bindparam("at_most")))


class DatabaseNotices:
    """``Notices``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_number(self, kind: str, year: int) -> int:
        """Counted in the act's own transaction, so that no number is lost."""
        _NUMBER_FIRST(self._connection, [(kind, year, 0)])
        return int(_NUMBER_NEXT.rows(self._connection, of_kind=kind, of_year=year)[0][0])

    def add(self, notice: Notice) -> None:
        row = [notice.case if name == "case_id" else getattr(notice, name) for name in _NOTICE]
        _ADD_NOTICE(self._connection, [row])

    def find(self, number: str) -> Notice | None:
        row = _FIND_NOTICE.row(self._connection, wanted=number)
        return Notice(*row) if row else None

    def list_of(self, case_id: str) -> Sequence[Notice]:
        return [Notice(*row) for row in _NOTICES_OF.rows(self._connection, wanted=case_id)]


class DatabaseOriginals:
    """``Originals``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, original: Original) -> None:
        row = [original.case if name == "case_id" else getattr(original, name) for name in _ORIGINAL]
        _ADD_ORIGINAL(self._connection, [row])

    def give_back(self, original_id: str, by: str, at: datetime) -> bool:
        return _GIVE_BACK.change(self._connection, wanted=original_id, by=by, at=at) == 1

    def list_of(self, case_id: str) -> Sequence[Original]:
        return [Original(*row) for row in _ORIGINALS_OF.rows(self._connection, wanted=case_id)]


class DatabaseWarnings:
    """``Warnings``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_due(self, today: date, limit: int) -> Sequence[Warned]:
        return [Warned(*row) for row in _DUE.rows(self._connection, today=today, at_most=limit)]

    def give(self, warned: Warned, at: datetime) -> bool:
        row = (warned.case, warned.clock, warned.level, warned.due_on, at)
        return _GIVE_WARNING(self._connection, [row]) == 1


class DatabaseOrders:
    """``Orders``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, order: SupervisionOrder) -> None:
        row = [order.case if name == "case_id" else getattr(order, name) for name in _ORDER]
        _ADD_ORDER(self._connection, [row])

    def find(self, order_id: str) -> SupervisionOrder | None:
        row = _FIND_ORDER.row(self._connection, wanted=order_id)
        return SupervisionOrder(*row) if row else None

    def answer(self, order_id: str, answer: str, by: str, at: datetime) -> bool:
        return _ANSWER.change(self._connection, wanted=order_id, said=answer, by=by, at=at) == 1

    def list_of_case(self, case_id: str) -> Sequence[SupervisionOrder]:
        return [SupervisionOrder(*row) for row in _ORDERS_OF.rows(self._connection, wanted=case_id)]


class DatabaseCasePeople:
    """``CasePeople``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, case_id: str, people: Sequence[tuple[str, str]]) -> None:
        if people:
            _ADD_PEOPLE(self._connection, [(case_id, kind, digest) for kind, digest in people])

    def list_cases(self, kind: str, digest: str, limit: int = 20) -> Sequence[str]:
        rows = _CASES_OF.rows(self._connection, of_kind=kind, wanted=digest, at_most=limit)
        return [row[0] for row in rows]


class DatabasePullCursors:
    """``PullCursors``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, department: str) -> str:
        row = _CURSOR.row(self._connection, wanted=department)
        return str(row[0]) if row else ""

    def put(self, department: str, cursor: str, at: datetime) -> None:
        if not _FIRST_CURSOR(self._connection, [(department, cursor, at)]):
            _PUT_CURSOR.change(self._connection, wanted=department, new=cursor, at=at)
