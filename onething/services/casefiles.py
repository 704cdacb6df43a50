"""A case as the office sees it: each role no more than its work needs, every look in the audit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from onething.domain.actors import Actor
from onething.domain.cases import PartView
from onething.domain.clocks import colour, day_of
from onething.domain.conditions import without_index
from onething.domain.errors import NotFound
from onething.domain.masking import mask_id_number, mask_mobile, mask_name
from onething.domain.records import Part, StoredFile
from onething.domain.values import OpenedValues, Value
from onething.domain.working_days import SHANGHAI
from onething.ports import Ports
from onething.services.casework import CaseAct, on_case
from onething.services.display import display_of
from onething.services.paying import owes
from onething.services.state_words import CASE_STATE_FOR_STAFF, EVENT_FOR_STAFF, PART_STATE
from onething.services.wording import both, numbered

_MASKS = {"citizen_id": mask_id_number, "mobile": mask_mobile, "name": mask_name}
_WHOLE = ("clerk",)
_CLOCKS = ("supervisor", "auditor")


def view_case_for_staff(ports: Ports, actor: Actor, number: str) -> dict[str, Any]:
    """A case for staff. A clerk sees it whole; a department its own parts with just what they need; a
    supervisor clocks and events, and no personal value. Raises ``NotFound`` for another department's.
    """
    return on_case(ports, number, actor, "case_read_by_staff", _view)


def _view(act: CaseAct) -> dict[str, Any]:
    mine = _parts_for(act)
    values = OpenedValues(act.uow.cases.get_values(act.case.id)) if _sees_values(act.actor) else {}
    files = [*act.uow.files.list_of(act.case.draft), *act.uow.files.list_of(act.case.id)]
    return {
        **_head(act),
        **_case_clock(act),
        "parts": [_part(act, part, values) for part in mine],
        "materials": list(_materials(act, mine, files)) if values else [],
        "applicant": _applicant(act, values),
        "wanted": _wanted(act, act.view.wanted),
        "asked": _wanted(act, act.view.asked),
        "asked_until_on": act.view.asked_until_on.isoformat() if act.view.asked_until_on else None,
        "follow": [
            {"material": code, **both(act.thing.materials[code].label), "due_on": day.isoformat()}
            for code, day in act.view.follow.items()
        ],
        "visits": list(_visits(act)),
        **_papers(act),
        "timeline": [
            _line(act, event.kind.value, event.part, event.at, event.data) for event in _events(act)
        ],
    }


def _head(act: CaseAct) -> dict[str, Any]:
    state = CASE_STATE_FOR_STAFF[act.view.state.value]
    return {
        "id": act.case.id,
        "number": act.case.number,
        "sequence": act.view.sequence,
        "thing": {"code": act.thing.code, **both(act.thing.label)},
        "state": act.view.state.value,
        "state_zh": state.zh,
        "state_en": state.en,
        "channel": act.case.channel,
        "lead": {"code": act.case.lead, **_department(act, act.case.lead)},
        "submitted_at": _at(act.case.submitted_at),
        "answered_by": act.case.answered_by.isoformat(),
    }


def _papers(act: CaseAct) -> dict[str, Any]:
    """What was written, taken in and ordered about the case."""
    return {
        "notices": [
            {"number": each.number, "kind": each.kind, "issued_at": _at(each.issued_at)}
            for each in act.uow.notices.list_of(act.case.id)
        ],
        "originals": [
            {
                "id": each.id,
                "material": each.material,
                **both(act.thing.materials[each.material].label),
                "copies": each.copies,
                "received_at": _at(each.received_at),
                "returned_at": _at(each.returned_at) if each.returned_at else None,
            }
            for each in act.uow.originals.list_of(act.case.id)
        ],
        "orders": [
            {
                "id": each.id,
                "number": each.number,
                "department": each.department,
                "reason": each.reason,
                "due_on": each.due_on.isoformat(),
                "answer": each.answer,
            }
            for each in act.uow.orders.list_of_case(act.case.id)
        ],
    }


def _parts_for(act: CaseAct) -> Sequence[Part]:
    actor = act.actor
    if actor.has(*_WHOLE, *_CLOCKS) or not actor.has("department"):
        return act.case.parts
    if actor.department == act.case.lead:
        return act.case.parts
    return [part for part in act.case.parts if part.department == actor.department]


def _sees_values(actor: Actor) -> bool:
    return actor.has(*_WHOLE, "department")


def _case_clock(act: CaseAct) -> dict[str, Any]:
    case = act.case
    ended = day_of(case.results_at) if case.results_at else None
    shown = colour(case.due_on, case.warn_on, case.paused_on, ended, act.today)
    return {
        "due_on": case.due_on.isoformat() if case.due_on else None,
        "paused_on": case.paused_on.isoformat() if case.paused_on else None,
        "colour": shown.value,
        "late": [part.matter for part in case.parts if _is_late(act, part)],
    }


def _is_late(act: CaseAct, part: Part) -> bool:
    ended = day_of(part.ended_at) if part.ended_at else None
    return colour(part.due_on, part.warn_on, part.paused_on, ended, act.today) == "red"


def _part(act: CaseAct, part: Part, values: Mapping[str, Value]) -> dict[str, Any]:
    seen = act.view.parts[part.id]
    matter = act.thing.matters[part.matter]
    state = PART_STATE[seen.state.value]
    own = act.actor.has(*_WHOLE) or part.department == act.actor.department
    ended = day_of(part.ended_at) if part.ended_at else None
    return {
        "id": part.id,
        "matter": part.matter,
        **both(matter.label),
        "department": {"code": part.department, **_department(act, part.department)},
        "state": seen.state.value,
        "state_zh": state.zh,
        "state_en": state.en,
        "due_on": part.due_on.isoformat() if part.due_on else None,
        "statutory_on": part.statutory_on.isoformat() if part.statutory_on else None,
        "colour": colour(part.due_on, part.warn_on, part.paused_on, ended, act.today).value,
        "pause": seen.pause.cause if seen.pause else None,
        "extended_days": seen.extended_days,
        "reason": dict(seen.reason) if seen.reason else None,
        "documents": [dict(document) for document in seen.documents],
        "booked": dict(seen.booked) if seen.booked else None,
        "fee": _fee(act, part, seen),
        "has_asked": seen.has_asked,
        "mode": matter.mode.value,
        "waits_for": list(act.waits_for.get(part.matter, ())),
        "facts": list(_facts(act, part, values)) if own else [],
        "produces": _produces(act, part, values) if own else {"facts": [], "documents": []},
        "is_mine": part.department == act.actor.department,
    }


def _produces(act: CaseAct, part: Part, values: Mapping[str, Value]) -> dict[str, Any]:
    """What the decision of this part may bring: facts with how they are written, and documents."""
    matter, roles = act.thing.matters[part.matter], dict.fromkeys(key.partition(".")[0] for key in values)
    facts = []
    for key in matter.produces_facts:
        fact, role = act.catalog.get_fact(act.thing, key), act.thing.role_of(key)
        name = key.partition(".")[2]
        people = [each for each in roles if without_index(each) == key.partition(".")[0]]
        for person in people if role.repeats else [key.partition(".")[0]]:
            whose = numbered(role.label, person)
            facts.append(
                {
                    "id": f"{person}.{name}",
                    "zh": f"{whose.zh}·{fact.label.zh}",
                    "en": f"{whose.en} · {fact.label.en}",
                    "type": fact.type.value,
                    "codes": act.catalog.code_sets.get(fact.code_set or "", {}),
                    "is_known": f"{person}.{name}" in values,
                }
            )
    documents = [
        {"document": code, "of": role, **both(act.catalog.documents[code].label)}
        for code, role in matter.produces_documents
    ]
    return {"facts": facts, "documents": documents}


def _fee(act: CaseAct, part: Part, seen: PartView) -> dict[str, Any] | None:
    fee = act.thing.matters[part.matter].fee
    if fee is None or not fee.amount_fen:
        return None
    return {
        "amount_fen": fee.amount_fen,
        "basis": fee.basis,
        "where_zh": fee.paid_at.zh if fee.paid_at else "",
        "where_en": fee.paid_at.en if fee.paid_at else "",
        "owed": owes(act, part.id),
        "proof": seen.paid["proof"] if seen.paid else None,
    }


def _facts(act: CaseAct, part: Part, values: Mapping[str, Value]) -> Iterable[dict[str, Any]]:
    """Just the facts this matter needs, as its officer reads them."""
    planned = next(each for each in act.case.plan["matters"] if each["code"] == part.matter)
    for key in planned["needs"]:
        value = values.get(key)
        if value is None:
            continue
        fact = act.catalog.get_fact(act.thing, key)
        role = act.thing.role_of(key).label
        shown = display_of(act.catalog, fact, value.value, masked=part.department != act.actor.department)
        yield {
            "id": key,
            "zh": f"{role.zh}·{fact.label.zh}",
            "en": f"{role.en} · {fact.label.en}",
            "value_zh": shown.zh,
            "value_en": shown.en,
            "origin": value.origin.value,
            "source": value.source,
            "as_of": value.as_of,
            "disputed": value.disputed is not None,
        }


def _materials(act: CaseAct, mine: Sequence[Part], files: Iterable[StoredFile]) -> Iterable[dict[str, Any]]:
    """Each material with how it is met, its acceptance points and its pages."""
    shown = {part.matter for part in mine}
    wanted: dict[str, list[str]] = {}
    for each in act.case.plan["matters"]:
        for code in each["materials"] if each["code"] in shown else ():
            wanted.setdefault(code, []).append(each["code"])
    pages: dict[str, list[StoredFile]] = {}
    for file in files:
        pages.setdefault(file.material, []).append(file)
    for planned in act.case.plan["materials"]:
        if planned["material"] not in wanted:
            continue
        material = act.thing.materials[planned["material"]]
        yield {
            "material": material.id,
            **both(material.label),
            "matters": wanted[material.id],
            "how": planned["how"],
            "state": planned["state"],
            "may_follow": material.necessity != "1",
            "points": [both(point) for point in material.points],
            "pages": [
                {"id": file.id, "media_type": file.media_type, "added_at": _at(file.created_at)}
                for file in pages.get(material.id, ())
            ],
        }


def _applicant(act: CaseAct, values: Mapping[str, Value]) -> dict[str, str]:
    """Masked: enough to tell two people apart."""
    holder = act.case.plan["holder"]
    shown = {}
    for name, mask in (("name", mask_name), ("id_number", mask_id_number)):
        value = values.get(f"{holder}.{name}")
        shown[name] = mask(str(value.value)) if value else ""
    mobile = values.get("application.mobile")
    shown["mobile"] = mask_mobile(str(mobile.value)) if mobile else ""
    return shown


def _wanted(act: CaseAct, wanted: Iterable[Any]) -> list[dict[str, Any]]:
    found = []
    for each in wanted:
        part = act.view.parts[each.part] if each.part else None
        found.append({"matter": part.matter if part else None, "wants": [dict(want) for want in each.wants]})
    return found


def _visits(act: CaseAct) -> Iterable[dict[str, Any]]:
    for visit in act.thing.joint_visits.values():
        seen = act.view.visits.get(visit.id)
        chosen = [m for m in visit.matters if any(p.matter == m for p in act.view.parts.values())]
        if len(chosen) < 2 and seen is None:
            continue
        signed = seen["signed"] if seen else {}
        yield {
            "id": visit.id,
            **both(visit.label),
            "kind": visit.kind,
            "matters": chosen,
            "at": seen["at"] if seen else None,
            "parts": [act.view.parts[each].matter for each in seen["parts"]] if seen else [],
            "signed": {act.view.parts[part].matter: dict(told) for part, told in signed.items()},
        }


def _events(act: CaseAct) -> Sequence[Any]:
    return act.uow.cases.list_events(act.case.id)


def _line(act: CaseAct, kind: str, part: str | None, at: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    said = EVENT_FOR_STAFF[kind]
    why = data.get("reason") if part is None or part in {each.id for each in _parts_for(act)} else None
    own = next((each for each in act.case.parts if each.id == part), None)
    matter = act.thing.matters[own.matter].label if own else None
    department = act.catalog.departments[own.department].label if own else None
    return {
        "at": _at(at),
        "kind": kind,
        "matter": own.matter if own else None,
        "zh": said.zh.format(
            matter=matter.zh if matter else "", department=department.zh if department else ""
        ),
        "en": said.en.format(
            matter=matter.en if matter else "", department=department.en if department else ""
        ),
        "notice": data.get("notice"),
        "by": data.get("by"),
        "reason": dict(why) if isinstance(why, Mapping) else None,
    }


def _department(act: CaseAct, code: str) -> dict[str, str]:
    department = act.catalog.departments.get(code)
    return both(department.label) if department else {"zh": code, "en": code}


def _at(at: Any) -> str:
    return str(at.astimezone(SHANGHAI).isoformat(timespec="minutes"))


def get_page(ports: Ports, actor: Actor, number: str, file_id: str) -> tuple[bytes, str]:
    """One page of a case's materials for those who may see it, and its media type; raises ``NotFound``."""

    def find(act: CaseAct) -> StoredFile:
        files = [*act.uow.files.list_of(act.case.draft), *act.uow.files.list_of(act.case.id)]
        shown = {each["material"] for each in _materials(act, _parts_for(act), files)}
        file = next((each for each in files if each.id == file_id), None)
        if file is None or file.material not in shown or not _sees_values(actor):
            raise NotFound
        act.detail["file"] = file_id
        return file

    file = on_case(ports, number, actor, "page_read", find)
    return ports.files.get(file.id), file.media_type
