"""One act on one case: found, folded, moved, written with its projections, tallies and audit row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from onething.domain.actors import Actor
from onething.domain.cases import CaseView, Event, EventKind, IllegalMove, PartView, apply, fold
from onething.domain.catalog import Catalog, Label, Matter, Thing
from onething.domain.clocks import Rules, day_of, project
from onething.domain.errors import NotFound, Refusal, TooBusy
from onething.domain.ids import find_case_number
from onething.domain.reception import settle_on
from onething.domain.records import AuditRow, Case
from onething.domain.tallies import tallies_of
from onething.ports import Conflict, Once, Ports, UnitOfWork
from onething.services import messaging
from onething.services.province_jobs import note_events

Answer = TypeVar("Answer")
_TRIES = 6


class IllegalReport(Refusal):
    """A move that the state of the case or part does not allow."""

    reason = "illegal_move"
    status_hint = "conflict"
    text = Label("该事项当前状态不允许此操作", "The part's state does not allow this")


class CaseAct:
    """The events of one act on one case, applied as they come and written together.

    ``found`` is the case as it was. ``now`` is the act's instant and ``today`` its day in Asia/Shanghai;
    ``detail`` goes to the audit.
    """

    def __init__(self, ports: Ports, uow: UnitOfWork, case: Case, actor: Actor, now: datetime) -> None:
        self.ports, self.uow, self.case, self.actor, self.now = ports, uow, case, actor, now
        self.found = case
        self.before = fold(uow.cases.list_events(case.id))
        if self.before.sequence != case.sequence:
            # Another act was written between the two reads: what counts from the row would count wrongly.
            raise Conflict("the case moved while it was read")
        self.view: CaseView = self.before
        self.events: list[Event] = []
        self.detail: dict[str, Any] = {}

    @cached_property
    def catalog(self) -> Catalog:
        """The catalog of the revision that the case began with."""
        return self.ports.catalogs.get(self.case.revision)

    @cached_property
    def thing(self) -> Thing:
        return self.catalog.get_thing(self.case.thing)

    @cached_property
    def rules(self) -> Rules:
        """What the case's clocks are computed by."""
        return rules_of(self.ports, self.thing, self.case)

    @property
    def today(self) -> date:
        return day_of(self.now)

    @property
    def waits_for(self) -> Mapping[str, list[str]]:
        """Which matters each matter waits for, as the plan that was submitted says."""
        waits: Mapping[str, list[str]] = self.case.plan["waits_for"]
        return waits

    def part_of(self, matter: str) -> PartView:
        """The part of a matter; raises ``NotFound`` when it was not chosen."""
        try:
            return self.view.part_of(matter)
        except KeyError:
            raise NotFound from None

    def matter_of(self, part: str) -> Matter:
        """The catalog's matter of a part."""
        return self.thing.matters[self.view.parts[part].matter]

    def department_of(self, part: str) -> str:
        """Whose part it is."""
        return next(each.department for each in self.case.parts if each.id == part)

    def move(self, kind: EventKind, part: str | None = None, **data: Any) -> None:
        """Apply one event; raises ``IllegalReport``."""
        event = Event(self.view.sequence + 1, kind, self.now, part, data)
        try:
            self.view = apply(self.view, event)
        except IllegalMove:
            raise IllegalReport from None
        self.events.append(event)

    def write(self, action: str) -> None:
        """Append the events, their projections, and the audit row; nothing but the audit for no event."""
        if self.events:
            changed = project(self.rules, self.case, self.before, self.view)
            changed = replace(changed, settle_on=settle_on_of(self))
            self.uow.cases.append(changed, self.events)
            self.uow.tallies.add(tallies_of(self.found, changed, self.events), changed.id)
            note_events(self.ports, self.uow, changed.id, self.events, self.now)
            messaging.note_events(self.ports, self.uow, changed, self.events)
            self.case = changed
        self.uow.audit.add(
            AuditRow(
                at=self.now,
                actor=self.actor.id,
                actor_kind=self.actor.kind,
                action=action,
                purpose=self.case.thing,
                subject=self.case.holder,
                terminal=self.actor.terminal,
                case=self.case.id,
                detail={"events": [event.kind.value for event in self.events], **self.detail},
            )
        )


