"""Answering a dispute: the department that keeps the record corrects it, explains it or stands by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from onething.domain.actors import Actor
from onething.domain.case_kinds import PartState
from onething.domain.cases import EventKind
from onething.domain.catalog import Catalog, Label
from onething.domain.clocks import day_of
from onething.domain.disputes import OUTCOMES, Dispute, DisputeState
from onething.domain.errors import BadFields, FieldError, NotFound
from onething.domain.messages import MessageKind
from onething.domain.records import AuditRow, Job
from onething.domain.staff import Role
from onething.domain.values import BadValue, Origin, Value, read_value
from onething.ports import Conflict, Ports, UnitOfWork
from onething.services.casework import CaseAct, on_case
from onething.services.disputing import told
from onething.services.duties import must_be, must_be_of
from onething.services.messaging import tell
from onething.services.outcome_refusals import AlreadySettled, WordsNeeded
from onething.services.outcome_wording import DISPUTE_STATE
from onething.services.supplementing import SUPPLEMENT
from onething.services.wording import both

_LONGEST = 1000


def answer(
    ports: Ports,
    actor: Actor,
    dispute_id: str,
    *,
    outcome: str,
    reason: Label,
    value: Any = None,
) -> dict[str, Any]:
    """Settle a dispute: ``corrected`` with the register's new value, ``explained`` or ``rejected``.

    A corrected value is taken into the draft or case, and departments that have the old one are sent
    it. Raises ``WordsNeeded``, ``BadFields``, ``AlreadySettled`` and, for another department, ``NotFound``.
    """
    dispute = _own(ports, actor, dispute_id)
    state = DisputeState(outcome) if outcome in OUTCOMES else None
    if state is None or not reason.zh.strip():
        raise WordsNeeded
    catalog = _catalog(ports, dispute)
    corrected = _read(catalog, dispute, value) if state is DisputeState.CORRECTED else None
    words = {"code": state.value, "zh": reason.zh.strip()[:_LONGEST], "en": reason.en.strip()[:_LONGEST]}
    settled = replace(
        dispute,
        state=state,
        reason=words,
        settled_by=actor.id,
        claim={**dispute.claim, "corrected": corrected},
    )
    if dispute.case_id is not None:
        return _settled_in_case(ports, actor, settled)
    return _settled_in_draft(ports, actor, settled)


def _read(catalog: Catalog, dispute: Dispute, value: Any) -> Any:
    thing = catalog.get_thing(dispute.thing)
    try:
        return read_value(catalog, catalog.get_fact(thing, dispute.fact), "" if value is None else value)
    except BadValue as bad:
        raise BadFields(fields=[FieldError("value", bad.reason, bad.text)]) from None


def _catalog(ports: Ports, dispute: Dispute) -> Catalog:
    if dispute.case_id is not None:
        with ports.records.read() as uow:
            case = uow.cases.find(dispute.case_id)
        if case is not None:
            return ports.catalogs.get(case.revision)
    return ports.catalogs.current()[1]


def _settled_in_case(ports: Ports, actor: Actor, settled: Dispute) -> dict[str, Any]:
    def act_on(act: CaseAct) -> dict[str, Any]:
        _save(act.uow, settled, act.now)
        if settled.state is DisputeState.CORRECTED:
            _take_in(act, settled)
        act.move(EventKind.DISPUTE_SETTLED, **told(settled), outcome=settled.state.value)
        return _outline(act.catalog, settled, day_of(act.now))

    case_id = settled.case_id or ""
    return on_case(ports, case_id, actor, "dispute_settled", act_on, may=lambda _case: True)


def _take_in(act: CaseAct, settled: Dispute) -> None:
    """The register's new value into the case, and to the departments that are handling the old one."""
    role, _, name = settled.fact.partition(".")
    kept = dict(act.uow.cases.get_values(act.case.id).get(role, {}))
    kept[name] = _new_value(settled, act.now).to_json()
    act.uow.cases.save_values(act.case.id, {role: kept})
    needing = {each["code"] for each in act.case.plan["matters"] if settled.fact in each["needs"]}
    for part in act.view.parts.values():
        handled = part.state in (PartState.DISPATCHED, PartState.IN_HANDLING, PartState.SUSPENDED)
        if handled and part.matter in needing:
            payload = {"part": part.id, "materials": [], "key": f"{part.id}-{settled.id}"}
            act.uow.jobs.add(Job(act.ports.chance.id(), SUPPLEMENT, payload, act.now))


def _new_value(settled: Dispute, now: datetime) -> Value:
    as_of = day_of(now).isoformat()
    return Value(settled.claim["corrected"], Origin.REGISTER, settled.source, as_of)


def _settled_in_draft(ports: Ports, actor: Actor, settled: Dispute) -> dict[str, Any]:
    """The draft may be in its person's hands just now: what they do at the same moment comes first."""
    for _ in range(_TRIES):
        try:
            with ports.records.act() as uow:
                return _write_in_draft(ports, uow, actor, settled)
        except Conflict:
            continue
    raise AlreadySettled


_TRIES = 5


