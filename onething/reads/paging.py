"""One page of a list by its place, not by counting rows: the thousandth page costs what the first does."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

import orjson
from sqlalchemy import ColumnElement, Connection, Select, literal, tuple_
from sqlalchemy.types import Date

from onething.domain.listing import MOST_ROWS, BadCursor, Page
from onething.storage.columns import Instant

Row = TypeVar("Row")


@dataclass(frozen=True)
class Stretch:
    """Some rows of a list in the order of ``key``, which none of them lacks, and then of ``id``."""

    where: Sequence[ColumnElement[bool]]
    key: ColumnElement[Any]
    id: ColumnElement[str]
    newest_first: bool = False


@dataclass(frozen=True)
class _Place:
    """The last row of a page: in which stretch, its key and its id."""

    stretch: int
    key: Any
    id: str


def read_page(
    connection: Connection,
    columns: Select[*tuple[Any, ...]],
    stretches: Sequence[Stretch],
    cursor: str | None,
    limit: int,
    make: Callable[[Any], Row],
) -> Page[Row]:
    """The rows after the cursor, stretch after stretch; raises ``BadCursor``.

    ``limit`` is cut to what one page may hold.
    """
    limit = max(1, min(limit, MOST_ROWS))
    after = _read_cursor(cursor, stretches) if cursor else None
    found: list[tuple[_Place, Row]] = []
    for number, stretch in enumerate(stretches):
        if after is not None and number < after.stretch:
            continue
        begun = after if after is not None and number == after.stretch else None
        rows = connection.execute(_query(columns, stretch, begun, limit + 1 - len(found)))
        found += [(_Place(number, row[-2], row[-1]), make(row)) for row in rows]
        if len(found) > limit:
            break
    following = _write_cursor(found[limit - 1][0]) if len(found) > limit else None
    return Page(tuple(row for _place, row in found[:limit]), following)


def _query(
    columns: Select[*tuple[Any, ...]], stretch: Stretch, after: _Place | None, limit: int
) -> Select[*tuple[Any, ...]]:
    query = columns.add_columns(stretch.key.label("page_key"), stretch.id.label("page_id"))
    query = query.where(*stretch.where)
    if after is not None:
        here = tuple_(stretch.key, stretch.id)
        there = tuple_(literal(after.key, stretch.key.type), literal(after.id, stretch.id.type))
        query = query.where(here < there if stretch.newest_first else here > there)
    if stretch.newest_first:
        return query.order_by(stretch.key.desc(), stretch.id.desc()).limit(limit)
    return query.order_by(stretch.key, stretch.id).limit(limit)


def _write_cursor(place: _Place) -> str:
    written = orjson.dumps([place.stretch, place.key.isoformat(), place.id])
    return base64.urlsafe_b64encode(written).decode().rstrip("=")


def _read_cursor(cursor: str, stretches: Sequence[Stretch]) -> _Place:
    try:
        written = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        number, key, row_id = orjson.loads(written)
        if type(number) is not int or not 0 <= number < len(stretches) or not isinstance(row_id, str):
            raise BadCursor
        return _Place(number, _read_key(stretches[number].key, key), row_id)
    except (binascii.Error, ValueError, TypeError) as bad:
        raise BadCursor from bad


def _read_key(column: ColumnElement[Any], written: str) -> date | datetime:
    if isinstance(column.type, Date):
        return date.fromisoformat(written)
    assert isinstance(column.type, Instant)
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError("an instant has a time zone")
    return moment
