"""What a new revision of the catalog changes, in words; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from onething.domain.catalog import Catalog, Label, Limit, Thing
from onething.domain.limits import say_limit

_DICTIONARY = ("departments", "facts", "code_sets", "documents", "sources", "batches")
_PARTS = ("roles", "groups", "matters", "materials", "computed", "joint_visits")


def differences_between(before: Catalog | None, after: Catalog) -> tuple[str, ...]:
    """One sentence for each addition, removal and change; none when both say the same."""
    if before is None:
        return tuple(f"new catalog {after.pack} with {code}" for code in after.things)
    lines = list(_plain("", before, after, skip={*_DICTIONARY, "things"}))
    for part in _DICTIONARY:
        lines += _entries(f"{part}: ", getattr(before, part), getattr(after, part))
    for code in _all_keys(before.things, after.things):
        lines += _thing(code, before.things.get(code), after.things.get(code))
    return tuple(lines)


def _thing(code: str, before: Thing | None, after: Thing | None) -> Iterable[str]:
    if before is None or after is None:
        yield f"{code}: {'added' if before is None else 'removed'}"
        return
    yield from _plain(f"{code}: ", before, after, skip=set(_PARTS))
    for part in _PARTS:
        yield from _entries(f"{code}: {part}: ", getattr(before, part), getattr(after, part))


def _entries(where: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[str]:
    for key in _all_keys(before, after):
        if key not in before:
            yield f"{where}{key} added"
        elif key not in after:
            yield f"{where}{key} removed"
        elif before[key] != after[key]:
            yield from _entry(f"{where}{key}", before[key], after[key])
    if list(before) != list(after) and before.keys() == after.keys():
        yield f"{where}in another order"


def _entry(where: str, before: Any, after: Any) -> Iterable[str]:
    if is_dataclass(before):
        yield from _plain(f"{where}: ", before, after, skip=set())
    elif isinstance(before, Mapping):
        yield from _entries(f"{where}: ", before, after)
    else:
        yield f"{where}: {_say(before)} → {_say(after)}"


def _plain(where: str, before: Any, after: Any, skip: set[str]) -> Iterable[str]:
    for each in fields(before):
        old, new = getattr(before, each.name), getattr(after, each.name)
        if each.name in skip or old == new:
            continue
        if isinstance(old, tuple) and isinstance(new, tuple):
            yield f"{where}{each.name}: {_changes_of_list(old, new)}"
        else:
            yield f"{where}{each.name}: {_say(old)} → {_say(new)}"


def _changes_of_list(before: Sequence[Any], after: Sequence[Any]) -> str:
    added = [f"+ {_say(each)}" for each in after if each not in before]
    removed = [f"- {_say(each)}" for each in before if each not in after]
    return ", ".join([*added, *removed]) or "in another order"


def _say(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, Label):
        return f"{value.zh} / {value.en}"
    if isinstance(value, Limit):
        return say_limit(value).en
    if isinstance(value, tuple):
        return "[" + ", ".join(_say(each) for each in value) + "]"
    if is_dataclass(value):
        told = ((each.name, getattr(value, each.name)) for each in fields(value))
        return " ".join(f"{name}={_say(part)}" for name, part in told if part is not None)
    return str(value)


def _all_keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys([*before, *after]))
