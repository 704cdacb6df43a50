"""Opening a dispute over a shared value: the citizen's own value goes on, and nothing waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from onething.domain.actors import Actor
from onething.domain.cases import Event, EventKind
from onething.domain.catalog import Catalog, Label, Thing
from onething.domain.clocks import day_of
from onething.domain.disputes import Dispute, DisputeState
from onething.domain.errors import BadFields, FieldError, NotFound, TooManyPages
from onething.domain.records import Case, Session, StoredFile
from onething.domain.values import BadValue, Origin, Value, read_value
from onething.ports import CleanPage, Once, Ports, UnitOfWork
from onething.services.casework import CaseAct, on_case
from onething.services.desk import Desk, with_values, work_on
from onething.services.draft_view import view_of
from onething.services.duties import must_be
from onething.services.outcome_refusals import AlreadyDisputed, NotFromARegister
from onething.services.photographs import take_pages

EVIDENCE = "evidence"
MOST_PAGES = 5
MOST_PAGES_TEXT = Label("证明最多5页", "At most 5 pages of evidence")


def dispute_in_draft(
    ports: Ports,
    session: Session,
    draft_id: str,
    *,
    fact: str,
    value: Any,
    evidence: Sequence[bytes] = (),
    once: Once | None = None,
) -> dict[str, Any]:
    """Say that a value filled in from a register is wrong; the draft goes on with the person's own.

    ``evidence`` are JPEG, PNG or PDF. Gives the draft's view; raises ``NotFromARegister``,
    ``AlreadyDisputed``, ``BadFields``, ``TooManyPages`` and ``PaperRefused``.
    """
    opening = _Opening(ports, fact, value, evidence)

    def change(uow: UnitOfWork, desk: Desk, now: datetime) -> Desk:
        if once is not None:
            if uow.keys.begin(session.holder, once.key, once.body_digest, now) is not None:
                return desk
            uow.keys.finish(session.holder, once.key, {"dispute": opening.id})
        there = desk.values.get(fact)
        own = opening.own_value(desk.catalog, desk.thing, there)
        opening.write(uow, desk.catalog, desk.thing, session.holder, draft_id, None, own, now)
        return with_values(desk, {fact: own})

    return view_of(opening.done(lambda: work_on(ports, session, draft_id, change, "dispute_opened")))


def dispute_in_case(
    ports: Ports,
    actor: Actor,
    number: str,
    *,
    fact: str,
    value: Any,
    evidence: Sequence[bytes] = (),
    once: Once | None = None,
    photograph: bool = False,
) -> dict[str, Any]:
    """The same after submission: parts that go out later go out with the citizen's own value, marked.

    A ``photograph`` must show a page that can be read.
    """
    must_be(actor, "citizen")
    opening = _Opening(ports, fact, value, evidence, photograph=photograph)

    def act_on(act: CaseAct) -> dict[str, Any]:
        role, _, name = fact.partition(".")
        kept = dict(act.uow.cases.get_values(act.case.id).get(role, {}))
        there = Value.from_json(kept[name]) if name in kept else None
        own = opening.own_value(act.catalog, act.thing, there)
        case = act.case
        dispute = opening.write(act.uow, act.catalog, act.thing, case.holder, case.id, case.id, own, act.now)
        act.uow.cases.save_values(case.id, {role: {**kept, name: own.to_json()}})
        act.move(EventKind.DISPUTE_OPENED, **told(dispute))
        return {"dispute": dispute.id, "due_on": dispute.due_on.isoformat()}

    taken: dict[str, Any] = opening.done(
        lambda: on_case(ports, number, actor, "dispute_opened", act_on, once=once)
    )
    return taken


def add_evidence(
    ports: Ports,
    actor: Actor,
    number: str,
    fact: str,
    evidence: Sequence[bytes],
    once: Once | None = None,
    *,
    photograph: bool = False,
) -> None:
    """Add JPEG, PNG or PDF to what shows a case's disputed value to be wrong; ``once`` keeps a retry out.

    Raises ``NotFound`` where nothing is disputed, ``TooManyPages`` and ``PaperRefused``.
    """
    must_be(actor, "citizen")
    pages = [page for data in evidence for page in take_pages(ports, data, photograph=photograph)]
    kept = [(ports.chance.id(), page) for page in pages]
    ids = [file_id for file_id, _ in kept]
    for file_id, page in kept:
        ports.files.put(file_id, page.data)

    def act_on(act: CaseAct) -> dict[str, Any]:
        dispute = _find_open(act, fact)
        # Written first: of two at once, the second counts the pages of the first.
        if dispute is None or not act.uow.disputes.save(dispute, DisputeState.OPEN):
            raise NotFound
        held = [file.id for file in act.uow.files.list_of(dispute.id)]
        if len(held) + len(kept) > MOST_PAGES:
            raise TooManyPages(MOST_PAGES_TEXT)
        for file_id, page in kept:
            act.uow.files.add(_file(file_id, dispute.id, page, act.now))
        act.uow.disputes.save(replace(dispute, evidence=(*held, *ids)), DisputeState.OPEN)
        return {"files": ids}

    stay: list[str] = []
    try:
        stay = on_case(ports, number, actor, "evidence_added", act_on, once=once)["files"]
    finally:
        for file_id in set(ids) - set(stay):
            ports.files.remove(file_id)


def _find_open(act: CaseAct, fact: str) -> Dispute | None:
    disputes = act.uow.disputes.list_of_case(act.case.id)
    return next((each for each in disputes if each.fact == fact and each.state is DisputeState.OPEN), None)


class _Opening:
    """One dispute being opened: its evidence is stored before the act, and removed if the act fails."""

    def __init__(
        self, ports: Ports, fact: str, value: Any, evidence: Sequence[bytes], *, photograph: bool = False
    ) -> None:
        self.ports, self.fact, self.value = ports, fact, value
        self.id = ports.chance.id()
        pages = [page for data in evidence for page in take_pages(ports, data, photograph=photograph)]
        if len(pages) > MOST_PAGES:
            raise TooManyPages(MOST_PAGES_TEXT)
        self.pages = [(ports.chance.id(), page) for page in pages]
        self.is_written = False

    def done(self, act: Any) -> Any:
        """Do the act; the bytes stay only when its rows do."""
        for file_id, page in self.pages:
            self.ports.files.put(file_id, page.data)
        try:
            answer = act()
        except Exception:
            self._remove()
            raise
        if not self.is_written:  # a retry: the first try's pages stay
            self._remove()
        return answer

    def own_value(self, catalog: Catalog, thing: Thing, there: Value | None) -> Value:
        """The citizen's value beside what the register says; raises ``NotFromARegister``, ``BadFields``."""
        if there is None or there.source not in catalog.sources or there.is_proven:
            raise NotFromARegister
        register = there.disputed if there.disputed is not None else there.value
        try:
            own = read_value(catalog, catalog.get_fact(thing, self.fact), self.value)
        except BadValue as bad:
            raise BadFields(fields=[FieldError(self.fact, bad.reason, bad.text)]) from None
        if own == register:
            label = catalog.get_fact(thing, self.fact).label
            raise BadFields(fields=[FieldError(self.fact, "same_value", label)])
        return Value(own, Origin.TYPED, there.source, there.as_of, disputed=register)

    def write(
        self,
        uow: UnitOfWork,
        catalog: Catalog,
        thing: Thing,
        holder: str,
        owner: str,
        case_id: str | None,
        own: Value,
        now: datetime,
    ) -> Dispute:
        """Keep the dispute and the rows of its evidence; raises ``AlreadyDisputed``."""
        standing = [*uow.disputes.list_of_owner(owner), *(uow.disputes.list_of_case(case_id or ""))]
        if any(each.fact == self.fact and each.state is DisputeState.OPEN for each in standing):
            raise AlreadyDisputed
        source = catalog.sources[str(own.source)]
        due_on, _ = self.ports.working_days.after(day_of(now), self.ports.settings.dispute_days)
        dispute = Dispute(
            id=self.id,
            owner=owner,
            thing=thing.code,
            fact=self.fact,
            source=source.id,
            department=source.department,
            holder=holder,
            division=catalog.division,
            opened_at=now,
            due_on=due_on,
            claim={"register": own.disputed, "citizen": own.value, "as_of": own.as_of},
            evidence=tuple(file_id for file_id, _ in self.pages),
            case_id=case_id,
        )
        uow.disputes.add(dispute)
        for file_id, page in self.pages:
            uow.files.add(_file(file_id, dispute.id, page, now))
        self.is_written = True
        return dispute

    def _remove(self) -> None:
        for file_id, _ in self.pages:
            self.ports.files.remove(file_id)


