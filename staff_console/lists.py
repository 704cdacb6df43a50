"""Lists: rows, the filters that chose them, and the way to the next page; all of it in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import request

from onething.domain.dictionary import Label

CURSOR = "after"
PAGE = 30
_LONGEST = 200


@dataclass(frozen=True)
class Filter:
    """One filter of a list; with ``choices`` (value and words) a select, else an input of ``kind``."""

    name: str
    label: Label
    choices: Sequence[tuple[str, Label | dict[str, Any]]] = ()
    kind: str = "text"
    hint: Label | None = None

    @property
    def value(self) -> str:
        """What was asked for; a choice that is none becomes empty."""
        given = request.args.get(self.name, "").strip()[:_LONGEST]
        if not given.isprintable() or (self.choices and given not in dict(self.choices)):
            return ""
        return given


@dataclass(frozen=True)
class Listing:
    """What ``ui.filters``, ``ui.table`` and ``ui.pager`` show. ``next_cursor`` is None on the last page.

    ``fixed`` are values besides the filters that stay in the address.
    """

    rows: Sequence[Any]
    next_cursor: str | int | None = None
    filters: Sequence[Filter] = ()
    fixed: dict[str, str] = field(default_factory=dict)
    at: str = ""

    @property
    def address(self) -> str:
        """The list without filters; ``at`` says it where an act shows the list."""
        return self.at or request.path

    @property
    def is_filtered(self) -> bool:
        return any(each.value for each in self.filters)

    @property
    def is_paged(self) -> bool:
        return self.next_cursor is not None or bool(cursor())

    @property
    def next(self) -> str | None:
        """The next page's address, filters and all."""
        return None if self.next_cursor is None else self._with({CURSOR: str(self.next_cursor)})

    @property
    def first(self) -> str | None:
        """The first page with the same filters; None when this is it."""
        return self._with({}) if cursor() else None

    def _with(self, more: dict[str, str]) -> str:
        kept = {each.name: each.value for each in self.filters if each.value}
        asked = {**self.fixed, **kept, **more}
        return f"{self.address}?{urlencode(asked)}" if asked else self.address


def cursor() -> str:
    """Where this page begins, as the page before said it; empty on the first."""
    given = request.args.get(CURSOR, "")[:_LONGEST]
    return given if given.isprintable() else ""


def number_cursor() -> int | None:
    """The same for lists that count; anything but a number begins at the start."""
    given = cursor()
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None
