"""Registers are asked only for what their departments agreed to share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from onething.domain.actors import Actor
from onething.domain.errors import NotFound
from onething.domain.needs import NEED_MOVES, NeedKey, NeedState, is_barred, needs_of
from onething.domain.plan import make_plan
from onething.domain.plan_sources import CARD
from onething.domain.situation import Situation
from onething.domain.staff import RoleMissing
from onething.services import data_needs, filling
from onething.services.outcome_refusals import NeedMove, WordsNeeded
from tests.services.county import County, field, material
from tests.services.office import CLERK, office, officer

EDITOR = Actor("editor-1", "staff", roles=frozenset({"editor"}))
LETTER = "新政数函〔2026〕12号"


@pytest.fixture
def county(furnished: County) -> Iterator[County]:
    with office(furnished) as made:
        yield made
        with made.ports.records.act() as uow:
            for need in uow.data_needs.list_all():
                uow.data_needs.save(replace(need, state=NeedState.AGREED), need.state)


def of_source(county: County, source: str, fact: str = "", thing: str = "P-NEWBORN") -> list[NeedKey]:
    _, catalog = county.ports.catalogs.current()
    return [
        key
        for key in needs_of(catalog)
        if key.source == source and key.thing == thing and fact in ("", key.fact)
    ]


def change(county: County, keys: list[NeedKey], state: NeedState, actor: Actor = EDITOR, **how: Any) -> Any:
    return data_needs.change(county.ports, actor, [str(key) for key in keys], state, **how)


def revoke(county: County, keys: list[NeedKey]) -> None:
    change(county, keys, NeedState.REVOKED, reason="系统升级，暂停共享")


def begun(county: County) -> tuple[Any, dict[str, Any]]:
    session = county.sign_in()
    return session, county.agree(session, county.open(session))


def test_every_call_of_every_one_thing_stands_on_the_list(county: County) -> None:
    _, catalog = county.ports.catalogs.current()
    listed = set(needs_of(catalog))
    sources = {(key.source, key.fact, key.thing) for key in listed}
    for thing in catalog.things.values():
        plan = make_plan(catalog, thing.code, Situation())
        for call in (call for wave in plan.fetch for call in wave if call.source != CARD):
            for fact in call.yields.values():
                name = f"{thing.role_of(fact).kind}.{fact.partition('.')[2]}"
                assert (call.source, name, thing.code) in sources, (thing.code, call.id, fact)


def test_with_everything_agreed_registers_are_asked(county: County) -> None:
    session, draft = begun(county)
    county.sandbox.forget_calls()
    draft = county.fetch(session, draft)
    assert county.sandbox.list_calls("birth_register")
    assert field(draft, "child.birth_hospital")["state"] == "found"


def test_a_register_that_took_its_agreement_back_is_never_asked(county: County) -> None:
    revoke(county, of_source(county, "birth_register"))
    session, draft = begun(county)
    county.sandbox.forget_calls()
    draft = county.fetch(session, draft)
    assert county.sandbox.list_calls("birth_register") == []
    assert county.sandbox.list_calls("marriage_register")
    hospital = field(draft, "child.birth_hospital")
    assert (hospital["state"], hospital["value"], hospital["editable"]) == ("unavailable", None, True)
    assert "尚未同意共享" in hospital["why_zh"]
    paper = material(draft, "birth_record")
    assert paper["state"] == "to_submit"
    assert "尚未同意共享" in paper["why_zh"]
    county.fill(session, draft, child__birth_hospital="新县人民医院")  # and goes on


def test_one_fact_that_is_not_agreed_keeps_the_whole_call_back(county: County) -> None:
    revoke(county, of_source(county, "birth_register", "person.birth_hospital")[:1])
    session, draft = begun(county)
    county.sandbox.forget_calls()
    county.fetch(session, draft)
    assert county.sandbox.list_calls("birth_register") == []


def test_an_agreement_helps_at_the_next_try(county: County) -> None:
    keys = of_source(county, "birth_register")
    revoke(county, keys)
    session, draft = begun(county)
    draft = county.fetch(session, draft)
    change(county, keys, NeedState.SUBMITTED)
    change(county, keys, NeedState.AGREED, number=LETTER)
    draft = county.fetch(session, draft)
    assert field(draft, "child.birth_hospital")["state"] == "found"


def test_another_one_thing_s_need_keeps_nothing_back(county: County) -> None:
    _, catalog = county.ports.catalogs.current()
    source = next(s for s in catalog.sources if of_source(county, s, thing="P-DISABILITY"))
    revoke(county, of_source(county, source, thing="P-DISABILITY"))
    session, draft = begun(county)
    assert field(county.fetch(session, draft), "child.birth_hospital")["state"] == "found"


def test_needs_go_only_the_ways_that_there_are(county: County) -> None:
    (key, *_) = of_source(county, "birth_register")
    for state in NeedState:
        if state not in NEED_MOVES[NeedState.AGREED]:
            with pytest.raises(NeedMove):
                change(county, [key], state, number=LETTER, reason="x")
    with pytest.raises(WordsNeeded):
        change(county, [key], NeedState.REVOKED)
    revoke(county, [key])
    change(county, [key], NeedState.SUBMITTED)
    with pytest.raises(WordsNeeded):
        change(county, [key], NeedState.AGREED)
    with pytest.raises(WordsNeeded):
        change(county, [key], NeedState.REFUSED)
    change(county, [key], NeedState.AGREED, number=LETTER)
    assert data_needs.is_agreed(county.ports, key)


def test_many_change_together_or_not_at_all(county: County) -> None:
    keys = of_source(county, "birth_register")
    revoke(county, keys[:1])
    with pytest.raises(NeedMove):
        revoke(county, keys)
    assert data_needs.is_agreed(county.ports, keys[1])
    with pytest.raises(NotFound):
        change(county, [NeedKey("a", "b", "c", "d")], NeedState.REVOKED, reason="x")
    with pytest.raises(NotFound):
        data_needs.change(county.ports, EDITOR, ["no key"], NeedState.REVOKED, reason="x")


def test_a_department_answers_for_its_own_sources_only(county: County) -> None:
    keys = of_source(county, "birth_register")[:2]
    with pytest.raises(NotFound):
        change(county, keys, NeedState.REVOKED, officer("GA"), reason="x")
    change(county, keys, NeedState.REVOKED, officer("WJ"), reason="暂停")
    with pytest.raises(NotFound):  # asking is the bureau's
        change(county, keys, NeedState.SUBMITTED, officer("WJ"))
    with pytest.raises(RoleMissing):
        data_needs.list_needs(county.ports, CLERK)
    own = data_needs.list_needs(county.ports, officer("WJ"))
    assert {need["department"] for need in own} == {"WJ"}
    (shown, *_) = [need for need in own if need["key"] == str(keys[0])]
    assert (shown["state"], shown["reason"], shown["moves"]) == ("revoked", "暂停", ["submitted"])
    assert shown["fact_zh"] != shown["fact"]


def test_a_draft_need_of_a_new_installation_asks_nobody(county: County) -> None:
    """As it is where nobody has agreed to anything yet: everything is typed or brought."""
    with county.ports.records.act() as uow:
        for need in uow.data_needs.list_all():
            uow.data_needs.save(replace(need, state=NeedState.DRAFT), need.state)
    session, draft = begun(county)
    county.sandbox.forget_calls()
    draft = county.fetch(session, draft)
    assert county.sandbox.list_calls() == []
    assert filling.view_draft(county.ports, session, draft["id"])["form"]["sections"]


def test_a_call_for_nothing_stands_on_its_source_s_needs(county: County) -> None:
    _, catalog = county.ports.catalogs.current()
    thing = catalog.get_thing("P-NEWBORN")
    plan = make_plan(catalog, "P-NEWBORN", Situation())
    call = next(call for wave in plan.fetch for call in wave if call.source == "birth_register")
    bare = replace(call, yields={})
    assert not is_barred(thing, bare, plan.wanted_by, frozenset())
    assert is_barred(thing, bare, plan.wanted_by, {of_source(county, "birth_register")[0]})
    assert not is_barred(thing, bare, plan.wanted_by, {of_source(county, "marriage_register")[0]})
