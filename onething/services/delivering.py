"""Handing parts to departments: each gets only the facts and materials its matter needs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from onething.domain.actors import WORKER
from onething.domain.cases import CaseState, EventKind, PartState
from onething.domain.errors import NotFound
from onething.domain.records import AuditRow, Case, Part
from onething.ports import PartDelivery, Ports, UnitOfWork
from onething.services.casework import CaseAct, run

CONSOLE = "console"


def deliver_part(ports: Ports, part_id: str) -> None:
    """Deliver one part and note that it went; raises ``ports.DeliveryFailed``.

    The department's system is waited for outside any transaction; the part's id is the
    idempotency key, so that a delivery whose answer was lost may be made again.
    """
    with ports.records.act() as uow:
        case = uow.cases.find_by_part(part_id)
        if case is None:
            return
        part = next(each for each in case.parts if each.id == part_id)
        if part.state is not PartState.WAITING:
            return
        delivery = _delivery(ports, uow, case, part)
        uow.audit.add(_audited(ports, case, part))
    if part.department in ports.settings.without_system:
        reference = CONSOLE
    else:
        reference = ports.departments.deliver(delivery)
    _note_dispatched(ports, part_id, reference)


def _delivery(ports: Ports, uow: UnitOfWork, case: Case, part: Part) -> PartDelivery:
    planned = next(each for each in case.plan["matters"] if each["code"] == part.matter)
    values = uow.cases.get_values(case.id)
    return PartDelivery(
        part=part.id,
        case_number=case.number,
        thing=case.thing,
        matter=part.matter,
        department=part.department,
        facts=_facts(values, planned["needs"]),
        materials=_materials(uow, case, planned),
        due_on=part.due_on,
        callback=f"{ports.settings.public_url}/partner/v1/departments/{part.department}/events",
        disputed=_disputed(values, planned["needs"]),
    )


def _materials(uow: UnitOfWork, case: Case, planned: dict[str, Any]) -> list[dict[str, Any]]:
    """The matter's materials: how each is met, and the pages that were handed in for it."""
    files = [*uow.files.list_of(case.draft), *uow.files.list_of(case.id)]
    how = {each["material"]: each["how"] for each in case.plan["materials"]}
    found: list[dict[str, Any]] = []
    for material in planned["materials"]:
        pages = [file for file in files if file.material == material]
        if not pages:
            found.append({"material": material, "how": how[material], "file": None, "sha256": None})
        for page in pages:
            found.append({"material": material, "how": how[material], "file": page.id, "sha256": page.sha256})
    return found


def _note_dispatched(ports: Ports, part_id: str, reference: str) -> None:
    def find(uow: UnitOfWork) -> CaseAct:
        case = uow.cases.find_by_part(part_id)
        if case is None:
            raise NotFound
        return CaseAct(ports, uow, case, WORKER, ports.clock.now())

    def note(act: CaseAct) -> None:
        if act.view.parts[part_id].state is PartState.WAITING and act.view.state is CaseState.ACCEPTED:
            act.move(EventKind.PART_DISPATCHED, part_id, reference=reference)

    run(ports, WORKER, "part_dispatched", find, note)


def deliver_supplement(ports: Ports, job: Mapping[str, Any]) -> None:
    """Hand a department what the citizen brought later; raises ``ports.DeliveryFailed``."""
    with ports.records.act() as uow:
        case, part = _find(uow, job["part"])
        if case is None or part is None or part.department in ports.settings.without_system:
            return
        files = [file for file in uow.files.list_of(case.id) if file.material in job["materials"]]
        planned = next(each for each in case.plan["matters"] if each["code"] == part.matter)
        facts = _facts(uow.cases.get_values(case.id), planned["needs"])
        uow.audit.add(_audited(ports, case, part))
    materials = [
        {"material": file.material, "how": "submit", "file": file.id, "sha256": file.sha256} for file in files
    ]
    told = json.dumps([materials, facts], sort_keys=True, ensure_ascii=False)
    key = f"{part.id}-{hashlib.sha256(told.encode()).hexdigest()[:32]}"
    ports.departments.supplement(part.department, part.id, key, materials, facts)


def deliver_withdrawal(ports: Ports, job: Mapping[str, Any]) -> None:
    """Tell a department that a part was taken back; raises ``ports.DeliveryFailed``."""
    with ports.records.read() as uow:
        case, part = _find(uow, job["part"])
    if case is not None and part is not None and part.department not in ports.settings.without_system:
        ports.departments.withdraw(part.department, part.id)


def _find(uow: UnitOfWork, part_id: str) -> tuple[Case | None, Part | None]:
    case = uow.cases.find_by_part(part_id)
    part = next((each for each in case.parts if each.id == part_id), None) if case else None
    return case, part


def _facts(values: Mapping[str, Mapping[str, Any]], needs: Sequence[str]) -> dict[str, Any]:
    found = {}
    for key in needs:
        role, _, fact = key.partition(".")
        value = values.get(role, {}).get(fact)
        if value is not None:
            found[key] = value["value"]
    return found


def _disputed(values: Mapping[str, Mapping[str, Any]], needs: Sequence[str]) -> list[str]:
    """The facts whose register says otherwise than the person."""
    found = ((key, values.get(key.partition(".")[0], {}).get(key.partition(".")[2])) for key in needs)
    return [key for key, value in found if value is not None and value.get("disputed") is not None]


def _audited(ports: Ports, case: Case, part: Part) -> AuditRow:
    return AuditRow(
        at=ports.clock.now(),
        actor="worker",
        actor_kind="worker",
        action="part_delivered",
        purpose=part.matter,
        subject=case.holder,
        case=case.id,
        detail={"department": part.department},
    )


def get_page(ports: Ports, department: str, part_id: str, file_id: str) -> tuple[bytes, str]:
    """One page that belongs to a department's own part, and its media type; raises ``NotFound``."""
    with ports.records.act() as uow:
        case = uow.cases.find_by_part(part_id)
        part = next((each for each in case.parts if each.id == part_id), None) if case else None
        if case is None or part is None or part.department != department:
            raise NotFound
        planned = next(each for each in case.plan["matters"] if each["code"] == part.matter)
        files = [*uow.files.list_of(case.draft), *uow.files.list_of(case.id)]
        file = next((each for each in files if each.id == file_id), None)
        if file is None or file.material not in planned["materials"]:
            raise NotFound
        uow.audit.add(
            AuditRow(
                at=ports.clock.now(),
                actor=department,
                actor_kind="department",
                action="page_read",
                purpose=part.matter,
                subject=case.holder,
                case=case.id,
                detail={"file": file_id},
            )
        )
    return ports.files.get(file_id), file.media_type
