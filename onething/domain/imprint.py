"""Which published revision something was made from, and what revisions changed; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5
from weakref import WeakKeyDictionary

from onething.domain.catalog import Catalog, Label
from onething.domain.catalog_differences import differences_between, is_about
from onething.domain.guide import build_guide

# Names of news are made from this, so that they stay the same wherever the county's server stands.
_NEWS = UUID("6f1f7f0c-5a53-4c0e-9d38-0f6a0d5a8f11")
_ADDED = Label("新增“一件事”：{zh}", "New one-thing: {en}")
_CHANGED = Label("办事指南更新：{zh}", "Guide changed: {en}")
_REMOVED = Label("“一件事”停办：{zh}", "One-thing withdrawn: {en}")


@dataclass(frozen=True)
class Imprint:
    """A published revision by number; ``digest`` is the SHA-256 of its data in hex."""

    number: int
    digest: str
    published_at: datetime


@dataclass(frozen=True)
class News:
    """One entry of the feed: a revision (``thing`` None), or one guide that a revision changed.

    ``lines`` say what changed, for those who keep copies; ``id`` never changes once given;
    ``withdrawn`` says that the revision has no such guide any more.
    """

    id: UUID
    imprint: Imprint
    title: Label
    thing: str | None
    lines: tuple[Label, ...]
    withdrawn: bool = False


_told: WeakKeyDictionary[Catalog, dict[int, tuple[News, ...]]] = WeakKeyDictionary()


def news_of(imprint: Imprint, before: Catalog | None, after: Catalog) -> tuple[News, ...]:
    """What one revision changed against the one before it: the guides first, then the revision itself.

    Worked out once for each catalog in memory, for every reader of the feed asks for all of it.
    """
    told = _told.setdefault(after, {})
    if imprint.number not in told:
        told[imprint.number] = _news_of(imprint, before, after)
    return told[imprint.number]


def _news_of(imprint: Imprint, before: Catalog | None, after: Catalog) -> tuple[News, ...]:
    lines = differences_between(before, after)
    found = [
        News(
            _id(imprint, after, code),
            imprint,
            title,
            code,
            _lines_of(lines, code),
            withdrawn=code not in after.things,
        )
        for code, title in _changed_guides(before, after)
    ]
    title = Label(f"事项目录第{imprint.number}版发布", f"Catalog revision {imprint.number} published")
    return (*found, News(_id(imprint, after, None), imprint, title, None, lines))


def _changed_guides(before: Catalog | None, after: Catalog) -> Iterable[tuple[str, Label]]:
    for code, thing in after.things.items():
        if before is None or code not in before.things:
            yield code, _said(_ADDED, thing.label)
        elif build_guide(before, code, 0) != build_guide(after, code, 0):
            yield code, _said(_CHANGED, thing.label)
    for code, thing in (before.things if before else {}).items():
        if code not in after.things:
            yield code, _said(_REMOVED, thing.label)


def _said(pattern: Label, name: Label) -> Label:
    return Label(pattern.zh.format(zh=name.zh), pattern.en.format(en=name.en))


def _lines_of(lines: Sequence[Label], code: str) -> tuple[Label, ...]:
    return tuple(line for line in lines if is_about(line, code))


def _id(imprint: Imprint, catalog: Catalog, thing: str | None) -> UUID:
    return uuid5(_NEWS, f"{catalog.division}/{catalog.pack}/{imprint.number}/{thing or ''}")
