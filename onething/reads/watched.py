"""Lists of what supervision follows up: orders, calls at kiosks, disputes, ratings. Newest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from onething.domain.clocks import colour, day_of
from onething.domain.listing import (
    BadFilter,
    CallLine,
    DisputeLine,
    Filters,
    OrderLine,
    Page,
    RatingLine,
)
from onething.reads.paging import Stretch, read_page
from onething.storage.tables import cases, staff_calls, terminals
from onething.storage.tables_handling import orders
from onething.storage.tables_results import disputes, ratings, rectifications

_C, _O, _S, _D, _R = cases.c, orders.c, staff_calls.c, disputes.c, ratings.c
_ORDERS = select(
    _O.id, _O.number, _C.number.label("case_number"), _C.thing, _O.department, _O.reason, _O.issued_by,
    _O.issued_at, _O.due_on, _O.answer, _O.answered_at,
).join_from(orders, cases)  # fmt: skip
_CALLS = select(
    _S.id,
    _S.terminal,
    terminals.c.number,
    terminals.c.hall,
    _S.screen,
    _S.reason,
    _S.called_at,
    _S.answered_at,
).join_from(staff_calls, terminals, _S.terminal == terminals.c.id)
_DISPUTES = select(
    _D.id, _D.thing, _D.fact, _D.source, _D.department, _D.state, _D.opened_at, _D.due_on, _D.settled_at,
    _C.number.label("case_number"), _D.warned_at,
).join_from(disputes, cases, isouter=True)  # fmt: skip
_RATINGS = select(
    _R.id, _C.number.label("case_number"), _R.thing, _R.matter, _R.department, _R.level, _R.reasons,
    _R.channel, _R.state, _R.rated_at, rectifications.c.state.label("rectification"), rectifications.c.due_on,
).join_from(ratings, cases).join(
    rectifications, rectifications.c.rating == _R.id, isouter=True
)  # fmt: skip


def read_orders(
    connection: Connection, today: date, filters: Filters, cursor: str | None, limit: int
) -> Page[OrderLine]:
    """States: open, answered."""
    pairs = ((_C.thing, filters.thing), (_O.department, filters.department), (_O.division, filters.division))
    where = [*_narrowed(pairs), *_answered(_O.answered_at, filters.state)]
    stretch = Stretch(where, _O.issued_at, _O.id, newest_first=True)
    return read_page(connection, _ORDERS, [stretch], cursor, limit, lambda row: _order(row, today))


def read_staff_calls(
    connection: Connection, filters: Filters, cursor: str | None, limit: int
) -> Page[CallLine]:
    """States: open, answered."""
    where = [*_narrowed(((_S.division, filters.division),)), *_answered(_S.answered_at, filters.state)]
    stretch = Stretch(where, _S.called_at, _S.id, newest_first=True)
    return read_page(connection, _CALLS, [stretch], cursor, limit, lambda row: CallLine(*row[:8]))


def read_disputes(
    connection: Connection, today: date, filters: Filters, cursor: str | None, limit: int
) -> Page[DisputeLine]:
    """States are the disputes' own."""
    where = _narrowed(
        (
            (_D.thing, filters.thing),
            (_D.department, filters.department),
            (_D.state, filters.state),
            (_D.division, filters.division),
        )
    )
    stretch = Stretch(where, _D.opened_at, _D.id, newest_first=True)
    return read_page(connection, _DISPUTES, [stretch], cursor, limit, lambda row: _dispute(row, today))


def read_ratings(
    connection: Connection, filters: Filters, cursor: str | None, limit: int
) -> Page[RatingLine]:
    """States: a rating's own, or a rectification's (open, called_back, settled, dropped)."""
    where = _narrowed(
        ((_R.thing, filters.thing), (_R.department, filters.department), (_R.division, filters.division))
    )
    if filters.state is not None:
        of_rating = filters.state in ("counted", "excluded")
        where.append((_R.state if of_rating else rectifications.c.state) == filters.state)
    stretch = Stretch(where, _R.rated_at, _R.id, newest_first=True)
    return read_page(connection, _RATINGS, [stretch], cursor, limit, _rating)


def _narrowed(pairs: Sequence[tuple[ColumnElement[Any], str | None]]) -> list[ColumnElement[bool]]:
    return [column == wanted for column, wanted in pairs if wanted is not None]


def _answered(answered_at: ColumnElement[Any], state: str | None) -> list[ColumnElement[bool]]:
    if state is None:
        return []
    if state not in ("open", "answered"):
        raise BadFilter
    return [answered_at.is_(None) if state == "open" else answered_at.is_not(None)]


def _order(row: Any, today: date) -> OrderLine:
    ended_on = day_of(row.answered_at) if row.answered_at else None
    shown = colour(row.due_on, None, None, ended_on, today)
    return OrderLine(*(*row[:11], shown))


def _dispute(row: Any, today: date) -> DisputeLine:
    ended_on = day_of(row.settled_at) if row.settled_at else None
    shown = colour(row.due_on, None, None, ended_on, today)
    return DisputeLine(*(*row[:10], shown, row.warned_at is not None))


def _rating(row: Any) -> RatingLine:
    line = RatingLine(*row[:12])
    return RatingLine(**{**vars(line), "reasons": tuple(line.reasons)})
