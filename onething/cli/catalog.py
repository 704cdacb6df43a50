"""``onething catalog``: check a pack, report on it, and publish it as a new revision."""

from __future__ import annotations

import argparse
import getpass
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from onething.configuration import Configuration, NotConfigured
from onething.domain.assurance import CARD
from onething.domain.catalog import Catalog, CatalogError, Label, Thing
from onething.domain.catalog_checks import check_catalog
from onething.domain.catalog_problems import PackProblem
from onething.domain.flow import edges_of
from onething.domain.needs import NeedState
from onething.domain.plan import make_plan
from onething.packs.differences import read_differences
from onething.packs.reading import LoadedPack, load_pack, read_catalog
from onething.services import publishing
from onething.storage.keyring import KeyRing
from onething.storage.refusals import KeyRingUnsafe, RecordsUnavailable
from onething.storage.unit_of_work import DatabaseRecords
from onething.system import SystemClock


def register(commands: Any) -> None:
    """Add ``catalog`` to the command line."""
    parser = commands.add_parser("catalog", help="the county's one-things as data")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    for name, run, about in (
        ("check", run_check, "name every mistake in a pack by file and line"),
        ("report", run_report, "count what a pack holds and list its deliberate differences"),
        ("sources", run_sources, "list as a table what a pack's sources ask for, tell and prove"),
        ("publish", run_publish, "publish a pack as the new revision"),
    ):
        act = acts.add_parser(name, help=about)
        act.add_argument("path", metavar="PATH", type=Path, nargs="?", help="the pack's folder")
        act.set_defaults(run=run)
        if name == "publish":
            act.add_argument("--dry-run", action="store_true", help="only show what would change")
            act.add_argument("--by", metavar="NAME", help="who publishes; default: the user's login name")


def run_check(chosen: argparse.Namespace, configuration: Configuration) -> int:
    """Print ``file:line: reason: sentence`` for each mistake; 1 when there is any."""
    pack = _load(chosen, configuration)
    lines = [_line(pack, problem) for problem in problems_of(pack)]
    print("\n".join(lines) if lines else _sound_line(pack))
    return 1 if lines else 0


def run_report(chosen: argparse.Namespace, configuration: Configuration) -> int:
    """Print counts and every deliberate difference with its reason."""
    pack = _sound(_load(chosen, configuration))
    assert pack.catalog is not None
    print("\n".join(_report(pack, pack.catalog)))
    return 0


def run_sources(chosen: argparse.Namespace, configuration: Configuration) -> int:
    """Print what can be asked instead of the citizen, as a Markdown table."""
    pack = _sound(_load(chosen, configuration))
    assert pack.catalog is not None
    print("\n".join(source_table(pack.catalog)))
    return 0


def source_table(catalog: Catalog) -> Iterable[str]:
    """One line for each source: its id and name, its slots, what it asks for, tells and proves."""
    yield "| source | slots | asks | yields | proves |"
    yield "|---|---|---|---|---|"
    for source in catalog.sources.values():
        slots = ", ".join(f"{slot}: {kind}" for slot, kind in source.slots.items())
        lists = [
            ", ".join(f"`{word}`" for word in words) for words in (source.asks, source.yields, source.proves)
        ]
        yield f"| `{source.id}` {source.label.zh} | {slots} | {' | '.join(each or '-' for each in lists)} |"


def run_publish(chosen: argparse.Namespace, configuration: Configuration) -> int:
    """Print the differences from the current revision, and publish unless it is a dry run."""
    pack = _sound(_load(chosen, configuration))
    if chosen.dry_run:
        done = _preview(pack, configuration)
    else:
        done = _publish(pack, configuration, chosen.by or getpass.getuser())
    for line in done.differences:
        print(f"  {line.en}")
    print(_outcome(done, dry_run=chosen.dry_run))
    return 0


def _preview(pack: LoadedPack, configuration: Configuration) -> publishing.Publication:
    """What publishing would change; an author's own machine, with no records, compares with nothing."""
    try:
        with _records(configuration) as records:
            if not records.is_ready():
                raise NotConfigured(
                    "the database is away or has no tables of this version: run onething migrate"
                )
            return publishing.preview(records, pack.data, read_catalog)
    except (NotConfigured, RecordsUnavailable) as away:
        print(f"  compared with nothing, for what is published cannot be read here: {away}")
        return publishing.preview_of_the_first(pack.data, read_catalog)


def _publish(pack: LoadedPack, configuration: Configuration, by: str) -> publishing.Publication:
    needs = NeedState(configuration.settings.needs_default)
    try:
        with _records(configuration) as records:
            return publishing.publish(records, SystemClock(), pack.data, read_catalog, by, needs=needs)
    except publishing.PublishedMeanwhile as meanwhile:
        raise CatalogError(meanwhile.text.en) from None


def _records(configuration: Configuration) -> closing[DatabaseRecords]:
    return closing(DatabaseRecords(configuration.database_url, _key_ring(configuration)))


