"""A table to be exported: a title, a line of headings, lines of cells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

Cell = str | int | float | date | datetime | None
# A spreadsheet takes a text that begins so for a formula, or drops the sign (OWASP, CSV injection).
RISKY_FIRST: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Share:
    """A share between 0 and 1, shown in per cent; None where nothing can be shared out."""

    value: float | None


@dataclass(frozen=True)
class Sheet:
    """One table; every row has as many cells as there are headings."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell | Share, ...], ...]


def safe_text(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(RISKY_FIRST) else text