def _file(file_id: str, owner: str, page: CleanPage, now: datetime) -> StoredFile:
    return StoredFile(
        file_id, owner, EVIDENCE, page.sha256, page.media_type, len(page.data), page.width, page.height, now
    )


def told(dispute: Dispute) -> dict[str, str]:
    """What the case's timeline and the counters are told of a dispute: no value."""
    return {
        "dispute": dispute.id,
        "fact": dispute.fact,
        "source": dispute.source,
        "department": dispute.department,
    }


def withdraw_undisputed(uow: UnitOfWork, draft_id: str, values: Mapping[str, Value], now: datetime) -> None:
    """Take back a draft's disputes over values that the person has put back to what the register says."""
    for dispute in uow.disputes.list_of_owner(draft_id):
        value = values.get(dispute.fact)
        if dispute.state is DisputeState.OPEN and value is not None and value.disputed is None:
            withdrawn = replace(dispute, state=DisputeState.WITHDRAWN, settled_at=now)
            uow.disputes.save(withdrawn, DisputeState.OPEN)


def carry_over(uow: UnitOfWork, desk: Desk, case: Case, events: Sequence[Event]) -> tuple[Case, list[Event]]:
    """At submission: the draft's open disputes go with the case.

    The case's row must be there before ``uow.disputes.draft_became`` binds them to it.
    """
    withdraw_undisputed(uow, desk.draft.id, desk.values, case.submitted_at)
    carried = list(events)
    for dispute in uow.disputes.list_of_owner(desk.draft.id):
        if dispute.state is DisputeState.OPEN:
            data = told(dispute)
            carried.append(Event(len(carried) + 1, EventKind.DISPUTE_OPENED, case.submitted_at, None, data))
    return replace(case, sequence=len(carried)), carried
