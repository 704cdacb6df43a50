"""Rows as the frozen records of the domain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

R = TypeVar("R")


def record_of(kind: type[R], names: Sequence[str], row: Sequence[Any], **more: Any) -> R:
    """A record with the row's values in the fields of these names; ``more`` takes their place.

    Its ``__init__`` would set each field of a frozen record by a call of its own: for a case and its
    parts that took as long as two statements.
    """
    made = object.__new__(kind)
    vars(made).update(zip(names, row, strict=True), **more)
    return made
