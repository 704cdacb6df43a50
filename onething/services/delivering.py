"""Handing parts to departments: each gets only the facts and materials its matter needs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from onething.domain.cases import Event, EventKind, PartState, apply, fold
from onething.domain.errors import NotFound
from onething.domain.records import AuditRow, Case, Part
from onething.ports import Conflict, PartDelivery, Ports, UnitOfWork

_TRIES = 5


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
    reference = ports.departments.deliver(delivery)
    _note_dispatched(ports, part_id, reference)


def _delivery(ports: Ports, uow: UnitOfWork, case: Case, part: Part) -> PartDelivery:
    planned = next(each for each in case.plan["matters"] if each["code"] == part.matter)
    values = uow.cases.get_values(case.id)
    facts = {}
    for key in planned["needs"]:
        role, _, fact = key.partition(".")
        value = values.get(role, {}).get(fact)
        if value is not None:
            facts[key] = value["value"]
    return PartDelivery(
        part=part.id,
        case_number=case.number,
        thing=case.thing,
        matter=part.matter,
        department=part.department,
        facts=facts,
        materials=_materials(uow, case, planned),
        due_on=part.due_on,
        callback=f"{ports.settings.public_url}/partner/v1/departments/{part.department}/events",
    )


def _materials(uow: UnitOfWork, case: Case, planned: dict[str, Any]) -> list[dict[str, Any]]:
    """The matter's materials: how each is met, and the pages that were handed in for it."""
    files = uow.files.list_of(case.draft)
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
    for _ in range(_TRIES):
        try:
            with ports.records.act() as uow:
                case = uow.cases.find_by_part(part_id)
                if case is None:
                    return
                view = fold(uow.cases.list_events(case.id))
                if view.parts[part_id].state is not PartState.WAITING:
                    return
                data = {"reference": reference}
                now = ports.clock.now()
                event = Event(view.sequence + 1, EventKind.PART_DISPATCHED, now, part_id, data)
                view = apply(view, event)
                parts = tuple(replace(p, state=view.parts[p.id].state) for p in case.parts)
                changed = replace(case, state=view.state.value, sequence=view.sequence, parts=parts)
                uow.cases.append(changed, [event])
                return
        except Conflict:
            continue
    raise Conflict


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
        file = next((each for each in uow.files.list_of(case.draft) if each.id == file_id), None)
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