def _write_in_draft(ports: Ports, uow: UnitOfWork, actor: Actor, settled: Dispute) -> dict[str, Any]:
    now = ports.clock.now()
    there = uow.disputes.find(settled.id)
    if there is None or there.case_id is not None:  # submitted meanwhile: to be answered with its case
        raise AlreadySettled
    _save(uow, settled, now)
    draft = uow.drafts.find(settled.owner)
    if settled.state is DisputeState.CORRECTED and draft is not None and draft.state == "open":
        role, _, name = settled.fact.partition(".")
        kept = {**draft.values.get(role, {}), name: _new_value(settled, now).to_json()}
        uow.drafts.save(replace(draft, values={**draft.values, role: kept}, updated_at=now))
    link = f"/m/drafts/{settled.owner}"
    tell(ports, uow, MessageKind.DISPUTE_DECIDED, there.holder, about=settled.owner, link=link)
    uow.audit.add(_audited(actor, settled, now, "dispute_settled"))
    return _outline(ports.catalogs.current()[1], settled, day_of(now))


def _save(uow: UnitOfWork, settled: Dispute, now: datetime) -> None:
    if not uow.disputes.save(replace(settled, settled_at=now), DisputeState.OPEN):
        raise AlreadySettled


def _own(ports: Ports, actor: Actor, dispute_id: str) -> Dispute:
    with ports.records.read() as uow:
        dispute = uow.disputes.find(dispute_id)
    if dispute is None:
        raise NotFound
    must_be_of(actor, dispute.department)
    if dispute.state.is_settled:
        raise AlreadySettled
    return dispute


def list_open(ports: Ports, actor: Actor, limit: int = 100) -> list[dict[str, Any]]:
    """A department's open disputes by their day, without any value; one audit row for the list."""
    must_be(actor, Role.DEPARTMENT)
    now = ports.clock.now()
    _, catalog = ports.catalogs.current()
    with ports.records.act() as uow:
        disputes = uow.disputes.list_open(actor.department or "", limit)
        row = AuditRow(now, actor.id, actor.kind, "disputes_listed", "disputes")
        uow.audit.add(replace(row, detail={"disputes": [each.id for each in disputes]}))
    return [_outline(catalog, each, day_of(now)) for each in disputes]


def get_dispute(ports: Ports, actor: Actor, dispute_id: str) -> dict[str, Any]:
    """One dispute with what both sides say, for the department that answers it; raises ``NotFound``."""
    now = ports.clock.now()
    with ports.records.act() as uow:
        dispute = uow.disputes.find(dispute_id)
        if dispute is None:
            raise NotFound
        must_be_of(actor, dispute.department)
        uow.audit.add(_audited(actor, dispute, now, "dispute_read"))
    return {**_outline(_catalog(ports, dispute), dispute, day_of(now)), **_claim(dispute)}


def get_evidence(ports: Ports, actor: Actor, dispute_id: str, file_id: str) -> tuple[bytes, str]:
    """One page of the evidence and its media type, for the department that answers; raises ``NotFound``."""
    with ports.records.act() as uow:
        dispute = uow.disputes.find(dispute_id)
        file = uow.files.find(file_id)
        if dispute is None or file is None or file.owner != dispute.id:
            raise NotFound
        must_be_of(actor, dispute.department)
        uow.audit.add(_audited(actor, dispute, ports.clock.now(), "evidence_read"))
    return ports.files.get(file_id), file.media_type


def list_of_case(ports: Ports, actor: Actor, number: str) -> list[dict[str, Any]]:
    """A case's disputes; the citizen also sees what was said, the others what became of it."""

    def act_on(act: CaseAct) -> list[dict[str, Any]]:
        return disputes_of(act, act.uow.disputes.list_of_case(act.case.id))

    return on_case(ports, number, actor, "disputes_read", act_on)


def disputes_of(act: CaseAct, disputes: Sequence[Dispute]) -> list[dict[str, Any]]:
    """Disputes as they are shown within an act on their case."""
    outlines = [_outline(act.catalog, each, day_of(act.now)) for each in disputes]
    if act.actor.kind != "citizen":
        return outlines
    return [{**outline, **_claim(each)} for outline, each in zip(outlines, disputes, strict=True)]


def _outline(catalog: Catalog, dispute: Dispute, today: Any) -> dict[str, Any]:
    state, reason = DISPUTE_STATE[dispute.state], dispute.reason or {}
    thing = catalog.get_thing(dispute.thing)
    source = catalog.sources[dispute.source].label
    return {
        "id": dispute.id,
        "thing": dispute.thing,
        "fact": dispute.fact,
        **both(catalog.get_fact(thing, dispute.fact).label),
        "source": dispute.source,
        "source_zh": source.zh,
        "source_en": source.en,
        "department": dispute.department,
        "state": dispute.state.value,
        "state_zh": state.zh,
        "state_en": state.en,
        "opened_at": dispute.opened_at.isoformat(),
        "due_on": dispute.due_on.isoformat(),
        "is_late": dispute.state is DisputeState.OPEN and dispute.due_on < today,
        "reason_zh": reason.get("zh", ""),
        "reason_en": reason.get("en", ""),
        "evidence": list(dispute.evidence),
    }


def _claim(dispute: Dispute) -> dict[str, Any]:
    claim = dispute.claim
    return {
        "register_value": claim.get("register"),
        "own_value": claim.get("citizen"),
        "corrected_value": claim.get("corrected"),
        "as_of": claim.get("as_of"),
    }


def _audited(actor: Actor, dispute: Dispute, now: datetime, action: str) -> AuditRow:
    return AuditRow(
        at=now,
        actor=actor.id,
        actor_kind=actor.kind,
        action=action,
        purpose=dispute.thing,
        subject=dispute.holder,
        case=dispute.case_id or dispute.owner,
        detail={"dispute": dispute.id, "fact": dispute.fact},
    )
