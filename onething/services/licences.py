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
    """My e-licences, those of the newest case first."""
    with ports.records.act() as uow:
        found = list(_licences(uow, session.holder))
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


def _licences(uow: UnitOfWork, holder: str) -> Iterator[tuple[Case, Result]]:
    for case in uow.cases.list_of_holder(holder):
        completed = {part.id for part in case.parts if part.state is PartState.COMPLETED}
        for result in uow.results.list_of(case.id):
            if result.part in completed and is_e_licence(result):
                yield case, result


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
