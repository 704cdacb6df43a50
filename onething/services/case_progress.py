"""A case as its own citizen sees it: every part with its clock, what is wanted, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from onething.domain.actors import Actor
from onething.domain.cases import CaseState, Event, PartView, Wanted
from onething.domain.catalog import Label
from onething.domain.clocks import Colour, colour, day_of
from onething.domain.notice_content import CAUSES
from onething.domain.records import Part, StoredFile
from onething.domain.working_days import SHANGHAI
from onething.ports import Ports
from onething.ports.handling import Notice
from onething.services.case_aftermath import aftermath_of
from onething.services.casework import CaseAct, on_case
from onething.services.notices import KINDS
from onething.services.questions_view import declared
from onething.services.state_words import CASE_STATE, EVENT, PART_STATE
from onething.services.wording import both


def view_case(ports: Ports, actor: Actor, number: str) -> dict[str, Any]:
    """One of the citizen's own cases (docs/openapi/kiosk.json, CaseView); raises ``NotFound``."""
    return on_case(ports, number, actor, "case_read", progress_of)


def progress_of(act: CaseAct) -> dict[str, Any]:
    """The whole view, within an act that may have more to do."""
    notices = act.uow.notices.list_of(act.case.id)
    events = act.uow.cases.list_events(act.case.id)
    files = act.uow.files.list_of(act.case.id)
    return {
        **_summary(act),
        **_clock(act),
        "lead": _lead(act),
        "reason_zh": (act.view.reason or {}).get("zh"),
        "reason_en": (act.view.reason or {}).get("en"),
        **_remedy(notices),
        "notices": [_notice(each) for each in notices],
        "wanted": _wanted(act, notices, files),
        "follow": [_follow(act, material, day, files) for material, day in act.view.follow.items()],
        "parts": [_part(act, part) for part in act.case.parts],
        "may_withdraw": not act.view.state.is_final and not act.view.all_parts_final,
        **aftermath_of(act),
        "timeline": [_line(act, event) for event in events],
    }


def _summary(act: CaseAct) -> dict[str, Any]:
    case, state = act.case, CASE_STATE[act.view.state.value]
    return {
        "number": case.number,
        "thing": {"code": act.thing.code, **both(act.thing.label)},
        "state": act.view.state.value,
        "state_zh": state.zh,
        "state_en": state.en,
        "submitted_at": case.submitted_at.astimezone(SHANGHAI).isoformat(timespec="minutes"),
        "answered_by": case.answered_by.isoformat(),
        "due_on": _iso(case.due_on),
        "waits_for_me": bool(act.view.asked),
    }


def _clock(act: CaseAct) -> dict[str, Any]:
    case = act.case
    ended = day_of(case.results_at) if case.results_at else None
    shown = colour(case.due_on, case.warn_on, case.paused_on, ended, act.today)
    if act.view.state is CaseState.RECEIVED and act.today > case.answered_by:
        shown = Colour.RED
    return {
        "colour": shown.value,
        "paused": both(CAUSES["supplement"]) if act.view.state is CaseState.SUPPLEMENT else _pause(act),
        "accepted_at": _instant(case.accepted_at),
        "closed_at": _instant(case.closed_at),
    }


def _pause(act: CaseAct) -> dict[str, str] | None:
    """Why the whole stands still; the cause is that of the part that stands longest."""
    if act.case.paused_on is None or act.view.state.is_final:
        return None
    pauses = [part.pause for part in act.view.parts.values() if part.pause]
    first = min(pauses, key=lambda pause: pause.since_at, default=None)
    return both(CAUSES.get(first.cause, CAUSES["other"])) if first else None


def _lead(act: CaseAct) -> dict[str, str] | None:
    department = act.catalog.departments.get(act.case.lead)
    return {"code": act.case.lead, **both(department.label)} if department else None


def _remedy(notices: Sequence[Notice]) -> dict[str, str | None]:
    refusals = [notice for notice in notices if notice.kind == "refused"]
    remedy = refusals[-1].data.get("remedy", {}) if refusals else {}
    return {"remedy_zh": remedy.get("zh"), "remedy_en": remedy.get("en")}


def _notice(notice: Notice) -> dict[str, str]:
    return {
        "number": notice.number,
        "kind": notice.kind,
        **both(KINDS[notice.kind][1]),
        "issued_on": day_of(notice.issued_at).isoformat(),
    }


def _wanted(act: CaseAct, notices: Sequence[Notice], files: Sequence[StoredFile]) -> dict[str, Any] | None:
    """What the last notice asks of the citizen, while there is time to give it."""
    numbers = [notice.number for notice in notices if notice.kind == "supplement"]
    if not act.view.asked or not numbers:
        return None
    return {
        "notice": numbers[-1],
        "until_on": _iso(act.view.asked_until_on),
        "wants": [_want(act, each, want, files) for each in act.view.asked for want in each.wants],
    }


