"""What departments report: accepted, completed or denied; and what that sets going."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from onething.domain.cases import CaseView, Event, EventKind, IllegalMove, PartState, apply, fold
from onething.domain.catalog import Label, Limit, Thing
from onething.domain.conditions import without_index
from onething.domain.errors import NotFound, Refusal, TooBusy
from onething.domain.records import AuditRow, Case
from onething.domain.values import BadValue, Origin, Value, read_value
from onething.domain.working_days import SHANGHAI
from onething.ports import Conflict, Ports, UnitOfWork
from onething.services.submitting import delivery_job

_TRIES = 5
_KINDS = {
    "accepted": EventKind.PART_ACCEPTED,
    "completed": EventKind.PART_COMPLETED,
    "denied": EventKind.PART_DENIED,
}


class IllegalReport(Refusal):
    """A report that the part's state does not allow."""

    reason = "illegal_move"
    status_hint = "conflict"
    text = Label("该事项当前状态不允许此操作", "The part's state does not allow this")


class BadReport(Refusal):
    """A report whose content cannot be taken."""

    reason = "bad_report"
    text = Label("报文内容不正确", "The report's content is not right")


def take_event(ports: Ports, department: str, report: Mapping[str, Any]) -> dict[str, str]:
    """Take one signed report of a department; a duplicate or late one changes nothing.

    ``report`` is the partner contract's event (docs/openapi/partner.json). Raises ``NotFound``,
    ``IllegalReport`` and ``BadReport``.
    """
    for _ in range(_TRIES):
        try:
            with ports.records.act() as uow:
                return _taken(ports, uow, department, report)
        except Conflict:
            continue
    raise TooBusy


def _taken(ports: Ports, uow: UnitOfWork, department: str, report: Mapping[str, Any]) -> dict[str, str]:
    now = ports.clock.now()
    case = uow.cases.find_by_part(report["part"])
    part = next((p for p in case.parts if p.id == report["part"]), None) if case else None
    if case is None or part is None or part.department != department:
        raise NotFound
    if not uow.partner_events.is_new(department, report["event_id"], now):
        return {"status": "already_known"}
    view = fold(uow.cases.list_events(case.id))
    kind = _KINDS[report["kind"]]
    if _is_late(view.parts[part.id].state, kind):
        return {"status": "already_known"}
    moves = _Moves(ports, uow, case, view, now)
    moves.report(part.id, kind, report)
    moves.follow_up()
    moves.write(department)
    return {"status": "applied"}


def _is_late(state: PartState, kind: EventKind) -> bool:
    """A report of what has already been passed: no effect, no error."""
    return kind is EventKind.PART_ACCEPTED and state in (PartState.IN_HANDLING, PartState.COMPLETED)


