"""Verifying a paper by its QR: the code on it was made by us for this case, nothing else opens it."""

from __future__ import annotations

import hmac
from typing import Any

from onething.domain.cases import fold
from onething.domain.errors import NotFound
from onething.domain.ids import find_case_number
from onething.domain.masking import mask_name
from onething.domain.records import AuditRow, Case
from onething.domain.working_days import SHANGHAI
from onething.ports import Ports
from onething.services.following import case_values
from onething.services.state_words import CASE_STATE, PART_STATE


def verify(ports: Ports, number: str, code: str) -> dict[str, Any]:
    """What the paper must say, masked, and how far its case is; raises ``NotFound`` for any other code."""
    found = find_case_number(number)
    if found is None or not hmac.compare_digest(ports.index.of_paper(found).encode(), code.encode()):
        raise NotFound
    with ports.records.act() as uow:
        case = uow.cases.find_by_number(found)
        if case is None:
            raise NotFound
        events = uow.cases.list_events(case.id)
        name = case_values(uow, case).get(f"{case.plan['holder']}.name")
        uow.audit.add(_audited(ports, case))
    thing = ports.catalogs.get(case.revision).get_thing(case.thing)
    view = fold(events)
    return {
        "number": case.number,
        "thing_zh": thing.label.zh,
        "thing_en": thing.label.en,
        "applicant_masked": mask_name(str(name.value)) if name else "",
        "submitted_at": case.submitted_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        "state_zh": CASE_STATE[case.state].zh,
        "state_en": CASE_STATE[case.state].en,
        "parts": _parts(ports, case, {part.id: part.state.value for part in view.parts.values()}),
    }


def _parts(ports: Ports, case: Case, states: dict[str, str]) -> list[dict[str, str]]:
    catalog = ports.catalogs.get(case.revision)
    matters = catalog.get_thing(case.thing).matters
    return [
        {
            "zh": matters[part.matter].label.zh,
            "department_zh": catalog.departments[part.department].label.zh,
            "state_zh": PART_STATE[states[part.id]].zh,
        }
        for part in case.parts
    ]


def _audited(ports: Ports, case: Case) -> AuditRow:
    return AuditRow(
        at=ports.clock.now(),
        actor="holder of the paper",
        actor_kind="public",
        action="paper_verified",
        purpose=case.thing,
        subject=case.holder,
        case=case.id,
    )