def settle_on_of(act: CaseAct) -> date | None:
    """The day on which time alone takes the next step of the reception."""
    days = act.ports.settings.answer_within_days
    return settle_on(act.view, act.case.answered_by, act.ports.working_days, days)


def rules_of(ports: Ports, thing: Thing, case: Case) -> Rules:
    """The rules of a case's clocks."""
    share = Decimal(str(ports.settings.warn_share))
    return Rules(thing, case.plan["waits_for"], ports.working_days, share)


def find_case(uow: UnitOfWork, number: str) -> Case:
    """A case by its number, as people write it, or its id; raises ``NotFound``."""
    found = find_case_number(number)
    case = uow.cases.find_by_number(found) if found else uow.cases.find(number)
    if case is None:
        raise NotFound
    return case


def on_case(
    ports: Ports,
    number: str,
    actor: Actor,
    action: str,
    act: Callable[[CaseAct], Answer],
    *,
    may: Callable[[Case], bool] | None = None,
    once: Once | None = None,
) -> Answer:
    """Do one act on one case in one transaction; a lost race is refolded and tried again.

    ``may`` says whether the actor may touch this case at all: if not, there is none for them. With
    ``once`` (the answer is then a JSON object) a repeated act gets the first answer.
    """

    def on_found(uow: UnitOfWork) -> CaseAct:
        case = find_case(uow, number)
        if not (may or _may_touch(actor))(case):
            raise _NotTheirs(case)
        return CaseAct(ports, uow, case, actor, ports.clock.now())

    return run(ports, actor, action, on_found, act, once)


def run(
    ports: Ports,
    actor: Actor,
    action: str,
    find: Callable[[UnitOfWork], CaseAct],
    act: Callable[[CaseAct], Answer],
    once: Once | None = None,
) -> Answer:
    """As ``on_case``, with the case found in one's own way. A refusal changes nothing, and is audited."""
    case: Case | None = None
    for _ in range(_TRIES):
        try:
            with ports.records.act() as uow:
                if once is not None:
                    first = uow.keys.begin(
                        actor.holder or actor.id, once.key, once.body_digest, ports.clock.now()
                    )
                    if first is not None:
                        return first  # type: ignore[return-value]
                work = find(uow)
                case = work.case
                answer = act(work)
                work.write(action)
                if once is not None:
                    uow.keys.finish(actor.holder or actor.id, once.key, answer)  # type: ignore[arg-type]
                return answer
        except Conflict:
            continue
        except Refusal as refused:
            _note_refused(ports, actor, action, refused, getattr(refused, "met", case))
            raise
    raise TooBusy


class _NotTheirs(NotFound):
    """There is a case, but not for them: they hear what they would hear if there were none."""

    def __init__(self, met: Case) -> None:
        super().__init__()
        self.met = met


def _note_refused(ports: Ports, actor: Actor, action: str, refused: Refusal, case: Case | None) -> None:
    with ports.records.act() as uow:
        uow.audit.add(
            AuditRow(
                at=ports.clock.now(),
                actor=actor.id,
                actor_kind=actor.kind,
                action=action,
                purpose=case.thing if case else "",
                subject=case.holder if case else None,
                terminal=actor.terminal,
                case=case.id if case else None,
                result=refused.reason,
            )
        )


def _may_touch(actor: Actor) -> Callable[[Case], bool]:
    """A citizen's own cases; a department's, those with a part of theirs; everybody else by their role."""
    if actor.kind == "citizen":
        things = actor.things
        return lambda case: case.holder == actor.holder and (things is None or case.thing in things)
    if actor.kind == "department" or actor.roles == {"department"}:
        return lambda case: any(part.department == actor.department for part in case.parts)
    return lambda _case: True
