"""The guide of a one-thing: every element the policy names, from the same data as everything else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from onething.domain.catalog import (
    BeforeAfter,
    Catalog,
    Label,
    Listing,
    Material,
    Matter,
    Mode,
    Thing,
    Window,
)
from onething.domain.flow import edges_of, waits_of, waves_of
from onething.domain.guide_words import (
    CHANNEL,
    HOW,
    first_way,
    say_condition,
    say_step_up,
    when_needed,
    why_met,
)
from onething.domain.procedure_words import say_fee, say_promised, say_statutory
from onething.domain.service_lists import LEVEL, STATUS, say_batch

_STEPS = (
    Label(
        "在终端刷身份证，或在手机上实名登录，选择要办的事和事项",
        "Put your ID card on a kiosk's reader, or sign in on a phone; choose the thing and its matters",
    ),
    Label(
        "同意查询后，系统自动填写已有信息",
        "With your consent the form fills in what government already knows",
    ),
    Label(
        "补充缺少的信息和材料，签字提交，领取回执", "Add what is missing, sign, submit and take the receipt"
    ),
)
_LAST = Label(
    "按选择的方式统一送达结果，并可评价",
    "All results are handed over together as you chose; rate the service",
)


def build_guide(catalog: Catalog, code: str, revision: int) -> dict[str, Any]:
    """The guide as JSON-ready data, the same for every channel; raises ``UnknownThing``."""
    thing = catalog.get_thing(code)
    return {
        "code": code,
        **_both(thing.label),
        "revision": revision,
        "summary_zh": thing.summary.zh,
        "summary_en": thing.summary.en,
        "lead": _department(catalog, thing.lead),
        "departments": [_department(catalog, each) for each in _departments(thing)],
        "legal_basis": _once(basis for matter in thing.matters.values() for basis in matter.legal_basis),
        "conditions": [_both(each) for each in thing.conditions],
        "notes": [_both(each) for each in thing.notes],
        "matters": [_matter(catalog, thing, matter) for matter in thing.matters.values()],
        "materials": [_material(catalog, thing, material) for material in thing.materials.values()],
        "process": [_both(step) for step in _process(catalog, thing)],
        "fees": [_fee(matter) for matter in thing.matters.values() if matter.fee is not None],
        "promise_days": thing.promise.days,
        "promise_excludes": [
            {"matter": matter.code, **_both(matter.outside_promise)}
            for matter in thing.matters.values()
            if matter.outside_promise is not None
        ],
        "before_after": _before_after(thing.before_after),
        "windows": [_window(window) for window in catalog.windows],
        "supervision_phone": catalog.supervision_phone,
        "results": [_both(label) for label in _results(thing)],
        "listing": _listing(catalog, thing.listing) if thing.listing else None,
        "joint_visits": [
            {**_both(visit.label), "kind": visit.kind.value, "matters": list(visit.matters)}
            for visit in thing.joint_visits.values()
        ],
        "flow_chart": f"/kiosk/v1/things/{code}/flow-chart",
    }


def _both(label: Label) -> dict[str, str]:
    return {"zh": label.zh, "en": label.en}


def _listing(catalog: Catalog, listing: Listing) -> dict[str, Any]:
    return {
        "batch": _both(say_batch(catalog, listing)),
        "level": {"code": listing.level.value, **_both(LEVEL[listing.level])},
        "status": {"code": listing.status.value, **_both(STATUS[listing.status])},
    }


def _window(window: Window) -> dict[str, str | None]:
    return {
        **_both(window.label),
        "address_zh": window.address,
        "hours_zh": window.hours,
        "phone": window.phone,
    }


def _department(catalog: Catalog, code: str) -> dict[str, str]:
    return {"code": code, **_both(catalog.departments[code].label)}


def _departments(thing: Thing) -> list[str]:
    return _once([thing.lead, *(matter.department for matter in thing.matters.values())])


def _once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _matter(catalog: Catalog, thing: Thing, matter: Matter) -> dict[str, Any]:
    return {
        "code": matter.code,
        **_both(matter.label),
        **_named("department", catalog.departments[matter.department].label),
        "optional": matter.optional or matter.group is not None,
        "in_person": matter.mode is Mode.IN_PERSON or matter.mode is Mode.EXTERNAL,
        **_named("limit_statutory", say_statutory(matter)),
        **_named("limit_promised", say_promised(matter.promised)),
        **_named("result", matter.result),
        **_named("fee", say_fee(matter.fee) if matter.fee else None),
        "legal_basis_zh": "；".join(matter.legal_basis) or None,
        **_named("when", say_condition(catalog, thing, matter.when)),
        **_named("group", thing.groups[matter.group].label if matter.group else None),
        **_named("step_up", say_step_up(matter)),
    }


def _named(name: str, label: Label | None) -> dict[str, str | None]:
    """``name_zh`` and ``name_en``; None in both for none."""
    return {f"{name}_zh": label.zh if label else None, f"{name}_en": label.en if label else None}


def _fee(matter: Matter) -> dict[str, Any]:
    fee = matter.fee
    assert fee is not None
    return {
        "matter": matter.code,
        **_both(matter.label),
        "amount_fen": fee.amount_fen,
        "basis_zh": fee.basis,
        "where_zh": fee.paid_at.zh if fee.paid_at else None,
        "where_en": fee.paid_at.en if fee.paid_at else None,
    }


def _material(catalog: Catalog, thing: Thing, material: Material) -> dict[str, Any]:
    how = first_way(thing, material)
    why = why_met(catalog, thing, material, how)
    when = when_needed(catalog, thing, material)
    document = catalog.documents[material.document]
    return {
        "id": material.id,
        **_both(material.label),
        "how": how.value,
        "how_zh": HOW[how].zh,
        "how_en": HOW[how].en,
        "why_zh": why.zh,
        "why_en": why.en,
        "when_zh": when.zh if when else None,
        "when_en": when.en if when else None,
        "source_zh": CHANNEL[document.channel].zh,
        "necessity": material.necessity,
        "points": [_both(point) for point in material.points],
    }


def _process(catalog: Catalog, thing: Thing) -> Iterable[Label]:
    yield from _STEPS
    for wave in waves_of(waits_of(thing, edges_of(catalog, thing))):
        matters = [thing.matters[code] for code in wave]
        departments = _once(matter.department for matter in matters)
        names = [catalog.departments[code].label for code in departments]
        yield Label(
            f"{'、'.join(name.zh for name in names)}办理{'、'.join(matter.label.zh for matter in matters)}",
            f"{'; '.join(matter.label.en for matter in matters)} ({', '.join(name.en for name in names)})",
        )
    yield _LAST


def _results(thing: Thing) -> list[Label]:
    return list(dict.fromkeys(matter.result for matter in thing.matters.values() if matter.result))


def _before_after(numbers: BeforeAfter | None) -> dict[str, list[int]] | None:
    if numbers is None:
        return None
    pairs = {
        "days": numbers.days,
        "materials": numbers.materials,
        "visits": numbers.visits,
        "steps": numbers.steps,
    }
    return {key: list(pair) for key, pair in pairs.items() if pair is not None}