def _want(
    act: CaseAct, wanted: Wanted, want: Mapping[str, str], files: Sequence[StoredFile]
) -> dict[str, Any]:
    matter = act.matter_of(wanted.part).label if wanted.part else None
    material = act.thing.materials.get(want.get("material", ""))
    fact = want.get("fact")
    name = material.label if material else Label(want["zh"], want.get("en") or want["zh"])
    says_more = material is not None and want["zh"] != material.label.zh
    return {
        "kind": "material" if material else "fact" if fact else "note",
        "id": want.get("material") or fact or "",
        **both(name),
        "matter_zh": matter.zh if matter else None,
        "matter_en": matter.en if matter else None,
        "why_zh": want["zh"] if says_more else None,
        "why_en": want.get("en") or want["zh"] if says_more else None,
        "points": [both(point) for point in material.points] if material else [],
        "pages": _pages(files, want.get("material")),
        "field": _field(act, fact, wanted.part) if fact else None,
    }


def _field(act: CaseAct, fact: str, part: str | None) -> dict[str, Any]:
    """A wanted fact as an empty field: what the case has is not shown again."""
    return {
        **declared(act.catalog, act.thing, fact),
        "required": True,
        "state": "needed",
        "value": None,
        "display_zh": "",
        "display_en": "",
        "editable": True,
        "source": None,
        "matters": [act.view.parts[part].matter] if part else [],
        "why_zh": "",
        "why_en": "",
        "error": None,
    }


def _follow(act: CaseAct, material: str, day: date, files: Sequence[StoredFile]) -> dict[str, Any]:
    return {
        "id": material,
        **both(act.thing.materials[material].label),
        "due_on": day.isoformat(),
        "pages": _pages(files, material),
    }


def _pages(files: Sequence[StoredFile], material: str | None) -> list[dict[str, Any]]:
    kept = [file for file in files if file.material == material]
    return [{"file": file.id, "number": number} for number, file in enumerate(kept, 1)]


def _part(act: CaseAct, part: Part) -> dict[str, Any]:
    seen, matter = act.view.parts[part.id], act.thing.matters[part.matter]
    department, state = act.catalog.departments[part.department].label, PART_STATE[seen.state.value]
    ended = day_of(part.ended_at) if part.ended_at else None
    chosen = {each.matter for each in act.case.parts}
    return {
        "id": part.id,
        "matter": part.matter,
        **both(matter.label),
        "department_zh": department.zh,
        "department_en": department.en,
        "state": seen.state.value,
        "state_zh": state.zh,
        "state_en": state.en,
        "due_on": _iso(part.due_on),
        "statutory_on": _iso(part.statutory_on),
        "colour": colour(part.due_on, part.warn_on, part.paused_on, ended, act.today).value,
        "ended": seen.state.is_final,
        "paused": both(CAUSES.get(seen.pause.cause, CAUSES["other"])) if seen.pause else None,
        "reason_zh": (seen.reason or {}).get("zh"),
        "reason_en": (seen.reason or {}).get("en"),
        "result": [_document(act, document) for document in seen.documents],
        "booked": _booked(act, seen),
        "fee": _fee(act, part, seen),
        "may_withdraw": not seen.state.is_final and not act.view.state.is_final,
        "bound": [both(act.thing.matters[code].label) for code in matter.bound_with if code in chosen],
    }


def _document(act: CaseAct, document: Mapping[str, Any]) -> dict[str, Any]:
    declared_as = act.catalog.documents.get(document.get("document", ""))
    name = both(declared_as.label) if declared_as else {"zh": "办理结果", "en": "Result"}
    return {**name, "identifier": document.get("identifier")}


def _booked(act: CaseAct, seen: PartView) -> dict[str, Any] | None:
    """When and where the citizen is to come: the part's own booking, or a joint visit to them."""
    if seen.booked:
        return {name: seen.booked.get(name) for name in ("at", "place_zh", "place_en")}
    for visit, arranged in act.view.visits.items():
        if seen.id in arranged["parts"] and not seen.state.is_final:
            label = act.thing.joint_visits[visit].label
            return {"at": arranged["at"], "place_zh": label.zh, "place_en": label.en}
    return None


def _fee(act: CaseAct, part: Part, seen: PartView) -> dict[str, Any] | None:
    fee = act.thing.matters[part.matter].fee
    if fee is None or not fee.amount_fen:
        return None
    where = fee.paid_at or Label("", "")
    return {
        "amount_fen": fee.amount_fen,
        "basis": fee.basis,
        "where_zh": where.zh,
        "where_en": where.en,
        "paid": seen.paid is not None,
    }


def _line(act: CaseAct, event: Event) -> dict[str, Any]:
    said = EVENT[event.kind.value]
    part = next((each for each in act.case.parts if each.id == event.part), None)
    matter = act.thing.matters[part.matter].label if part else Label("", "")
    department = act.catalog.departments[part.department].label if part else Label("", "")
    return {
        "at": event.at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "kind": event.kind.value,
        "zh": said.zh.format(matter=matter.zh, department=department.zh),
        "en": said.en.format(matter=matter.en, department=department.en),
        "part": event.part,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _instant(at: Any) -> str | None:
    return str(at.astimezone(SHANGHAI).isoformat(timespec="minutes")) if at else None
