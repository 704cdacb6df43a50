"""Where a pack differs on purpose from the published material it was made from, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onething.domain.catalog_problems import BadPack, PackProblem
from onething.packs.entries import Entry


@dataclass(frozen=True)
class Difference:
    """One deliberate difference: in which one-thing, about what, what is different and why."""

    thing: str
    about: str
    difference: str
    reason: str


def read_differences(data: Mapping[str, Any]) -> tuple[Difference, ...]:
    """The differences in a pack's plain data; raises ``BadPack`` with every problem found."""
    problems: list[PackProblem] = []
    entry = Entry(data, ("differences",), problems)
    entry.find_text("from")
    found = []
    for value, path in entry.items("list"):
        each = Entry(value, path, problems)
        words = (each.text(key) for key in ("thing", "about", "difference", "reason"))
        found.append(Difference(*words))
        each.finish()
    entry.finish()
    if problems:
        raise BadPack(problems)
    return tuple(found)
