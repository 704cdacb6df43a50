"""Submission: one transaction that makes a draft a case, with its plan, parts, events and deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from onething.domain.cases import Event, EventKind, PartState, fold
from onething.domain.catalog import Catalog, FactType, Label, Thing
from onething.domain.clocks import project
from onething.domain.conditions import without_index
from onething.domain.errors import (
    AlreadySubmitted,
    AssuranceTooLow,
    CounterOnly,
    FieldError,
    NotComplete,
    TooBusy,
)
from onething.domain.plan_deciding import deciding_facts
from onething.domain.reception import settle_on
from onething.domain.records import AuditRow, Case, Part, Session
from onething.domain.same_event import AlreadyApplied, applied_as
from onething.domain.tallies import submission_counts, tallies_of
from onething.domain.values import Origin, Value
from onething.domain.working_days import SHANGHAI
from onething.ports import Conflict, Ports, UnitOfWork
from onething.services import messaging, same_event
from onething.services.acting_for import must_be_able_to_sign, must_be_covered
from onething.services.casework import rules_of
from onething.services.desk import Desk, lay_out, sealed_values
from onething.services.disputing import carry_over
from onething.services.draft_view import view_of
from onething.services.holding import must_hold
from onething.services.moving_on import delivery_job
from onething.services.province_jobs import note_events
from onething.services.receipts import receipt_of

_TRIES = 5


def submit(ports: Ports, session: Session, draft_id: str, key: str, body_digest: str) -> dict[str, Any]:
    """Make the draft a case, once for each key; a retry gets the first answer.

    Raises ``AlreadyApplied``, ``NotComplete``, ``CounterOnly``, ``AssuranceTooLow``, ``AlreadySubmitted``,
    ``ports.KeyReused`` and ``NotFound``.
    """
    for _ in range(_TRIES):
        try:
            with ports.records.act() as uow:
                now = ports.clock.now()
                first = uow.keys.begin(session.holder, key, body_digest, now)
                if first is not None:
                    return dict(first)
                answer = _submitted(ports, uow, session, draft_id, now)
                uow.keys.finish(session.holder, key, answer)
                return answer
        except Conflict:
            continue
    raise TooBusy


def _submitted(
    ports: Ports, uow: UnitOfWork, session: Session, draft_id: str, now: datetime
) -> dict[str, Any]:
    desk = lay_out(ports, uow, session, draft_id)
    must_be_able_to_sign(uow, session, now)
    _must_be_complete(desk)
    must_hold(uow, session, desk.draft, now)
    must_be_covered(uow, session, now, desk.thing, desk.plan.holder, desk.plan.chosen)
    desk = _settled(desk)
    same_event.must_be_new(ports, uow, session, desk.thing, desk.values, desk.plan.chosen)
    case, events = _case_of(ports, desk, session, now)
    case, events = carry_over(uow, desk, case, events)
    uow.cases.add(case, events, sealed_values(desk.values))
    same_event.claim_for(ports, uow, case, desk.thing, desk.values)
    uow.disputes.draft_became(draft_id, case.id)
    note_events(ports, uow, case.id, events, now)
    messaging.note_events(ports, uow, case, events)
    uow.case_people.add(case.id, people_of(ports, desk.catalog, desk.thing, desk.values))
    uow.drafts.save(replace(desk.draft, state="submitted", updated_at=now, values={}))
    if case.accepted_at is not None:
        for matter in desk.plan.order.waves[0]:
            part = next(each for each in case.parts if each.matter == matter)
            uow.jobs.add(delivery_job(ports, part.id, now))
    uow.tallies.add(tallies_of(None, case, events), case.id)
    uow.audit.add(_audited(session, case, now))
    return {"case_number": case.number, "receipt": receipt_of(ports, uow, case, desk.values, desk.files)}


def _must_be_complete(desk: Desk) -> None:
    if desk.draft.state != "open":
        raise AlreadySubmitted
    if there := desk.find_own_case():
        raise AlreadyApplied(applied_as(there))
    if desk.plan.counter_only and not desk.at_counter:
        raise CounterOnly(desk.plan.counter_only[0])
    if desk.standing is not None and not desk.standing.meets(desk.plan):
        raise AssuranceTooLow
    missing = view_of(desk)["missing"]
    if missing:
        raise NotComplete(
            fields=[
                FieldError(each["id"], f"missing_{each['kind']}", Label(each["zh"], each["en"]))
                for each in missing
            ]
        )


def _settled(desk: Desk) -> Desk:
    """The desk with what was computed or left at its default written down as values.

    It is not planned again: both counted as known when it was (a law of the plan).
    """
    settled: dict[str, Value] = {}
    for key in desk.plan.form:
        if key in desk.plan.computed:
            settled[key] = Value(desk.plan.computed[key], Origin.COMPUTED)
    for question in desk.thing.questions:
        if question.default is not None and question.fact in desk.plan.form:
            settled[question.fact] = Value(question.default, Origin.TYPED)
    return replace(desk, values=_needed_only(desk, {**settled, **desk.values}))


def _needed_only(desk: Desk, values: Mapping[str, Value]) -> dict[str, Value]:
    """Without what nothing chosen needs: typed before a matter was unticked, or told by the card."""
    needed = {need for matter in desk.plan.matters if matter.chosen for need in matter.needs}
    needed |= {*desk.plan.form, f"{desk.plan.holder}.name", f"{desk.plan.holder}.id_number"}
    deciding = deciding_facts(desk.catalog, desk.thing)
    return {
        k: replace(value, replaced=())
        for k, value in values.items()
        if k in needed or without_index(k) in deciding
    }


def _case_of(ports: Ports, desk: Desk, session: Session, now: datetime) -> tuple[Case, list[Event]]:
    parts = tuple(
        Part(ports.chance.id(), code, desk.thing.matters[code].department, PartState.WAITING)
        for code in desk.plan.chosen
    )
    told = [{"id": part.id, "matter": part.matter} for part in parts]
    submitted = {"parts": told, "counts": _counted(desk)}
    if session.mandate:
        submitted["mandate"] = session.mandate
    events = [Event(1, EventKind.SUBMITTED, now, data=submitted)]
    if not ports.settings.window_accepts:
        events.append(Event(2, EventKind.ACCEPTED, now, data={"by": "submission"}))
    view = fold(events)
    today = now.astimezone(SHANGHAI).date()
    case = Case(
        id=ports.chance.id(),
        number=ports.chance.case_number(today),
        thing=desk.thing.code,
        holder=session.holder,
        draft=desk.draft.id,
        revision=desk.draft.revision,
        plan=desk.plan.to_json(),
        division=session.division,
        terminal=session.terminal,
        submitted_at=now,
        answered_by=answered_by(ports, today),
        state=view.state.value,
        sequence=view.sequence,
        parts=parts,
        lead=desk.thing.lead,
        channel=session.channel,
    )
    days = ports.settings.answer_within_days
    case = replace(case, settle_on=settle_on(view, case.answered_by, ports.working_days, days))
    return project(rules_of(ports, desk.thing, case), case, None, view), events


def _counted(desk: Desk) -> dict[str, int]:
    materials = desk.plan.to_json()["materials"]
    attached = {file.material for file in desk.files} & set(desk.thing.materials)
    return submission_counts(desk.thing, materials, desk.values.values(), attached)


def answered_by(ports: Ports, today: date) -> date:
    """The day by which a case is accepted or answered (Administrative Licensing Law, article 32)."""
    return ports.working_days.after(today, ports.settings.answer_within_days)[0]


_FOUND_BY = {
    FactType.CITIZEN_ID: "id_number",
    FactType.MOBILE: "phone",
    FactType.NAME: "name",
    FactType.USCC: "uscc",
}


def people_of(
    ports: Ports, catalog: Catalog, thing: Thing, values: Mapping[str, Value]
) -> list[tuple[str, str]]:
    """By whom a case can be found: kind and blind index of every number, mobile and name in it."""
    found = []
    for key, value in values.items():
        kind = _FOUND_BY.get(catalog.get_fact(thing, key).type)
        if kind is None or not value.value:
            continue
        index = ports.index.of_name if kind == "name" else ports.index.of_number
        found.append((kind, index(str(value.value))))
    return list(dict.fromkeys(found))


def _audited(session: Session, case: Case, at: datetime) -> AuditRow:
    return AuditRow(
        at=at,
        actor=session.actor,
        actor_kind=session.actor_kind,
        action="submitted",
        purpose=case.thing,
        subject=session.holder,
        terminal=session.terminal,
        case=case.id,
    )
