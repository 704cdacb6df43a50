"""Cursor paging over a list that has an order: the cursor names the last one seen."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.exceptions import BadRequest


def page_of(
    rows: Sequence[Mapping[str, Any]], key: str, cursor: str | None, size: int
) -> tuple[Sequence[Mapping[str, Any]], str | None]:
    """The rows behind the cursor, at most ``size``, and the next cursor or None at the end."""
    start = 0
    if cursor is not None:
        last = _read(cursor)
        start = next((index + 1 for index, row in enumerate(rows) if row[key] == last), len(rows))
    page = rows[start : start + size]
    more = start + size < len(rows)
    return page, _write(str(page[-1][key])) if more and page else None


def _write(last: str) -> str:
    return base64.urlsafe_b64encode(last.encode()).decode().rstrip("=")


def _read(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError) as error:
        raise BadRequest from error
