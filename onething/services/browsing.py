"""Browsing before signing in: the life events, their guides, and what a choice would take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from onething.domain.errors import BadFields, FieldError
from onething.domain.guide import build_guide
from onething.domain.plan import make_plan
from onething.domain.situation import Situation
from onething.domain.statistics import Period, waiting_of
from onething.domain.tallies import Measure
from onething.domain.values import BadValue, read_value
from onething.domain.working_days import SHANGHAI
from onething.ports import Ports
from onething.services.materials_view import material_list
from onething.services.matters_view import matters_of, promise_of
from onething.services.questions_view import questions_of
from onething.services.wording import both


def list_things(ports: Ports) -> dict[str, Any]:
    """Every one-thing of the current revision."""
    revision, catalog = ports.catalogs.current()
    return {
        "revision": revision,
        "things": [
            {
                "code": thing.code,
                **both(thing.label),
                "summary_zh": thing.summary.zh,
                "summary_en": thing.summary.en,
                "audience": thing.audience,
                "icon": thing.icon,
                "matters": len(thing.matters),
                "promise_days": thing.promise.days,
            }
            for thing in catalog.things.values()
        ],
    }


def get_guide(ports: Ports, code: str) -> dict[str, Any]:
    """The guide of a one-thing; raises ``UnknownThing``."""
    revision, catalog = ports.catalogs.current()
    return {**build_guide(catalog, code, revision), "waiting": find_waiting(ports, code)}


def find_waiting(ports: Ports, code: str) -> dict[str, int] | None:
    """How long cases of the last 30 days took in fact, in working days; None when too few ended."""
    today = ports.clock.now().astimezone(SHANGHAI).date()
    ended = ports.reads.tallies(Period.before(today), measure=Measure.WAITED, thing=code)
    waiting = waiting_of(ended, ports.working_days.between)
    return asdict(waiting) if waiting else None


def get_flow_chart(ports: Ports, code: str, language: str = "zh") -> str:
    """The drawn process as SVG, in ``zh`` or ``en``; raises ``UnknownThing``."""
    _, catalog = ports.catalogs.current()
    catalog.get_thing(code)
    return ports.flow_charts.draw(catalog, code, language)


def preview_plan(
    ports: Ports, code: str, chosen: Sequence[str] | None, answers: Mapping[str, Any]
) -> dict[str, Any]:
    """What a choice would take, with nothing known of the person; raises ``BadFields``."""
    _, catalog = ports.catalogs.current()
    thing = catalog.get_thing(code)
    questions = {question.fact for question in thing.questions}
    known, errors = {}, []
    for key, raw in answers.items():
        try:
            if key not in questions:
                raise BadValue("unknown_field", "没有这个问题", "There is no such question")
            known[key] = read_value(catalog, catalog.get_fact(thing, key), raw)
        except BadValue as bad:
            errors.append(FieldError(key, bad.reason, bad.text))
    if errors:
        raise BadFields(fields=errors)
    plan = make_plan(catalog, code, Situation(known, None if chosen is None else frozenset(chosen)))
    return {
        "matters": matters_of(catalog, thing, plan),
        "questions": questions_of(catalog, thing, known),
        "materials": material_list(catalog, thing, plan.materials, ()),
        "conflicts": [
            {"reason": c.reason, **both(c.text), "matters": list(c.matters)} for c in plan.conflicts
        ],
        "counter_only": [both(reason) for reason in plan.counter_only],
        "promise_days": plan.end.promise_days,
        "promise": promise_of(plan),
    }
