"""The matters of a plan as a screen needs them, with who handles them and what may be chosen."""

from __future__ import annotations

from typing import Any

from onething.domain.catalog import Catalog, Limit, Matter, Mode, Thing
from onething.domain.guide_words import say_step_up
from onething.domain.plan import Plan
from onething.services.wording import NOT_OFFERED, both


def matters_of(catalog: Catalog, thing: Thing, plan: Plan) -> list[dict[str, Any]]:
    """Every matter of the one-thing, chosen or not, in the catalog's order."""
    planned = {matter.code: matter for matter in plan.matters}
    return [
        _matter(catalog, thing, matter, chosen=planned[code].chosen, offered=planned[code].offered)
        for code, matter in thing.matters.items()
    ]


def _matter(catalog: Catalog, thing: Thing, matter: Matter, *, chosen: bool, offered: bool) -> dict[str, Any]:
    department = catalog.departments[matter.department].label
    group = thing.groups.get(matter.group or "")
    return {
        "code": matter.code,
        **both(matter.label),
        "department": matter.department,
        "department_zh": department.zh,
        "department_en": department.en,
        "chosen": chosen,
        "offered": offered,
        "why_not": None if offered else both(NOT_OFFERED),
        "optional": matter.optional or matter.group is not None,
        "default": matter.default,
        "in_person": matter.mode is Mode.IN_PERSON,
        "bound_with": list(matter.bound_with),
        "group": matter.group,
        "group_zh": group.label.zh if group else None,
        "group_en": group.label.en if group else None,
        "limit_zh": limit_text(matter.promised)[0],
        "limit_en": limit_text(matter.promised)[1],
        "fee_fen": matter.fee.amount_fen if matter.fee else None,
        "step_up": both(said) if (said := say_step_up(matter)) else None,
    }


def conflicts_of(plan: Plan) -> list[dict[str, Any]]:
    """What in a choice cannot stand, with the matters it is about."""
    return [{"reason": c.reason, **both(c.text), "matters": list(c.matters)} for c in plan.conflicts]


def limit_text(limit: Limit | None) -> tuple[str, str]:
    """A limit as people read it, Chinese and English; empty when none is published."""
    if limit is None:
        return "", ""
    amount = f"{limit.amount.normalize():f}"
    days = "day" if amount == "1" else "days"
    if limit.unit == "cd":
        return f"{amount}天", f"{amount} calendar {days}"
    return f"{amount}个工作日", f"{amount} working {days}"


def promise_of(plan: Plan) -> dict[str, Any]:
    """The published promise and the computed path, never mixed."""
    excluded = plan.end.excluded
    return {
        "days": plan.end.promise_days,
        "path_days": float(plan.end.path_days),
        "path_calendar_days": float(plan.end.path_calendar_days),
        "excluded_zh": "；".join(why.zh for _, why in excluded),
        "excluded_en": "; ".join(why.en for _, why in excluded),
    }
