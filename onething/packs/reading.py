"""From a pack's plain data to the catalog: what all one-things share, then each one-thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onething.domain.catalog import (
    APPLICATION,
    Catalog,
    Department,
    Document,
    Fact,
    FactType,
    Label,
    Sensitivity,
    Source,
    Thing,
    Window,
)
from onething.domain.catalog_problems import BadPack, PackProblem, did_you_mean
from onething.domain.catalog_problems import Path as Place
from onething.packs.calendar import read_calendar
from onething.packs.differences import read_differences
from onething.packs.entries import Entry
from onething.packs.reading_things import read_thing
from onething.packs.yaml_files import PackFiles, read_pack_files

FORMAT = 1
_PARTS = {
    "pack",
    "departments",
    "facts",
    "codes",
    "documents",
    "sources",
    "calendar",
    "differences",
    "things",
}


@dataclass(frozen=True)
class LoadedPack:
    """A pack as it stands in its folder; ``catalog`` is None when a problem keeps it from being read."""

    folder: Path
    files: PackFiles
    catalog: Catalog | None
    problems: tuple[PackProblem, ...]

    @property
    def data(self) -> dict[str, Any]:
        """The plain data that a published revision stores."""
        return self.files.data

    @property
    def positions(self) -> Mapping[Place, tuple[str, int]]:
        """Path to (file, line)."""
        return self.files.positions


def load_pack(folder: Path) -> LoadedPack:
    """Read a pack's folder; every mistake becomes a problem, in the order of the files."""
    files = read_pack_files(folder)
    problems = list(files.problems)
    catalog = None
    try:
        catalog = read_catalog(files.data)
    except BadPack as bad:
        problems += _not_echoes(files, bad.problems)
    things = files.data.get("things", {}) if not files.unread("things") else None
    for read in (
        lambda: read_calendar(files.data.get("calendar", {})),
        lambda: read_differences(files.data.get("differences", {}), things),
    ):
        try:
            read()
        except BadPack as bad:
            problems += bad.problems
    return LoadedPack(folder, files, None if problems else catalog, tuple(problems))


def _not_echoes(files: PackFiles, problems: Iterable[PackProblem]) -> list[PackProblem]:
    """Without those that only say again that a file could not be read."""
    return [
        problem
        for problem in problems
        if not files.unread(str(problem.path[0]))
        and not (problem.reason == "unknown_thing" and files.unread("things"))
    ]


def read_published(data: Mapping[str, Any]) -> Catalog:
    """The catalog of a stored revision, which passed the check of its own day.

    A rule that came later never keeps a running case from being read.
    """
    return _read(data, [])


def read_catalog(data: Mapping[str, Any]) -> Catalog:
    """The catalog in a pack's plain data; raises ``BadPack`` with every problem found."""
    problems: list[PackProblem] = []
    for key in data.keys() - _PARTS:
        problems.append(
            PackProblem((key,), "unknown_key", f"不认识的部分“{key}”", f"'{key}' is not a part of a pack")
        )
    catalog = _read(data, problems)
    if problems:
        raise BadPack(problems)
    return catalog


def _read(data: Mapping[str, Any], problems: list[PackProblem]) -> Catalog:
    def part(name: str) -> Entry:
        return Entry(data.get(name, {}), (name,), problems)

    pack = part("pack")
    if pack.number("format") != FORMAT:
        pack.refuse(("pack", "format"), "wrong_format", "格式版本应为 1", "the format must be 1")
    facts = dict(_facts(part("facts")))
    catalog = Catalog(
        pack=pack.text("pack"),
        label=pack.label(),
        division=pack.text("division"),
        facts=facts,
        code_sets={code: dict(_codes(entry)) for code, entry in part("codes").all_entries()},
        documents={code: _document(code, entry) for code, entry in part("documents").all_entries()},
        sources={code: _source(code, entry) for code, entry in part("sources").all_entries()},
        departments={code: _department(code, entry) for code, entry in part("departments").all_entries()},
        things=_in_order(
            pack, {code: read_thing(code, entry) for code, entry in part("things").all_entries()}
        ),
        windows=tuple(_window(Entry(value, path, problems)) for value, path in pack.items("windows")),
        supervision_phone=pack.find_text("supervision_phone"),
        batches={code: _batch(entry) for code, entry in pack.entries("batches")},
    )
    pack.finish()
    return catalog


