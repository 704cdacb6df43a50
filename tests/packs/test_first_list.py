"""The county's pack holds all thirteen one-things of the first list; where it differs, it says so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from onething.domain.catalog import Catalog
from onething.domain.flow import edges_of
from onething.packs.differences import Difference, read_differences
from onething.packs.reading import LoadedPack, load_pack
from tests.packs.first_list import AFTER, PAPERS

ADDED = {"P-DISABILITY": {"ASSESSMENT"}, "E-REAL-ESTATE": {"UTIL-WATER", "UTIL-POWER", "UTIL-GAS"}}
SPLIT = {"E-REAL-ESTATE": {"UTIL"}}
# The same paper under a name that says whose it is, or in full.
RENAMED = {
    "P-MARRIAGE": {"a_id": "man_id", "b_id": "woman_id", "decl": "declaration", "pic": "photo"},
    "P-RETIRE": {"onechild": "one_child"},
}
IN_ALL = 107


def _load() -> LoadedPack:
    return load_pack(Path(__file__).parents[2] / "catalog" / "xinxian")


PACK = _load()
assert PACK.catalog is not None
CATALOG: Catalog = PACK.catalog
DIFFERENCES = read_differences(PACK.data["differences"], CATALOG.things)


def _told(thing: str) -> set[str]:
    """The codes and ids that the differences of a one-thing speak of."""
    own: list[Difference] = [each for each in DIFFERENCES if each.thing == thing]
    return {word for each in own for word in re.findall(r"[\w-]+", each.about)}


def test_thirteen_one_things_and_a_hundred_and_seven_matters() -> None:
    assert set(CATALOG.things) == set(AFTER)
    assert len(AFTER) == 13
    assert sum(len(matters) for matters in AFTER.values()) == IN_ALL
    own = sum(len(thing.matters) for thing in CATALOG.things.values())
    added, split = (sum(map(len, each.values())) for each in (ADDED, SPLIT))
    assert own == IN_ALL + added - split


@pytest.mark.parametrize("code", AFTER)
def test_every_matter_is_there_or_its_absence_is_explained(code: str) -> None:
    own, published = set(CATALOG.things[code].matters), set(AFTER[code])
    assert own - published == ADDED.get(code, set())
    assert published - own == SPLIT.get(code, set())
    assert own - published <= _told(code) | {"UTIL-WATER", "UTIL-POWER", "UTIL-GAS"}
    assert published - own <= _told(code)


@pytest.mark.parametrize("code", AFTER)
def test_every_order_edge_holds(code: str) -> None:
    """Directly or by way of others: what is published as coming later never comes earlier."""
    edges = {(edge.before, edge.after) for edge in edges_of(CATALOG, CATALOG.things[code])}
    for matter, before in AFTER[code].items():
        for later in {matter} - SPLIT.get(code, set()) or ADDED[code]:
            assert set(before.split()) <= _before(edges, later), (later, before)


def _before(edges: set[tuple[str, str]], matter: str) -> set[str]:
    reached, waiting = set[str](), [matter]
    while waiting:
        new = {before for before, after in edges if after == waiting[-1]} - reached
        waiting.pop()
        waiting += new
        reached |= new
    return reached


@pytest.mark.parametrize("code", PAPERS)
def test_every_paper_is_there_or_its_absence_is_explained(code: str) -> None:
    published = {RENAMED.get(code, {}).get(name, name) for name in PAPERS[code].split()}
    missing = published - set(CATALOG.things[code].materials)
    assert missing <= _told(code)


def test_every_one_thing_explains_itself() -> None:
    assert {each.thing for each in DIFFERENCES} == set(CATALOG.things)
    assert all(each.difference and each.reason for each in DIFFERENCES)
