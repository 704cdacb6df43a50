"""Counters, added to in the act's own transaction; on PostgreSQL a hot one is spread over several rows."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete

from onething.domain.tallies import Counted, SourceAnswered, Standing, Tally
from onething.storage.statements import Prepared, RowInsert
from onething.storage.tables_supervision import source_answers, standings, tallies

# So many acts may add to the same counter at once; SQLite has one writer at a time. What stands open is
# read at every look at a board, and has fewer.
SLOTS = {"postgresql": 8}
STANDING_SLOTS = {"postgresql": 4}


class _Adding(RowInsert):
    """Inserts counters, or adds their amounts to those that are there."""

    def _write_text(self, mark: str, count: int) -> str:
        name = self._table.name
        return (
            f"{super()._write_text(mark, count)} ON CONFLICT (key) "
            f"DO UPDATE SET amount = {name}.amount + excluded.amount"
        )


def _adding(table: Table) -> tuple[_Adding, tuple[str, ...]]:
    columns = tuple(column.name for column in table.columns)
    return _Adding(table, columns), columns


_TALLIES, _TALLY = _adding(tallies)
_STANDINGS, _STANDING = _adding(standings)
_ANSWERS, _ANSWER = _adding(source_answers)
_EMPTY = Prepared(delete(standings).where(standings.c.amount == 0))
_OLD_ANSWERS = Prepared(delete(source_answers).where(source_answers.c.hour_at < bindparam("before")))


class DatabaseTallies:
    """``Tallies``."""

    def __init__(self, connection: Connection, division: str) -> None:
        self._connection = connection
        self._division = division

    def add(self, counted: Mapping[Counted, int], owner: str) -> None:
        """Add the amounts; ``owner`` (a case's id) decides which row of a spread counter is added to.

        The same owner always meets the same rows, so that a standing count returns to exactly 0 in each.
        """
        slot = self._slot(owner, SLOTS)
        rows = [_tally_row(each, amount, slot) for each, amount in counted.items() if isinstance(each, Tally)]
        self._send(_TALLIES, rows)
        slot = self._slot(owner, STANDING_SLOTS)
        rows = [
            _standing_row(each, amount, slot)
            for each, amount in counted.items()
            if isinstance(each, Standing)
        ]
        self._send(_STANDINGS, rows)

    def note_answers(self, answers: Mapping[SourceAnswered, int], at: datetime, owner: str) -> None:
        """Add to what sources answered in this hour."""
        hour_at = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        slot = self._slot(owner, SLOTS)
        self._send(
            _ANSWERS,
            [
                (
                    _key(hour_at.isoformat(), each.source, each.outcome, each.reason, self._division, slot),
                    hour_at,
                    self._division,
                    each.source,
                    each.outcome,
                    each.reason,
                    amount,
                )  # fmt: skip
                for each, amount in answers.items()
            ],
        )

    def remove_empty(self) -> int:
        """Forget standing counts that nothing is under any more; returns how many rows."""
        return _EMPTY.change(self._connection)

    def remove_answers(self, before: datetime) -> int:
        """Forget what sources answered before a moment; returns how many rows."""
        return _OLD_ANSWERS.change(self._connection, before=before)

    def _send(self, adding: _Adding, rows: Sequence[Sequence[Any]]) -> None:
        # Always in the order of their keys: two acts that wait for each other's rows would never end.
        adding(self._connection, sorted(rows, key=lambda row: str(row[0])))

    def _slot(self, owner: str, slots: Mapping[str, int]) -> int:
        return zlib.crc32(owner.encode()) % slots.get(self._connection.dialect.name, 1)


def _key(*parts: object) -> str:
    return "|".join(map(str, parts))


def _tally_row(tally: Tally, amount: int, slot: int) -> tuple[Any, ...]:
    return (_key(*astuple(tally), slot), *astuple(tally), amount)


def _standing_row(standing: Standing, amount: int, slot: int) -> tuple[Any, ...]:
    return (_key(*astuple(standing), slot), *astuple(standing), amount)