def _in_order(pack: Entry, things: dict[str, Thing]) -> dict[str, Thing]:
    """The one-things as the pack lists them on the first screen; those it does not list follow."""
    listed = pack.texts("order")
    for at, code in enumerate(listed):
        if code in listed[:at]:
            zh, en = f"“{code}”列了两次", f"'{code}' is listed twice"
            pack.refuse((*pack.path, "order", at), "listed_twice", zh, en)
    for at, code in enumerate(listed):
        if code not in things:
            zh, en = did_you_mean(code, things)
            pack.refuse(
                (*pack.path, "order", at),
                "unknown_thing",
                f"没有这个一件事：“{code}”{zh}",
                f"no one-thing '{code}'{en}",
            )
    return {code: things[code] for code in dict.fromkeys([*listed, *things]) if code in things}


def _batch(entry: Entry) -> Label:
    name = entry.label()
    entry.finish()
    return name


def _facts(entry: Entry) -> list[tuple[str, Fact]]:
    found = []
    for kind, group in entry.all_entries():
        for name, fact in group.all_entries():
            found.append((f"{kind}.{name}", _fact(f"{kind}.{name}", fact)))
    if not any(key.startswith(f"{APPLICATION}.") for key, _ in found):
        entry.refuse(
            entry.path,
            "missing_key",
            f"缺少“{APPLICATION}”类事实",
            f"the facts of '{APPLICATION}' are missing",
        )
    return found


def _fact(key: str, entry: Entry) -> Fact:
    fact = Fact(
        id=key,
        label=entry.label(),
        type=entry.choice("type", FactType, FactType.TEXT),
        code_set=entry.find_text("codes"),
        sensitivity=entry.choice("sensitivity", Sensitivity, Sensitivity.PERSONAL),
        hint=entry.find_label("hint"),
        max_length=entry.find_number("max_length"),
    )
    entry.finish()
    return fact


def _codes(entry: Entry) -> list[tuple[str, Label]]:
    found = []
    entry.find_text("standard")
    for code, member in entry.entries("members"):
        found.append((code, member.label()))
        member.finish()
    entry.finish()
    return found


def _document(code: str, entry: Entry) -> Document:
    document = Document(
        id=code,
        label=entry.label(),
        channel=entry.text("channel"),
        issuer=entry.find_text("issuer"),
        e_licence=entry.flag("e_licence", False),
        e_licence_code=entry.find_text("e_licence_code"),
    )
    if document.channel and document.channel not in ("10", "20", "99"):
        entry.refuse_word(
            (*entry.path, "channel"),
            "out_of_code_set",
            document.channel,
            "来源渠道只能是 10、20 或 99",
            'the channel must be "10" (applicant), "20" (government) or "99" (other)',
        )
    entry.finish()
    return document


def _source(code: str, entry: Entry) -> Source:
    source = Source(
        id=code,
        label=entry.label(),
        department=entry.text("department"),
        slots=entry.words("slots"),
        asks=entry.texts("asks"),
        yields=entry.texts("yields"),
        proves=entry.texts("proves"),
        deadline_ms=entry.number("deadline_ms", 1500),
    )
    entry.finish()
    return source


def _department(code: str, entry: Entry) -> Department:
    department = Department(code=code, label=entry.label(), national_code=entry.find_text("national_code"))
    entry.finish()
    return department


def _window(entry: Entry) -> Window:
    window = Window(
        label=entry.label(),
        address=entry.text("address"),
        hours=entry.text("hours"),
        phone=entry.find_text("phone"),
    )
    entry.finish()
    return window
