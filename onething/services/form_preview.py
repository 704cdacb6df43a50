"""The one form as an invented person would meet it, before anything is published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from onething.domain.catalog import Catalog, FactType, Thing
from onething.domain.errors import BadFields, FieldError
from onething.domain.plan import Plan, make_plan
from onething.domain.plan_sources import CARD
from onething.domain.situation import Situation
from onething.domain.values import BadValue, read_value
from onething.ports import Ports
from onething.services.materials_view import material_list
from onething.services.matters_view import matters_of, promise_of
from onething.services.questions_view import declared, questions_of
from onething.services.wording import ASK_WHY, both, numbered

# Nobody's: the county code 411599 does not exist, and 199 0000 numbers are given to no one here.
_SAMPLES = {
    FactType.NAME: "样例",
    FactType.CITIZEN_ID: "411599199001010014",
    FactType.MOBILE: "19900000000",
}


def preview_form(
    ports: Ports, code: str, chosen: Sequence[str] | None, answers: Mapping[str, str]
) -> dict[str, Any]:
    """Matters, questions, the form's sections with where each value would come from, and materials.

    Raises ``BadFields`` and ``UnknownThing``.
    """
    _, catalog = ports.catalogs.current()
    thing = catalog.get_thing(code)
    known = _answers(catalog, thing, answers)
    plan = make_plan(catalog, code, Situation(known, None if chosen is None else frozenset(chosen)))
    return {
        "matters": matters_of(catalog, thing, plan),
        "questions": questions_of(catalog, thing, known),
        "sections": list(_sections(catalog, thing, plan)),
        "materials": material_list(catalog, thing, plan.materials, ()),
        "promise": promise_of(plan),
        "conflicts": [both(conflict.text) for conflict in plan.conflicts],
        "counter_only": [both(reason) for reason in plan.counter_only],
        "counts": _counts(plan),
    }


def _answers(catalog: Catalog, thing: Thing, answers: Mapping[str, str]) -> dict[str, Any]:
    known, errors = {}, []
    for question in thing.questions:
        raw: Any = answers.get(question.fact, "")
        if raw == "":
            continue
        fact = catalog.get_fact(thing, question.fact)
        if fact.type is FactType.BOOLEAN:
            raw = raw == "true"
        try:
            known[question.fact] = read_value(catalog, fact, raw)
        except BadValue as bad:
            errors.append(FieldError(question.fact, bad.reason, bad.text))
    if errors:
        raise BadFields(fields=errors)
    return known


def _counts(plan: Plan) -> dict[str, int]:
    typed = sum(asked.required for asked in plan.ask)
    return {"form": len(plan.form), "asked": len(plan.ask), "required": typed, "sources": _sources(plan)}


def _sources(plan: Plan) -> int:
    return len({call.source for wave in plan.fetch for call in wave})


def _sections(catalog: Catalog, thing: Thing, plan: Plan) -> Iterable[dict[str, Any]]:
    asked = {each.fact: each for each in plan.ask}
    by_role: dict[str, list[dict[str, Any]]] = {}
    for key in plan.form:
        by_role.setdefault(key.partition(".")[0], []).append(
            _field(catalog, thing, plan, key, asked.get(key))
        )
    for role, fields in by_role.items():
        yield {**both(numbered(thing.role_of(f"{role}.").label, role)), "fields": fields}


def _field(catalog: Catalog, thing: Thing, plan: Plan, key: str, asked: Any) -> dict[str, Any]:
    fact = catalog.get_fact(thing, key)
    source = plan.expected.get(key)
    if asked is not None:
        how = "asked"
    elif source is not None:
        how = "card" if source == CARD else "fetched"
    else:
        how = "computed"
    held = catalog.sources.get(source or "")
    label = held.label if held else None
    why = ASK_WHY[asked.why] if asked else None
    return {
        **declared(catalog, thing, key),
        "how": how,
        "required": bool(asked and asked.required),
        "source": both(label) if label else None,
        "why": {"zh": why.zh.format(source=""), "en": why.en.format(source="")} if why else None,
        "sample": _SAMPLES.get(fact.type, ""),
        "matters": [both(thing.matters[code].label) for code in plan.wanted_by.get(key, ())],
    }
