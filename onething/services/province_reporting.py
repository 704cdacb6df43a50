"""The worker's reports to the province: each case and step in order, ratings and appeals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from onething.domain.actors import WORKER
from onething.domain.case_kinds import CaseState
from onething.domain.province_steps import ProvinceCase, ProvinceStep, ProvinceTask, steps_of
from onething.domain.ratings import Rating
from onething.domain.records import AuditRow, Case
from onething.ports import DeliveryFailed, Ports


def report_case(ports: Ports, job: Mapping[str, Any]) -> None:
    """Report a case's steps that the province has not taken yet, one after the other.

    Raises ``DeliveryFailed``. What it refuses for good is noted with the case, once, and nothing overtakes
    it: whatever happens next in the case tries that step again. The case and the step's number keep a
    repetition, and two workers at once, harmless.
    """
    with ports.records.read() as uow:
        case = uow.cases.find(job["case"])
        if case is None:
            return
        steps = steps_of(uow.cases.list_events(case.id))
        reported = uow.province_reports.get_reported(case.id)
    told = province_case(ports, case)
    for step in steps[reported:]:
        try:
            _report(ports, told, step)
        except DeliveryFailed as failure:
            if failure.retryable or _is_news(ports, case, failure.reason):
                raise
            return
        with ports.records.act() as uow:
            uow.province_reports.put_reported(case.id, step.number, ports.clock.now())


def _report(ports: Ports, told: ProvinceCase, step: ProvinceStep) -> None:
    if step.number == 1:
        ports.province.report_case(told)
    else:
        ports.province.report_step(told, step)


def _is_news(ports: Ports, case: Case, reason: str) -> bool:
    with ports.records.act() as uow:
        return uow.province_reports.note_refusal(case.id, reason, ports.clock.now())


def province_case(ports: Ports, case: Case) -> ProvinceCase:
    """A case as the province knows it: no personal values."""
    catalog = ports.catalogs.get(case.revision)
    thing = catalog.get_thing(case.thing)
    return ProvinceCase(
        number=case.number,
        division=case.division,
        thing=thing.code,
        name=thing.label.zh,
        lead=thing.lead,
        channel=case.channel,
        audience=thing.audience,
        promise_days=thing.promise.days,
        submitted_at=case.submitted_at,
        tasks=tuple(
            ProvinceTask(
                part.id,
                part.matter,
                thing.matters[part.matter].basic_code,
                thing.matters[part.matter].label.zh,
                part.department,
            )
            for part in case.parts
        ),
    )


def report_rating(ports: Ports, job: Mapping[str, Any]) -> None:
    """Send one rating and keep the province's reference; raises ``DeliveryFailed``."""
    with ports.records.act() as uow:
        rating = uow.ratings.find(job["rating"])
        case = uow.cases.find(rating.case_id) if rating else None
        if rating is None or case is None or rating.reference is not None:
            return
        uow.audit.add(_audited(ports, case, rating))
    is_closed = CaseState(case.state).is_final
    reference = ports.province.report_rating(rating, province_case(ports, case), is_closed=is_closed)
    with ports.records.act() as uow:
        there = uow.ratings.find(rating.id)
        if there is not None:
            uow.ratings.save(replace(there, reference=reference), there.state)


def report_appeal(ports: Ports, job: Mapping[str, Any]) -> None:
    """Send what became of an appeal, once its rating is there; raises ``DeliveryFailed``."""
    with ports.records.read() as uow:
        appeal = uow.ratings.find_appeal(job["appeal"])
        rating = uow.ratings.find(appeal.rating) if appeal else None
    if appeal is None or rating is None:
        return
    if rating.reference is None:
        raise DeliveryFailed("rating_not_there_yet", retryable=True)
    ports.province.report_appeal(rating.reference, appeal)


def _audited(ports: Ports, case: Case, rating: Rating) -> AuditRow:
    return AuditRow(
        at=ports.clock.now(),
        actor=WORKER.id,
        actor_kind=WORKER.kind,
        action="rating_reported",
        purpose=case.thing,
        subject=case.holder,
        case=case.id,
        detail={"rating": rating.id},
    )
