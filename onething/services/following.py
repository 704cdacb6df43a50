"""Following a case: my cases, one case's timeline, its receipt again, its filled form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from onething.domain.cases import CaseView, Event, fold
from onething.domain.catalog import Catalog, Thing
from onething.domain.errors import NotFound
from onething.domain.ids import find_case_number
from onething.domain.records import AuditRow, Case, Session
from onething.domain.values import OpenedValues
from onething.domain.working_days import SHANGHAI
from onething.ports import Ports, UnitOfWork
from onething.services.form_document import form_document
from onething.services.receipts import receipt_of
from onething.services.state_words import CASE_STATE, EVENT, PART_STATE
from onething.services.wording import both


def list_cases(ports: Ports, session: Session) -> dict[str, Any]:
    """My cases, newest first."""
    with ports.records.act() as uow:
        cases = uow.cases.list_of_holder(session.holder)
        uow.audit.add(_audited(ports, session, "cases_listed", None, cases=[case.id for case in cases]))
    return {"cases": [_summary(ports, case) for case in cases]}


def view_case(ports: Ports, session: Session, number: str) -> dict[str, Any]:
    """One of my cases with each department's part and the timeline; raises ``NotFound``."""
    with ports.records.act() as uow:
        case = _own_case(uow, session, number)
        events = uow.cases.list_events(case.id)
        uow.audit.add(_audited(ports, session, "case_read", case))
    catalog = ports.catalogs.get(case.revision)
    thing = catalog.get_thing(case.thing)
    view = fold(events)
    return {
        **_summary(ports, case),
        "parts": list(_parts(catalog, thing, case, view)),
        "timeline": [_line(catalog, thing, case, event) for event in events],
    }


def get_receipt(ports: Ports, session: Session, number: str) -> dict[str, Any]:
    """The receipt again, marked as a reprint."""
    with ports.records.act() as uow:
        case = _own_case(uow, session, number)
        values = case_values(uow, case)
        uow.audit.add(_audited(ports, session, "receipt_read", case))
        return receipt_of(ports, uow, case, values, uow.files.list_of(case.draft), reprint=True)


def get_form(ports: Ports, session: Session, number: str) -> bytes:
    """The filled form of one of my cases as PDF."""
    with ports.records.act() as uow:
        case = _own_case(uow, session, number)
        values = case_values(uow, case)
        files = uow.files.list_of(case.draft)
        uow.audit.add(_audited(ports, session, "form_read", case))
    return ports.forms.render(form_document(ports, case, values, files))


def case_values(uow: UnitOfWork, case: Case) -> OpenedValues:
    """A case's values by ``role.fact``, opened."""
    return OpenedValues(uow.cases.get_values(case.id))


def _own_case(uow: UnitOfWork, session: Session, number: str) -> Case:
    found = find_case_number(number)
    case = uow.cases.find_by_number(found) if found else None
    if case is None or case.holder != session.holder:
        raise NotFound
    return case


def _summary(ports: Ports, case: Case) -> dict[str, Any]:
    thing = ports.catalogs.get(case.revision).get_thing(case.thing)
    state = CASE_STATE[case.state]
    return {
        "number": case.number,
        "thing": {"code": thing.code, **both(thing.label)},
        "state": case.state,
        "state_zh": state.zh,
        "state_en": state.en,
        "submitted_at": case.submitted_at.astimezone(SHANGHAI).isoformat(timespec="minutes"),
        "answered_by": case.answered_by.isoformat(),
        "due_on": case.due_on.isoformat() if case.due_on else None,
    }


def _parts(catalog: Catalog, thing: Thing, case: Case, view: CaseView) -> Iterable[dict[str, Any]]:
    for part in case.parts:
        seen = view.parts[part.id]
        matter = thing.matters[part.matter]
        department = catalog.departments[part.department].label
        state = PART_STATE[seen.state.value]
        reason = seen.reason or {}
        yield {
            "id": part.id,
            "matter": part.matter,
            **both(matter.label),
            "department_zh": department.zh,
            "department_en": department.en,
            "state": seen.state.value,
            "state_zh": state.zh,
            "state_en": state.en,
            "due_on": part.due_on.isoformat() if part.due_on else None,
            "reason_zh": reason.get("zh"),
            "reason_en": reason.get("en"),
            "result": [_result(catalog, document) for document in seen.documents],
        }


def _result(catalog: Catalog, document: Mapping[str, Any]) -> dict[str, Any]:
    declared = catalog.documents.get(document.get("document", ""))
    name = both(declared.label) if declared else {"zh": "办理结果", "en": "Result"}
    return {**name, "identifier": document.get("identifier")}


def _line(catalog: Catalog, thing: Thing, case: Case, event: Event) -> dict[str, Any]:
    said = EVENT[event.kind.value]
    part = next((each for each in case.parts if each.id == event.part), None)
    names = {"zh": {"matter": "", "department": ""}, "en": {"matter": "", "department": ""}}
    if part:
        matter, department = thing.matters[part.matter].label, catalog.departments[part.department].label
        names["zh"] = {"matter": matter.zh, "department": department.zh}
        names["en"] = {"matter": matter.en, "department": department.en}
    return {
        "at": event.at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "kind": event.kind.value,
        "zh": said.zh.format(**names["zh"]),
        "en": said.en.format(**names["en"]),
        "part": event.part,
    }


def _audited(ports: Ports, session: Session, action: str, case: Case | None, **detail: Any) -> AuditRow:
    return AuditRow(
        at=ports.clock.now(),
        actor=session.id,
        actor_kind="citizen",
        action=action,
        purpose=case.thing if case else "my cases",
        subject=session.holder,
        terminal=session.terminal,
        case=case.id if case else None,
        detail=detail,
    )
