"""The clerks' handbook (业务手册) of a one-thing, made from one catalog revision; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from onething.domain.catalog import Catalog, Label, Thing
from onething.domain.dictionary import Window
from onething.domain.flow import edges_of, waits_of, waves_of
from onething.domain.guide_words import say_condition, say_fact
from onething.domain.procedure_words import SOMETIMES, VISIT, join
from onething.domain.procedures import (
    ANSWER_WITHIN_DAYS,
    MaterialRule,
    Procedure,
    Rule,
    material_rule,
    procedure_of,
)


@dataclass(frozen=True)
class Handbook:
    """Everything a clerk needs for one one-thing; ``order`` are the matters that run side by side."""

    code: str
    label: Label
    summary: Label
    revision: int
    county: Label
    lead: Label
    joint: tuple[Label, ...]
    promise_days: int
    answer_within_days: int
    excluded: tuple[Rule, ...]
    conditions: tuple[Label, ...]
    questions: tuple[Label, ...]
    counter_only: tuple[Rule, ...]
    notes: tuple[Label, ...]
    order: tuple[tuple[Rule, ...], ...]
    visits: tuple[Rule, ...]
    materials: tuple[MaterialRule, ...]
    procedures: tuple[Procedure, ...]
    windows: tuple[Window, ...]
    supervision_phone: str | None


def handbook_of(
    catalog: Catalog, thing: Thing, revision: int, answer_within_days: int = ANSWER_WITHIN_DAYS
) -> Handbook:
    """The handbook of one one-thing."""
    procedures = tuple(
        procedure_of(catalog, thing, matter, answer_within_days) for matter in thing.matters.values()
    )
    joint = dict.fromkeys(
        matter.department for matter in thing.matters.values() if matter.department != thing.lead
    )
    return Handbook(
        code=thing.code,
        label=thing.label,
        summary=thing.summary,
        revision=revision,
        county=catalog.label,
        lead=catalog.departments[thing.lead].label,
        joint=tuple(catalog.departments[code].label for code in joint),
        promise_days=thing.promise.days,
        answer_within_days=answer_within_days,
        excluded=tuple(
            Rule(matter.label, matter.outside_promise)
            for matter in thing.matters.values()
            if matter.outside_promise is not None
        ),
        conditions=thing.conditions,
        questions=tuple(_questions(catalog, thing)),
        counter_only=tuple(_counter_only(catalog, thing)),
        notes=thing.notes,
        order=tuple(_order(catalog, thing)),
        visits=tuple(_visits(thing)),
        materials=tuple(material_rule(catalog, thing, each) for each in thing.materials.values()),
        procedures=procedures,
        windows=catalog.windows,
        supervision_phone=catalog.supervision_phone,
    )


def _questions(catalog: Catalog, thing: Thing) -> Iterable[Label]:
    for question in thing.questions:
        said = say_fact(catalog, thing, question.fact)
        if said is not None:
            yield said


def _counter_only(catalog: Catalog, thing: Thing) -> Iterable[Rule]:
    for each in thing.counter_only:
        yield Rule(say_condition(catalog, thing, each.when) or SOMETIMES, each.reason)


def _order(catalog: Catalog, thing: Thing) -> Iterable[tuple[Rule, ...]]:
    """Wave after wave: each matter by name, with its department and how long it may take."""
    for wave in waves_of(waits_of(thing, edges_of(catalog, thing))):
        yield tuple(
            Rule(thing.matters[code].label, catalog.departments[thing.matters[code].department].label)
            for code in wave
        )


def _visits(thing: Thing) -> Iterable[Rule]:
    for visit in thing.joint_visits.values():
        names = join((thing.matters[code].label for code in visit.matters), Label("、", ", "))
        kind = VISIT[visit.kind]
        yield Rule(
            visit.label,
            Label(
                f"{kind.zh}：{names.zh}约定一次，各部门同时到场，各签各的意见",
                f"{kind.en}: one appointment for {names.en}; every department signs its own finding",
            ),
        )
