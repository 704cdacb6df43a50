"""``onething plan``: what a choice asks, fetches, needs and produces, straight from the pack's files."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from onething.configuration import Configuration
from onething.domain.catalog import Catalog, CatalogError, Thing
from onething.domain.guide_words import say_step_up
from onething.domain.plan import Plan, make_plan
from onething.domain.situation import Situation
from onething.domain.values import BadValue, read_value
from onething.packs.reading import load_pack

Commands = Any


def register(commands: Commands) -> None:
    """Add ``plan`` to the command line."""
    parser = commands.add_parser("plan", help="print the plan of a one-thing")
    parser.add_argument("code", metavar="CODE", help="for example P-NEWBORN")
    parser.add_argument(
        "--pack", metavar="PATH", type=Path, help="a pack's folder; default: the one configured"
    )
    parser.add_argument("--choose", metavar="M1,M2", help="chosen matters; default: as the catalog says")
    parser.add_argument("--answers", metavar="K=V,...", default="", help="answers to the questions")
    parser.add_argument("--known", metavar="FACT=VALUE,...", default="", help="facts already known")
    parser.add_argument("--count", metavar="ROLE=N,...", default="", help="how many people a role stands for")
    parser.add_argument("--why", metavar="FACT", help="which matters need this fact and why it is asked")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace, configuration: Configuration) -> int:
    """Print the plan, or why a fact is in it."""
    catalog, thing = _thing(chosen.pack or configuration.catalog, chosen.code)
    known = dict(_pairs(catalog, thing, f"{chosen.answers},{chosen.known}"))
    matters = frozenset(chosen.choose.split(",")) if chosen.choose else None
    if matters and matters - thing.matters.keys():
        raise CatalogError(f"{chosen.code} has no matter {', '.join(sorted(matters - thing.matters.keys()))}")
    counts = dict(_counts(thing, chosen.count))
    plan = make_plan(catalog, chosen.code, Situation(known, matters, counts=counts))
    if chosen.why:
        print(json.dumps(plan.why(chosen.why), ensure_ascii=False, indent=1))
    elif chosen.json:
        print(json.dumps(plan_as_json(plan), ensure_ascii=False, indent=1))
    else:
        sys.stdout.write("\n".join(_lines(catalog, thing, plan)) + "\n")
    return 0


def _thing(folder: Path, code: str) -> tuple[Catalog, Thing]:
    """The one-thing in a pack's folder; raises ``CatalogError`` that says which folder was read."""
    if not folder.is_dir():
        raise CatalogError(f"there is no folder {folder}")
    catalog = load_pack(folder).catalog
    if catalog is None:
        raise CatalogError(f"the pack {folder} has mistakes: onething catalog check {folder} names them")
    if code not in catalog.things:
        raise CatalogError(
            f"the pack {folder} has no one-thing {code}, only {', '.join(catalog.things)}; "
            "another pack is read with --pack PATH"
        )
    return catalog, catalog.get_thing(code)


def _counts(thing: Thing, text: str) -> Iterable[tuple[str, int]]:
    for pair in filter(None, text.split(",")):
        role, _, number = pair.partition("=")
        declared = thing.roles.get(role)
        if declared is None or declared.repeats is None or not number.isdecimal():
            raise CatalogError(f"{pair!r} is not role=number of a role that repeats")
        if not declared.repeats.least <= int(number) <= declared.repeats.most:
            raise CatalogError(f"{role}: from {declared.repeats.least} to {declared.repeats.most}")
        yield role, int(number)


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """The plan's JSON with the chosen matters only."""
    data = plan.to_json()
    return {**data, "matters": [matter for matter in data["matters"] if matter["chosen"]]}


def _pairs(catalog: Catalog, thing: Thing, text: str) -> Iterable[tuple[str, Any]]:
    for pair in filter(None, text.split(",")):
        key, equals, raw = pair.partition("=")
        if not equals or key.partition(".")[0].partition("[")[0] not in thing.roles:
            raise CatalogError(f"{pair!r} is not role.fact=value")
        try:
            yield key, read_value(catalog, catalog.get_fact(thing, key), raw)
        except KeyError:
            raise CatalogError(f"{key} is not in the facts dictionary") from None
        except BadValue as bad:
            raise CatalogError(f"{key}: {bad.text.en}") from None


def _lines(catalog: Catalog, thing: Thing, plan: Plan) -> Iterable[str]:
    yield f"{thing.label.zh} {thing.label.en} ({thing.code})"
    for at, wave in enumerate(plan.order.waves, 1):
        names = (f"{code} {thing.matters[code].label.zh}" for code in wave)
        yield f"  step {at}: {'; '.join(names)}"
    for code in plan.assurance.matters:
        said = say_step_up(thing.matters[code])
        yield f"  {code}: {said.zh} {said.en}" if said else f"  {code}: {plan.assurance.level}"
    for at, calls in enumerate(plan.fetch, 1):
        for call in calls:
            authorised = f", after {call.authorised_by}'s own card" if call.authorised_by else ""
            gives = ", ".join(call.yields.values()) or "a check"
            yield f"  fetch {at}: {call.id}: {gives}{authorised}"
    for asked in plan.ask:
        yield f"  ask: {asked.fact} {catalog.get_fact(thing, asked.fact).label.zh} ({asked.why})"
    for material in plan.materials:
        name = thing.materials[material.material].label.zh
        yield f"  material: {name}: {material.how.value} ({material.state})"
    for conflict in plan.conflicts:
        yield f"  cannot stand: {conflict.text.zh} {conflict.text.en}"
    end = plan.end
    yield (
        f"  end: promised {end.promise_days} working days; longest path {end.path_days} working days"
        f" and {end.path_calendar_days} calendar days ({' > '.join(end.path)})"
    )
    for code, why in end.excluded:
        yield f"  not counted: {code}: {why.en}"