def _key_ring(configuration: Configuration) -> KeyRing:
    try:
        return KeyRing.load(configuration.keys)
    except KeyRingUnsafe as unsafe:
        raise NotConfigured(str(unsafe)) from None


def problems_of(pack: LoadedPack) -> list[PackProblem]:
    """Every mistake in a pack: of its files, or, once it can be read, of what it says."""
    found = list(pack.problems) or (check_catalog(pack.catalog) if pack.catalog else [])
    return sorted(found, key=lambda problem: pack.files.position(problem.path))


def _load(chosen: argparse.Namespace, configuration: Configuration) -> LoadedPack:
    folder = chosen.path or configuration.catalog
    if not folder.is_dir():
        raise CatalogError(f"there is no folder {folder}")
    return load_pack(folder)


def _sound(pack: LoadedPack) -> LoadedPack:
    problems = problems_of(pack)
    if problems:
        first = _line(pack, problems[0])
        more = f"\nand {len(problems) - 1} more" if problems[1:] else ""
        raise CatalogError(f"the pack has mistakes; onething catalog check names them\n{first}{more}")
    return pack


def _line(pack: LoadedPack, problem: PackProblem) -> str:
    file, line = pack.files.position(problem.path)
    return f"{pack.folder / file}:{line}: {problem.reason}: {problem.zh} / {problem.en}"


def _sound_line(pack: LoadedPack) -> str:
    number = len(pack.data["things"])
    return f"{pack.folder}: {number}个一件事，没有错误 / {number} one-thing{'s'[: number != 1]}, no mistakes"


def _outcome(done: publishing.Publication, *, dry_run: bool) -> str:
    if not done.is_new:
        return f"revision {done.number} says the same: nothing to publish"
    return f"{'would be' if dry_run else 'published:'} revision {done.number}"


def _report(pack: LoadedPack, catalog: Catalog) -> Iterable[str]:
    things = catalog.things.values()
    totals = Counter[str]()
    rows = []
    for thing in things:
        counts = _counts(catalog, thing)
        totals.update(counts)
        rows.append(f"  {thing.code:<18}{_in_words(counts)}  {thing.label.zh}")
    yield f"{catalog.label.zh} {catalog.label.en} ({catalog.pack}, {catalog.division})"
    yield f"  {len(catalog.things)} thing{'s'[: len(things) != 1]}, {_in_words(totals)}"
    yield (
        f"  {len(catalog.facts)} facts, {len(catalog.documents)} documents, "
        f"{len(catalog.sources)} sources, {len(catalog.departments)} departments"
    )
    yield from rows
    yield from _orders(catalog)
    yield from _promises(catalog)
    yield from _second_checks(catalog)
    differences = read_differences(pack.data.get("differences", {}))
    made_from = str(pack.data.get("differences", {}).get("from", "")).strip()
    yield f"made from: {made_from or 'not said'}"
    yield f"deliberate differences from the published material: {len(differences)}"
    for each in differences:
        yield f"  {each.thing} {each.about}: {each.difference}"
        yield f"      because {each.reason}"


def _second_checks(catalog: Catalog) -> Iterable[str]:
    """Which matters ask more than the card, and why."""
    for thing in catalog.things.values():
        if thing.assurance != CARD:
            yield f"{thing.code} asks {thing.assurance}"
        for matter in thing.matters.values():
            if matter.assurance is not None:
                asked = matter.assurance
                yield f"{thing.code} {matter.code} asks {asked.level}: {asked.reason.en}"


def _counts(catalog: Catalog, thing: Thing) -> dict[str, int]:
    edges = edges_of(catalog, thing)
    return {
        "matters": len(thing.matters),
        "materials": len(thing.materials),
        "order edges": len(edges),
    }


def _in_words(counts: dict[str, int] | Counter[str]) -> str:
    return ", ".join(f"{number} {what}" for what, number in counts.items())


def _orders(catalog: Catalog) -> Iterable[str]:
    """Which matter waits for which, and for what: a result of it, or its turn."""
    for thing in catalog.things.values():
        yield f"order of {thing.code}:"
        together: dict[tuple[str, str, Label], list[str]] = {}
        for edge in edges_of(catalog, thing):
            together.setdefault((edge.after, edge.kind, edge.why), []).append(edge.before)
        for (after, kind, why), before in together.items():
            waits = "needs the result" if kind == "data" else "comes after"
            yield f"  {', '.join(before)} → {after}: {waits}: {why.zh} {why.en}"


def _promises(catalog: Catalog) -> Iterable[str]:
    """Where the default choice's longest path passes the promise, who answers for it and why."""
    for thing in catalog.things.values():
        end = make_plan(catalog, thing.code).end
        if thing.promise.override_by is None:
            continue
        yield (
            f"{thing.code}: promised {end.promise_days} working days, longest path {end.path_days:f} wd "
            f"({' > '.join(end.path)}); answered for by {thing.promise.override_by}:"
        )
        yield f"      {thing.promise.override_reason}"
