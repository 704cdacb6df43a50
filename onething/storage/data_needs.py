"""The county's list of data-sharing needs and how each stands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, true, update

from onething.domain.needs import Need, NeedKey, NeedState
from onething.storage import tables_results as kept
from onething.storage.statements import Prepared, RowInsert

_KEY = ("source", "fact", "thing", "matter")
_REST = (
    "department", "state", "division", "since_revision", "changed_at", "changed_by", "number", "reason",
    "is_current",
)  # fmt: skip
_T = kept.data_needs.c
_SELECT = select(*(_T[name] for name in (*_KEY, *_REST))).order_by(*(_T[name] for name in _KEY))
_THIS = tuple(_T[name] == bindparam(f"of_{name}") for name in _KEY)
_FIND = Prepared(_SELECT.where(*_THIS))
_ALL = Prepared(_SELECT)
_NOT_AGREED = Prepared(
    select(*(_T[name] for name in _KEY)).where(
        _T.thing == bindparam("of_thing"),
        _T.state != NeedState.AGREED.value,
        _T.is_current == true(),
    )
)
_INSERT = RowInsert(kept.data_needs, (*_KEY, *_REST), once=True)
_CHANGE = Prepared(
    update(kept.data_needs)
    .values(
        {name: bindparam(f"new_{name}") for name in ("state", "changed_at", "changed_by", "number", "reason")}
    )
    .where(*_THIS, _T.state == bindparam("was_state"))
)
_MARK = Prepared(update(kept.data_needs).values({"is_current": bindparam("current")}).where(*_THIS))


class DatabaseDataNeeds:
    """``DataNeeds``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_all(self, needs: Sequence[Need]) -> None:
        """Needs that are there already are left alone."""
        rows = [
            [*(getattr(need.key, name) for name in _KEY), *(getattr(need, name) for name in _REST)]
            for need in needs
        ]
        _INSERT(self._connection, rows)

    def find(self, key: NeedKey) -> Need | None:
        row = _FIND.row(self._connection, **_named(key))
        return _need(row) if row else None

    def list_all(self) -> Sequence[Need]:
        """By source, fact, one-thing and matter; a county has some hundreds."""
        return [_need(row) for row in _ALL.rows(self._connection)]

    def list_not_agreed(self, thing: str) -> Collection[NeedKey]:
        """The current needs of a one-thing that nobody may be asked for."""
        return frozenset(NeedKey(*row) for row in _NOT_AGREED.rows(self._connection, of_thing=thing))

    def save(self, need: Need, was: NeedState) -> bool:
        """Whether the need was still in that state."""
        changed = _CHANGE.change(
            self._connection,
            **_named(need.key),
            was_state=was,
            new_state=need.state,
            new_changed_at=need.changed_at,
            new_changed_by=need.changed_by,
            new_number=need.number,
            new_reason=need.reason,
        )
        return changed == 1

    def mark(self, key: NeedKey, *, is_current: bool) -> None:
        """Whether the current revision of the catalog has the need."""
        _MARK.change(self._connection, **_named(key), current=is_current)


def _named(key: NeedKey) -> dict[str, str]:
    return {f"of_{name}": getattr(key, name) for name in _KEY}


def _need(row: Sequence[Any]) -> Need:
    key, rest = NeedKey(*row[:4]), dict(zip(_REST, row[4:], strict=True))
    return Need(key, **{**rest, "state": NeedState(rest["state"]), "is_current": bool(rest["is_current"])})
