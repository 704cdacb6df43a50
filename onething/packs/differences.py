"""Where a pack differs on purpose from the published material it was made from, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from onething.domain.catalog_problems import BadPack, PackProblem, did_you_mean
from onething.packs.entries import Entry


@dataclass(frozen=True)
class Difference:
    """One deliberate difference: in which one-thing, about what, what is different and why."""

    thing: str
    about: str
    difference: str
    reason: str


def read_differences(
    data: Mapping[str, Any], things: Collection[str] | None = None
) -> tuple[Difference, ...]:
    """The differences in a pack's plain data; raises ``BadPack`` with every problem found.

    ``things`` are the codes of the pack's one-things; None leaves unchecked what a difference is of.
    """
    problems: list[PackProblem] = []
    entry = Entry(data, ("differences",), problems)
    entry.find_text("from")
    found = []
    for value, path in entry.items("list"):
        each = Entry(value, path, problems)
        thing = each.text("thing")
        if thing and things is not None and thing not in things:
            zh, en = did_you_mean(thing, things)
            each.refuse(
                (*path, "thing"),
                "unknown_thing",
                f"没有这个一件事：“{thing}”{zh}",
                f"no one-thing '{thing}'{en}",
            )
        words = (each.text(key) for key in ("about", "difference", "reason"))
        found.append(Difference(thing, *words))
        each.finish()
    entry.finish()
    if problems:
        raise BadPack(problems)
    return tuple(found)