class _Moves:
    """The events of one act on one case, applied as they come and written together."""

    def __init__(self, ports: Ports, uow: UnitOfWork, case: Case, view: CaseView, now: datetime) -> None:
        self.ports, self.uow, self.case, self.view, self.now = ports, uow, case, view, now
        self.catalog = ports.catalogs.get(case.revision)
        self.thing: Thing = self.catalog.get_thing(case.thing)
        self.events: list[Event] = []
        self.due: dict[str, date] = {}

    def move(self, kind: EventKind, part: str | None = None, **data: Any) -> None:
        """Apply one event; raises ``IllegalReport``."""
        event = Event(self.view.sequence + 1, kind, self.now, part, data)
        try:
            self.view = apply(self.view, event)
        except IllegalMove:
            raise IllegalReport from None
        self.events.append(event)

    def report(self, part: str, kind: EventKind, report: Mapping[str, Any]) -> None:
        """A department's report; completion without acceptance brings the acceptance with it."""
        state = self.view.parts[part].state
        if kind is EventKind.PART_COMPLETED and state is PartState.DISPATCHED:
            self.move(EventKind.PART_ACCEPTED, part)
            self._fix_due(part)
        data: dict[str, Any] = {"reported_at": report["at"]}
        if kind is EventKind.PART_DENIED:
            data["reason"] = report.get("reason") or {}
        if kind is EventKind.PART_COMPLETED:
            data["documents"] = (report.get("result") or {}).get("documents", [])
            self._keep_facts(part, (report.get("result") or {}).get("facts", {}))
        self.move(kind, part, **data)
        if kind is EventKind.PART_ACCEPTED:
            self._fix_due(part)

    def follow_up(self) -> None:
        """Send out parts whose last need is met, stop those whose need was denied, close when done."""
        waits = self.case.plan["waits_for"]
        by_matter = {part.matter: part for part in self.view.parts.values()}
        stopped = True
        while stopped:
            stopped = False
            for part in list(self.view.parts.values()):
                needs = [self.view.parts[by_matter[m].id].state for m in waits.get(part.matter, ())]
                if part.state is not PartState.WAITING or not needs:
                    continue
                if any(state in (PartState.DENIED, PartState.STOPPED) for state in needs):
                    self.move(EventKind.PART_STOPPED, part.id, reason={"code": "need_denied"})
                    stopped = True
        self._send_ready(waits, by_matter)
        if self.view.all_parts_final:
            self.move(EventKind.CASE_CLOSED)

    def _send_ready(self, waits: Mapping[str, list[str]], by_matter: Mapping[str, Any]) -> None:
        """Only parts whose last need was met by this very act: the others were sent before."""
        done = {e.part for e in self.events if e.kind is EventKind.PART_COMPLETED}
        for part in self.view.parts.values():
            needs = [self.view.parts[by_matter[m].id] for m in waits.get(part.matter, ())]
            ready = part.state is PartState.WAITING and needs
            if ready and all(n.state is PartState.COMPLETED for n in needs) and done & {n.id for n in needs}:
                self.uow.jobs.add(delivery_job(self.ports, part.id, self.now))

    def write(self, department: str) -> None:
        """Append the events, the projections and the audit row."""
        parts = tuple(
            replace(part, state=self.view.parts[part.id].state, due_on=self.due.get(part.id, part.due_on))
            for part in self.case.parts
        )
        due_on = self.case.due_on
        if due_on is None and self.view.accepted_at is not None:
            due_on = self._working_days(self.thing.promise.days)
        case = replace(
            self.case,
            state=self.view.state.value,
            sequence=self.view.sequence,
            parts=parts,
            due_on=due_on,
        )
        self.uow.cases.append(case, self.events)
        self.uow.audit.add(
            AuditRow(
                at=self.now,
                actor=department,
                actor_kind="department",
                action="part_reported",
                purpose=self.case.thing,
                subject=self.case.holder,
                case=self.case.id,
                detail={"events": [event.kind.value for event in self.events]},
            )
        )

    def _fix_due(self, part: str) -> None:
        limit = self.thing.matters[self.view.parts[part].matter].promised
        if limit is not None:
            self.due[part] = self._due(limit)

    def _due(self, limit: Limit) -> date:
        days = int(limit.amount.to_integral_value(rounding="ROUND_CEILING"))
        if limit.unit == "cd":
            return date.fromordinal(self._today().toordinal() + days)
        return self._working_days(days)

    def _working_days(self, days: int) -> date:
        return self.ports.working_days.after(self._today(), days)[0]

    def _today(self) -> date:
        return self.now.astimezone(SHANGHAI).date()

    def _is_counted(self, key: str, values: Mapping[str, Any]) -> bool:
        """Whether a result is about somebody of this case: a repeating role names which of its people."""
        return self.thing.role_of(key).repeats is None or key.partition(".")[0] in values

    def _keep_facts(self, part: str, facts: Mapping[str, Any]) -> None:
        """Seal what the department produced; only facts that its matter says it produces are taken."""
        matter = self.thing.matters[self.view.parts[part].matter]
        values = {role: dict(kept) for role, kept in self.uow.cases.get_values(self.case.id).items()}
        changed: dict[str, dict[str, Any]] = {}
        for key, raw in facts.items():
            if without_index(key) not in matter.produces_facts or not self._is_counted(key, values):
                continue
            try:
                value = read_value(self.catalog, self.catalog.get_fact(self.thing, key), raw)
            except BadValue:
                raise BadReport from None
            role, _, fact = key.partition(".")
            kept = changed.setdefault(role, values.get(role, {}))
            as_of = self._today().isoformat()
            kept[fact] = Value(value, Origin.EARLIER_CASE, matter.department, as_of).to_json()
        if changed:
            self.uow.cases.save_values(self.case.id, changed)
