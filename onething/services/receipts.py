"""The receipt's content: what was handed in, what was exempt, who answers by when; all masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from onething.domain.catalog import APPLICATION, Catalog, Thing
from onething.domain.masking import mask_id_number_on_slip, mask_name
from onething.domain.phones import is_phone
from onething.domain.plan_materials import PlannedMaterial
from onething.domain.records import Case, StoredFile, find_clerk
from onething.domain.values import Value
from onething.domain.working_days import SHANGHAI
from onething.ports import Ports, UnitOfWork
from onething.services.materials_view import why_of
from onething.services.matters_view import limit_text
from onething.services.papers import paper_address
from onething.services.plan_reading import planned_materials


def receipt_of(
    ports: Ports,
    uow: UnitOfWork,
    case: Case,
    values: Mapping[str, Value],
    files: Iterable[StoredFile],
    *,
    reprint: bool = False,
) -> dict[str, Any]:
    """The slip's content as the kiosk's contract has it (docs/openapi/kiosk.json, Receipt)."""
    catalog = ports.catalogs.get(case.revision)
    thing = catalog.get_thing(case.thing)
    submitted_on = case.submitted_at.astimezone(SHANGHAI)
    _, provisional = ports.working_days.after(submitted_on.date(), ports.settings.answer_within_days)
    materials = planned_materials(case.plan)
    return {
        "case_number": case.number,
        "thing_zh": thing.label.zh,
        "thing_en": thing.label.en,
        "submitted_at": submitted_on.isoformat(timespec="minutes"),
        "revision": case.revision,
        **_applicant(case, values),
        **_place(uow, case),
        "handed_in": list(_handed_in(thing, materials, files)),
        "exempt": [
            {"zh": thing.materials[m.material].label.zh, "why_zh": why_of(catalog, thing, m).zh}
            for m in materials
            if m.state != "to_submit"
        ],
        "parts": [_part(catalog, thing, part.matter) for part in case.parts],
        "answered_by": case.answered_by.isoformat(),
        "provisional": provisional,
        "promise_days": thing.promise.days,
        **_promise(thing, case, provisional),
        "fees": list(_fees(thing, case)),
        **_results(catalog, values),
        "phone_zh": catalog.supervision_phone or "",
        "qr": paper_address(ports, case.number),
        "reprint": reprint,
    }


def _applicant(case: Case, values: Mapping[str, Value]) -> dict[str, str]:
    holder = case.plan["holder"]
    return {
        "applicant_masked": mask_name(_text(values, f"{holder}.name")),
        "id_masked": mask_id_number_on_slip(_text(values, f"{holder}.id_number")),
    }


def _place(uow: UnitOfWork, case: Case) -> dict[str, str]:
    clerk = find_clerk(case.terminal)
    if clerk is not None:
        staff = uow.staff.find(clerk)
        return {"hall_zh": (staff.hall if staff else None) or "", "terminal": "窗口"}
    if is_phone(case.terminal):
        return {"hall_zh": "", "terminal": "手机"}
    terminal = uow.terminals.find(case.terminal or "")
    if terminal is None:
        return {"hall_zh": "", "terminal": ""}
    return {"hall_zh": terminal.hall, "terminal": terminal.number}


def _text(values: Mapping[str, Value], key: str) -> str:
    value = values.get(key)
    return str(value.value) if value else ""


def _handed_in(
    thing: Thing, materials: Iterable[PlannedMaterial], files: Iterable[StoredFile]
) -> Iterable[dict[str, Any]]:
    pages: dict[str, int] = {}
    for file in files:
        pages[file.material] = pages.get(file.material, 0) + 1
    for material in materials:
        if pages.get(material.material):
            yield {"zh": thing.materials[material.material].label.zh, "pages": pages[material.material]}


def _part(catalog: Catalog, thing: Thing, code: str) -> dict[str, str]:
    matter = thing.matters[code]
    department = catalog.departments[matter.department].label
    limit_zh, limit_en = limit_text(matter.promised)
    return {
        "matter_zh": matter.label.zh,
        "matter_en": matter.label.en,
        "department_zh": department.zh,
        "department_en": department.en,
        "limit_zh": limit_zh,
        "limit_en": limit_en,
    }


def _promise(thing: Thing, case: Case, provisional: bool) -> dict[str, str]:
    """Two dates, never mixed: when it is answered, and how long it takes from acceptance."""
    outside = [thing.matters[each["matter"]].label for each in case.plan["end"]["excluded"]]
    answered_by = case.answered_by
    day = f"{answered_by.year}年{answered_by.month:02}月{answered_by.day:02}日"
    zh = f"已收件；{day}前受理或答复；受理后{thing.promise.days}个工作日内统一出结果"
    en = (
        f"Received; accepted or answered by {answered_by.isoformat()}; "
        f"results within {thing.promise.days} working days of acceptance"
    )
    if outside:
        zh += f"（不含{'、'.join(label.zh for label in outside)}）"
        en += f" (without {', '.join(label.en for label in outside)})"
    if provisional:
        zh += "（放假安排公布前为暂定日期）"
        en += " (provisional until the holidays are announced)"
    return {"promise_zh": zh, "promise_en": en}


def _fees(thing: Thing, case: Case) -> Iterable[dict[str, Any]]:
    """What is to be paid and where; an amount that is not this matter's to say is left open."""
    for part in case.parts:
        matter = thing.matters[part.matter]
        fee = matter.fee
        if fee is None or not (fee.amount_fen or fee.paid_at):
            continue
        yield {
            "zh": f"{matter.label.zh}：{fee.basis}" if fee.basis else matter.label.zh,
            "amount_fen": fee.amount_fen or None,
            "where_zh": fee.paid_at.zh if fee.paid_at else "",
        }


def _results(catalog: Catalog, values: Mapping[str, Value]) -> dict[str, str]:
    delivery = values.get(f"{APPLICATION}.delivery")
    if delivery is None:
        return {"results_zh": "全部办结后通知您领取结果"}
    fact = catalog.facts.get(f"{APPLICATION}.delivery")
    codes = catalog.code_sets.get((fact.code_set if fact else None) or "", {})
    label = codes.get(str(delivery.value))
    return {"results_zh": f"结果送达：{label.zh if label else delivery.value}"}
