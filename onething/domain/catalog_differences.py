"""What a new revision of the catalog changes, in words of both languages; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from onething.domain.catalog import Catalog, Label, Limit, Thing
from onething.domain.catalog_words import part_label
from onething.domain.limits import say_limit

_DICTIONARY = ("departments", "facts", "code_sets", "documents", "sources", "batches")
_PARTS = ("roles", "groups", "matters", "materials", "computed", "joint_visits")
_ADDED, _REMOVED = Label("新增", "added"), Label("删除", "removed")
_NONE, _ORDER = Label("无", "none"), Label("顺序有变", "in another order")
_YES, _NO = Label("是", "True"), Label("否", "False")


@dataclass(frozen=True)
class _Place:
    """Where in the catalog something changed."""

    at: Label = Label("", "")

    def part(self, name: str) -> _Place:
        word = part_label(name)
        return _Place(Label(f"{self.at.zh}{word.zh}：", f"{self.at.en}{word.en}: "))

    def key(self, code: str) -> _Place:
        return _Place(Label(f"{self.at.zh}{code}：", f"{self.at.en}{code}: "))

    def say(self, zh: str, en: str) -> Label:
        return Label(f"{self.at.zh}{zh}", f"{self.at.en}{en}")


def differences_between(before: Catalog | None, after: Catalog) -> tuple[Label, ...]:
    """One sentence for each addition, removal and change; none when both say the same."""
    if before is None:
        return tuple(
            Label(f"新目录{after.pack}，含{code}“{thing.label.zh}”", f"new catalog {after.pack} with {code}")
            for code, thing in after.things.items()
        )
    lines = list(_plain(_Place(), before, after, skip={*_DICTIONARY, "things"}))
    for part in _DICTIONARY:
        lines += _entries(_Place().part(part), getattr(before, part), getattr(after, part))
    for code in _all_keys(before.things, after.things):
        lines += _thing(_Place().key(code), before.things.get(code), after.things.get(code))
    return tuple(lines)


def is_about(line: Label, code: str) -> bool:
    """Whether a sentence is about one one-thing's own declaration."""
    return line.en.startswith(f"{code}: ")


def _thing(place: _Place, before: Thing | None, after: Thing | None) -> Iterable[Label]:
    there = after or before
    if before is None or after is None:
        what = _ADDED if before is None else _REMOVED
        yield place.say(f"{what.zh}“{there.label.zh if there else ''}”", what.en)
        return
    yield from _plain(place, before, after, skip=set(_PARTS))
    for part in _PARTS:
        yield from _entries(place.part(part), getattr(before, part), getattr(after, part))


def _entries(place: _Place, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Label]:
    for key in _all_keys(before, after):
        if key not in before:
            yield place.say(f"{_ADDED.zh}{_named(key, after[key])}", f"{key} added")
        elif key not in after:
            yield place.say(f"{_REMOVED.zh}{_named(key, before[key])}", f"{key} removed")
        elif before[key] != after[key]:
            yield from _entry(place.key(key), before[key], after[key])
    if list(before) != list(after) and before.keys() == after.keys():
        yield place.say(_ORDER.zh, _ORDER.en)


def _named(key: str, entry: Any) -> str:
    """A code with what it is called, where it is called anything."""
    label = entry if isinstance(entry, Label) else getattr(entry, "label", None)
    return f"{key}“{label.zh}”" if isinstance(label, Label) else key


def _entry(place: _Place, before: Any, after: Any) -> Iterable[Label]:
    if is_dataclass(before) and not isinstance(before, Label):
        yield from _plain(place, before, after, skip=set())
    elif isinstance(before, Mapping):
        yield from _entries(place, before, after)
    else:
        yield _became(place, before, after)


def _plain(place: _Place, before: Any, after: Any, skip: set[str]) -> Iterable[Label]:
    for each in fields(before):
        old, new = getattr(before, each.name), getattr(after, each.name)
        if each.name in skip or old == new:
            continue
        if isinstance(old, tuple) and isinstance(new, tuple):
            changes = _changes_of_list(old, new)
            yield place.part(each.name).say(changes.zh, changes.en)
        else:
            yield _became(place.part(each.name), old, new)


def _became(place: _Place, before: Any, after: Any) -> Label:
    old, new = _say(before), _say(after)
    return place.say(f"{old.zh} → {new.zh}", f"{old.en} → {new.en}")


def _changes_of_list(before: Sequence[Any], after: Sequence[Any]) -> Label:
    added = [("+", _say(each)) for each in after if each not in before]
    removed = [("-", _say(each)) for each in before if each not in after]
    changes = [*added, *removed]
    if not changes:
        return _ORDER
    return Label(
        "，".join(f"{sign} {each.zh}" for sign, each in changes),
        ", ".join(f"{sign} {each.en}" for sign, each in changes),
    )


def _say(value: Any) -> Label:
    if value is None:
        return _NONE
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, Label):
        return Label(f"{value.zh} / {value.en}", f"{value.zh} / {value.en}")
    if isinstance(value, Limit):
        return say_limit(value)
    if isinstance(value, tuple):
        return _joined([_say(each) for each in value])
    if is_dataclass(value):
        return _fields(value)
    return Label(str(value), str(value))


def _joined(said: Sequence[Label]) -> Label:
    return Label(f"[{'，'.join(each.zh for each in said)}]", f"[{', '.join(each.en for each in said)}]")


def _fields(value: Any) -> Label:
    told = [(part_label(each.name), getattr(value, each.name)) for each in fields(value)]
    said = [(name, _say(part)) for name, part in told if part is not None]
    return Label(
        " ".join(f"{name.zh}={part.zh}" for name, part in said),
        " ".join(f"{name.en}={part.en}" for name, part in said),
    )


def _all_keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys([*before, *after]))
