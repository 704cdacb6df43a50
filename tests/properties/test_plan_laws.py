"""The laws of the plan, over random situations of every one-thing of the county's pack."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onething.domain.catalog import Catalog, FactType, Matter, Thing
from onething.domain.conditions import without_index
from onething.domain.plan import conditions_of, make_plan
from onething.domain.plan_sources import calls_of
from onething.domain.situation import Ground, Outcome, Right, Situation
from onething.packs.reading import load_pack

CATALOG = load_pack(Path(__file__).parents[2] / "catalog" / "xinxian").catalog
assert CATALOG is not None
ENDS = (Outcome.FOUND, Outcome.UNAVAILABLE)
PLAIN: dict[FactType, Any] = {
    FactType.BOOLEAN: True,
    FactType.INTEGER: 7,
    FactType.DECIMAL: "12.5",
    FactType.DATE: "1990-05-06",
    FactType.DATETIME: "2026-11-15T08:30",
}


def keys_of(catalog: Catalog, thing: Thing) -> list[str]:
    return [
        f"{role.id}.{fact.name}"
        for role in thing.roles.values()
        for fact in catalog.facts.values()
        if fact.kind == role.kind and role.repeats is None
    ]


def values_for(catalog: Catalog, thing: Thing, key: str) -> list[Any]:
    fact = catalog.get_fact(thing, key)
    if fact.type is FactType.CODE:
        return list(catalog.code_sets[fact.code_set or ""])[:4]
    if fact.type is FactType.BOOLEAN:
        return [True, False]
    return [PLAIN.get(fact.type, "甲")]


@st.composite
def situations(draw: st.DrawFn, catalog: Catalog = CATALOG) -> tuple[Thing, Situation]:
    thing = draw(st.sampled_from(list(catalog.things.values())))
    known = {
        key: draw(st.sampled_from(values_for(catalog, thing, key)))
        for key in sorted(draw(st.sets(st.sampled_from(keys_of(catalog, thing)), max_size=12)))
    }
    chosen = draw(st.none() | st.frozensets(st.sampled_from(list(thing.matters))))
    holder = thing.applicants[0].role
    rights = {role: draw(st.sampled_from(list(Right))) for role in thing.roles if role != holder}
    situation = Situation(known, chosen, holder, rights)
    ids = sorted(each.id for each in all_calls(catalog, thing, situation))
    outcomes = {c: draw(st.sampled_from(list(Outcome))) for c in sorted(draw(st.sets(st.sampled_from(ids))))}
    return thing, replace(situation, outcomes=outcomes)


def all_calls(catalog: Catalog, thing: Thing, situation: Situation) -> Iterator[Any]:
    ground = Ground(catalog, thing, conditions_of(catalog, thing), situation)
    yield from calls_of(ground, {})


@given(situations())
def test_the_same_inputs_give_the_same_plan(case: tuple[Thing, Situation]) -> None:
    thing, situation = case
    assert make_plan(CATALOG, thing.code, situation) == make_plan(CATALOG, thing.code, situation)


@given(situations())
def test_a_common_fact_is_one_question(case: tuple[Thing, Situation]) -> None:
    thing, situation = case
    asked = [each.fact for each in make_plan(CATALOG, thing.code, situation).ask]
    assert len(asked) == len(set(asked))


@given(situations())
def test_nothing_produced_inside_the_case_is_asked(case: tuple[Thing, Situation]) -> None:
    thing, situation = case
    plan = make_plan(CATALOG, thing.code, situation)
    produced = {fact for matter in plan.matters if matter.chosen for fact in matter.produces}
    assert not produced & {each.fact for each in plan.ask}


@given(situations())
def test_nothing_known_is_asked_or_fetched(case: tuple[Thing, Situation]) -> None:
    thing, situation = case
    plan = make_plan(CATALOG, thing.code, situation)
    fetched = {key for wave in plan.fetch for call in wave for key in call.yields.values()}
    assert not situation.known.keys() & ({each.fact for each in plan.ask} | fetched)


@given(situations())
def test_every_question_and_paper_says_which_matters_want_it(case: tuple[Thing, Situation]) -> None:
    thing, situation = case
    plan = make_plan(CATALOG, thing.code, situation)
    questions = {question.fact for question in thing.questions}
    chosen = set(plan.chosen)
    for each in plan.ask:
        assert each.why
        if not each.decides and each.fact not in questions:
            assert each.matters
        assert set(each.matters) <= chosen
    for material in plan.materials:
        assert material.matters
        assert set(material.matters) <= chosen


@given(situations(), st.data())
def test_unticking_adds_only_what_a_remaining_matter_needs(
    case: tuple[Thing, Situation], data: st.DataObject
) -> None:
    thing, situation = case
    before = make_plan(CATALOG, thing.code, situation)
    if not before.chosen:
        return
    unticked = data.draw(st.sampled_from(before.chosen))
    after = make_plan(CATALOG, thing.code, replace(situation, chosen=frozenset(before.chosen) - {unticked}))
    new_asks = {each.fact: each for each in after.ask if each.fact not in {a.fact for a in before.ask}}
    needed = {key for matter in after.matters if matter.chosen for key in matter.needs}
    assert all(key in needed or each.decides for key, each in new_asks.items())
    wanted = {m for matter in after.matters if matter.chosen for m in matter.materials}
    assert {material.material for material in after.materials} <= wanted


@given(situations())
def test_the_order_has_no_circle_and_every_need_comes_first(case: tuple[Thing, Situation]) -> None:
    thing, situation = case
    plan = make_plan(CATALOG, thing.code, situation)
    placed: set[str] = set()
    for wave in plan.order.waves:
        for code in wave:
            assert set(plan.order.waits_for[code]) <= placed
        placed.update(wave)
    assert placed == set(plan.chosen)


@given(situations())
def test_no_source_is_asked_about_anyone_before_the_right_to_act(case: tuple[Thing, Situation]) -> None:
    thing, situation = case
    plan = make_plan(CATALOG, thing.code, situation)
    proven = {plan.holder} | {r for r, right in situation.rights.items() if right is Right.PROVEN}
    for wave in plan.fetch:
        for call in wave:
            assert call.about in proven or call.authorised_by == call.about
            assert situation.rights.get(call.about) is not Right.DECLINED or call.about == plan.holder
        proven |= {role for call in wave for role in call.proves}


@settings(deadline=None)
@given(situations(), st.data())
def test_a_source_that_answered_is_asked_only_for_what_it_was_not(
    case: tuple[Thing, Situation], data: st.DataObject
) -> None:
    thing, situation = case
    asked = {}
    for call in all_calls(CATALOG, thing, situation):
        facts = sorted(data.draw(st.sets(st.sampled_from(sorted(call.all_yields) or [""]))) - {""})
        asked[call.id] = {fact: data.draw(st.sampled_from(ENDS)) for fact in facts}
    plan = make_plan(CATALOG, thing.code, replace(situation, asked=asked))
    for wave in plan.fetch:
        for call in wave:
            outcome = situation.outcomes.get(call.id)
            assert outcome in (None, Outcome.FOUND)
            if outcome is Outcome.FOUND:
                assert call.yields
                assert not asked[call.id].keys() & set(call.yields.values())
    for each in plan.ask:
        if each.why == "not_held":
            assert any(
                situation.outcomes.get(call.id) is Outcome.NOT_HELD or each.fact in asked[call.id]
                for call in all_calls(CATALOG, thing, situation)
                if each.fact in call.all_yields
            )


@settings(max_examples=150)
@given(situations(), st.integers(0, 999), st.integers(0, 999))
def test_learning_a_value_adds_only_what_a_condition_on_it_requires(
    case: tuple[Thing, Situation], which: int, what: int
) -> None:
    thing, situation = case
    before = make_plan(CATALOG, thing.code, situation)
    unknown = [key for key in before.form if key not in situation.known]
    if not unknown:
        return
    learned = unknown[which % len(unknown)]
    values = values_for(CATALOG, thing, learned)
    value = values[what % len(values)]
    after = make_plan(CATALOG, thing.code, replace(situation, known={**situation.known, learned: value}))
    added = {each.fact for each in after.ask} - {each.fact for each in before.ask}
    # A condition speaks of a repeating role as of one.
    assert {without_index(fact) for fact in added} <= set(may_be_added(thing, without_index(learned)))


def may_be_added(thing: Thing, learned: str) -> Iterator[str]:
    """Facts that hang on a condition which reads the learned value, near or far."""
    conditions = conditions_of(CATALOG, thing)
    reads = {learned, f"holder.{learned.partition('.')[2]}"}
    for _ in thing.computed:
        reads |= {key for key, text in thing.computed.items() if conditions.compile(text).reads & reads}

    def touches(text: str | None) -> bool:
        return text is not None and bool(conditions.compile(text).reads & reads)

    for key, text in thing.computed.items():
        if touches(text):
            yield key
            yield from conditions.compile(text).reads
    for matter in thing.matters.values():
        whole = touches(matter.when) or any(touches(need.unless) for need in matter.requires)
        group = thing.groups.get(matter.group or "")
        whole = whole or (group is not None and touches(group.waived_when))
        yield from facts_under(conditions, thing, matter, whole=whole, touches=touches)


def facts_under(conditions: Any, thing: Thing, matter: Matter, *, whole: bool, touches: Any) -> Iterator[str]:
    for need in matter.facts:
        if whole or touches(need.when):
            yield need.fact
            yield from conditions.compile(need.when).reads if need.when else ()
    for wanted in matter.materials:
        material = thing.materials[wanted.material]
        for text in (wanted.when, material.when):
            if text and (whole or touches(text)):
                yield from conditions.compile(text).reads


@pytest.mark.parametrize("code", list(CATALOG.things))
def test_the_plan_is_json_and_holds_no_value(code: str) -> None:
    import json

    planted = {"mother.name": "李雷雷", "applicant.name": "李雷雷", "representative.name": "李雷雷"}
    thing = CATALOG.things[code]
    known = {key: value for key, value in planted.items() if key.partition(".")[0] in thing.roles}
    assert "李雷雷" not in json.dumps(
        make_plan(CATALOG, code, Situation(known)).to_json(), ensure_ascii=False
    )


@given(situations())
def test_writing_down_what_follows_changes_nothing(case: tuple[Thing, Situation]) -> None:
    thing, situation = case
    before = make_plan(CATALOG, thing.code, situation)
    defaults = {q.fact: q.default for q in thing.questions if q.default is not None}
    known = {**defaults, **before.computed, **situation.known}
    after = make_plan(CATALOG, thing.code, replace(situation, known=known))
    assert (before.ask, before.materials, before.order) == (after.ask, after.materials, after.order)
    assert before.chosen == after.chosen
