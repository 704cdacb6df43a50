"""How sure it must be who acts: by the chosen matters, and never more than one of them asks."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.assurance import LEVELS, REAL_NAME, highest, is_enough
from onething.domain.catalog import Catalog, StepUp
from onething.domain.dictionary import Label
from onething.domain.plan import make_plan
from onething.domain.situation import Situation
from onething.packs.reading import load_pack

PACK = load_pack(Path(__file__).parents[2] / "catalog" / "xinxian").catalog
assert PACK is not None
THING = PACK.get_thing("P-AFTER-DEATH")
ASKING = {code: each.assurance.level for code, each in THING.matters.items() if each.assurance}


def asked(chosen: set[str] | None, catalog: Catalog = PACK) -> tuple[str, set[str]]:
    wish = None if chosen is None else frozenset(chosen)
    made = make_plan(catalog, THING.code, Situation(chosen=wish)).assurance
    return made.level, set(made.matters)


@pytest.mark.parametrize(
    ("has", "wanted", "enough"),
    [
        ("card", "card", True),
        (REAL_NAME, "card", True),
        ("card", "card_and_code", False),
        (REAL_NAME, "card_and_code", False),
        ("card_and_code", "card_and_verifier", False),
        ("card_and_verifier", "card_and_code", True),
    ],
)
def test_a_level_meets_what_is_below_it(has: str, wanted: str, enough: bool) -> None:
    assert is_enough(has, wanted) is enough


def test_nothing_asks_for_more_than_the_card_by_itself() -> None:
    assert asked(None) == ("card", set())
    assert highest([]) == LEVELS[0]


def test_the_accounts_of_the_dead_ask_for_a_code() -> None:
    assert set(ASKING) == {"PENSION-ACCT", "MED-ACCT", "HPF", "DEPOSIT"}
    assert asked({"DEPOSIT", "HPF"}) == ("card_and_code", {"DEPOSIT", "HPF"})


def test_only_the_matters_that_ask_the_most_are_named() -> None:
    more = replace(THING.matters["HPF"], assurance=StepUp("card_and_verifier", Label("钱", "Money")))
    thing = replace(THING, matters={**THING.matters, "HPF": more})
    catalog = replace(PACK, things={**PACK.things, THING.code: thing})
    assert asked({"DEPOSIT", "HPF"}, catalog) == ("card_and_verifier", {"HPF"})
    assert asked({"DEPOSIT"}, catalog) == ("card_and_code", {"DEPOSIT"})


@given(st.sets(st.sampled_from(sorted(THING.matters))), st.data())
def test_leaving_a_matter_out_never_asks_for_more(chosen: set[str], data: st.DataObject) -> None:
    left = data.draw(st.sets(st.sampled_from(sorted(chosen)))) if chosen else set()
    level, by = asked(chosen)
    assert is_enough(level, asked(chosen - left)[0])
    assert by <= ASKING.keys()
    assert (level == "card") == (not chosen & ASKING.keys())
