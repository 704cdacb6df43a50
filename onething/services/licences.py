"""The e-licences that a person's cases have brought, as a phone lists and shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from onething.domain.cases import PartState
from onething.domain.catalog import Label
from onething.domain.records import AuditRow, Case, Session
from onething.domain.results import Result
from onething.domain.working_days import SHANGHAI
from onething.ports import Ports, UnitOfWork
from onething.services.gathering import is_e_licence
from onething.services.wording import both


def list_licences(ports: Ports, session: Session) -> list[dict[str, Any]]:
    """All e-licences that my cases have brought, the last first."""
    with ports.records.act() as uow:
        found = list(list_own(uow, session.holder))
        uow.audit.add(
            AuditRow(
                at=ports.clock.now(),
                actor=session.actor,
                actor_kind=session.actor_kind,
                action="licences_listed",
                purpose="my e-licences",
                subject=session.holder,
                terminal=session.terminal,
                detail={"licences": [result.id for _, result in found]},
            )
        )
    return [_shown(ports, case, result) for case, result in found]


def label_of(ports: Ports, case: Case, result: Result) -> Label:
    """What a licence is called in the catalog that its case began with."""
    catalog = ports.catalogs.get(case.revision)
    document = catalog.documents.get(result.document)
    return document.label if document else catalog.get_thing(case.thing).matters[result.matter].label


def list_own(uow: UnitOfWork, holder: str) -> Iterator[tuple[Case, Result]]:
    """Every e-licence that a completed part of one of this person's cases brought, the last first."""
    cases: dict[str, Case | None] = {}
    for result in uow.results.list_identified(holder):
        if result.case_id not in cases:
            cases[result.case_id] = uow.cases.find(result.case_id)
        case = cases[result.case_id]
        if case is not None and is_e_licence(result) and _is_completed(case, result):
            yield case, result


def _is_completed(case: Case, result: Result) -> bool:
    return any(part.id == result.part and part.state is PartState.COMPLETED for part in case.parts)


def _shown(ports: Ports, case: Case, result: Result) -> dict[str, Any]:
    department = ports.catalogs.get(case.revision).departments[result.department].label
    return {
        "id": result.id,
        **both(label_of(ports, case, result)),
        "identifier": result.identifier,
        "department_zh": department.zh,
        "department_en": department.en,
        "issued_on": result.completed_at.astimezone(SHANGHAI).date().isoformat(),
        "case": case.number,
    }
