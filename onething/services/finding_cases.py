"""Finding a case at the office: by number, card, phone or exact name, and by nothing vaguer."""

from __future__ import annotations

from typing import Any

from onething.domain.actors import Actor
from onething.domain.clocks import colour, day_of
from onething.domain.ids import find_case_number
from onething.domain.records import AuditRow, Case
from onething.domain.working_days import SHANGHAI
from onething.ports import Ports, UnitOfWork
from onething.services.state_words import CASE_STATE
from onething.services.wording import both


def find_cases(
    ports: Ports,
    actor: Actor,
    *,
    number: str | None = None,
    card: str | None = None,
    phone: str | None = None,
    name: str | None = None,
    limit: int = 20,
) -> list[dict[str, Any]]:
    """Cases by number, card, phone or exact name, newest first; one audit row names them all."""
    with ports.records.act() as uow:
        cases = _found(ports, uow, number, card, phone, name, limit)
        by = next(
            (n for n, v in (("number", number), ("card", card), ("phone", phone), ("name", name)) if v), ""
        )
        uow.audit.add(
            AuditRow(
                at=ports.clock.now(),
                actor=actor.id,
                actor_kind=actor.kind,
                action="cases_searched",
                purpose=f"search by {by}",
                subject=cases[0].holder if cases else None,
                detail={"cases": [case.id for case in cases]},
            )
        )
    return [_summary(ports, case) for case in cases]


def _found(
    ports: Ports,
    uow: UnitOfWork,
    number: str | None,
    card: str | None,
    phone: str | None,
    name: str | None,
    limit: int,
) -> list[Case]:
    if number:
        found = find_case_number(number)
        case = uow.cases.find_by_number(found) if found else None
        return [case] if case else []
    kind, digest = _digest(ports, card, phone, name)
    if not digest:
        return []
    cases = (uow.cases.find(case_id) for case_id in uow.case_people.list_cases(kind, digest, limit))
    return [case for case in cases if case is not None]


def _digest(ports: Ports, card: str | None, phone: str | None, name: str | None) -> tuple[str, str]:
    try:
        if card:
            return "id_number", ports.index.of_number(card)
        if phone:
            return "phone", ports.index.of_number(phone)
        return "name", ports.index.of_name(name or "")
    except ValueError:
        return "", ""


def _summary(ports: Ports, case: Case) -> dict[str, Any]:
    thing = ports.catalogs.get(case.revision).get_thing(case.thing)
    state = CASE_STATE[case.state]
    ended = day_of(case.results_at) if case.results_at else None
    today = day_of(ports.clock.now())
    return {
        "number": case.number,
        "thing": {"code": thing.code, **both(thing.label)},
        "state": case.state,
        "state_zh": state.zh,
        "state_en": state.en,
        "submitted_at": case.submitted_at.astimezone(SHANGHAI).isoformat(timespec="minutes"),
        "due_on": case.due_on.isoformat() if case.due_on else None,
        "colour": colour(case.due_on, case.warn_on, case.paused_on, ended, today).value,
    }
