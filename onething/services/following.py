"""Following a case: my cases, the receipt again, the filled form; ``case_progress`` shows one case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from onething.domain.actors import Actor
from onething.domain.cases import CaseState, fold
from onething.domain.catalog import Thing
from onething.domain.errors import NotFound
from onething.domain.ids import find_case_number
from onething.domain.masking import mask_name
from onething.domain.records import AuditRow, Case, Draft, Session
from onething.domain.values import OpenedValues
from onething.domain.working_days import SHANGHAI
from onething.ports import Ports, UnitOfWork
from onething.services import case_progress
from onething.services.form_document import form_document
from onething.services.receipts import receipt_of
from onething.services.state_words import CASE_STATE
from onething.services.wording import both

CASES_ON_PAGE = 20


def list_cases(
    ports: Ports, session: Session, after: str | None = None, limit: int = CASES_ON_PAGE
) -> dict[str, Any]:
    """My cases behind the number ``after``, newest first; behind the number ``next`` there are more."""
    with ports.records.act() as uow:
        found = list(islice(_behind(uow, session, after, limit), limit + 1))
        cases = found[:limit]
        waiting = {case.id for case in cases if _waits(uow, case)}
        uow.audit.add(_audited(ports, session, "cases_listed", None, cases=[case.id for case in cases]))
    shown = [{**_summary(ports, case), "waits_for_me": case.id in waiting} for case in cases]
    return {"cases": shown, "next": cases[-1].number if len(found) > limit else None}


def _behind(uow: UnitOfWork, session: Session, after: str | None, limit: int) -> Iterator[Case]:
    """My cases behind a number; nothing behind one that is not mine."""
    number = find_case_number(after) if after is not None else None
    before = uow.cases.find_by_number(number) if number else None
    if after is not None and (before is None or before.holder != session.holder):
        return
    cases: Sequence[Case] = ()
    while not cases or len(cases) > limit:
        cases = uow.cases.list_of_holder(session.holder, limit + 1, before)
        yield from (case for case in cases if session.may_touch(case.thing))
        if not cases:
            return
        before = cases[-1]


def list_drafts(ports: Ports, session: Session) -> list[dict[str, Any]]:
    """What I have begun and not handed in, the last touched first."""
    with ports.records.read() as uow:
        drafts = uow.drafts.list_open_of(session.holder)
    _, catalog = ports.catalogs.current()
    return [
        {
            "id": draft.id,
            "thing": {"code": draft.thing, **both(catalog.get_thing(draft.thing).label)},
            "updated_at": draft.updated_at.isoformat(),
            "masked_subject": _subject(catalog.get_thing(draft.thing), draft),
        }
        for draft in drafts
        if draft.thing in catalog.things and session.may_touch(draft.thing)
    ]


def _subject(thing: Thing, draft: Draft) -> str | None:
    """The name of whom a draft is about, masked, when that is somebody else: twins are told apart by it."""
    name = draft.values.get(thing.subject, {}).get("name")
    if name is None or thing.subject == draft.progress["holder"]:
        return None
    return mask_name(str(name["value"]))


def _waits(uow: UnitOfWork, case: Case) -> bool:
    """Whether something is asked of the citizen; only a case that stands still can be waiting for them."""
    if case.state == CaseState.SUPPLEMENT or case.paused_on is None:
        return case.state == CaseState.SUPPLEMENT
    return bool(fold(uow.cases.list_events(case.id)).asked)


def actor_of(session: Session) -> Actor:
    """The citizen of a session as one who acts on their own cases."""
    return Actor(
        id=session.id,
        kind="citizen",
        terminal=session.terminal,
        division=session.division,
        holder=session.holder,
        things=session.scope,
    )


def view_case(ports: Ports, session: Session, number: str) -> dict[str, Any]:
    """One of my cases as ``case_progress`` shows it; raises ``NotFound``."""
    return case_progress.view_case(ports, actor_of(session), number)


def get_receipt(ports: Ports, session: Session, number: str) -> dict[str, Any]:
    """The receipt again, marked as a reprint."""
    with ports.records.act() as uow:
        case = _own_case(uow, session, number)
        values = case_values(uow, case)
        uow.audit.add(_audited(ports, session, "receipt_read", case))
        return receipt_of(ports, uow, case, values, uow.files.list_of(case.draft), reprint=True)


def get_form(ports: Ports, session: Session, number: str) -> bytes:
    """The filled form of one of my cases as PDF."""
    with ports.records.act() as uow:
        case = _own_case(uow, session, number)
        values = case_values(uow, case)
        files = uow.files.list_of(case.draft)
        uow.audit.add(_audited(ports, session, "form_read", case))
    return ports.forms.render(form_document(ports, case, values, files))


def case_values(uow: UnitOfWork, case: Case) -> OpenedValues:
    """A case's values by ``role.fact``, opened."""
    return OpenedValues(uow.cases.get_values(case.id))


def _own_case(uow: UnitOfWork, session: Session, number: str) -> Case:
    found = find_case_number(number)
    case = uow.cases.find_by_number(found) if found else None
    if case is None or case.holder != session.holder or not session.may_touch(case.thing):
        raise NotFound
    return case


def _summary(ports: Ports, case: Case) -> dict[str, Any]:
    thing = ports.catalogs.get(case.revision).get_thing(case.thing)
    state = CASE_STATE[case.state]
    return {
        "number": case.number,
        "thing": {"code": thing.code, **both(thing.label)},
        "state": case.state,
        "state_zh": state.zh,
        "state_en": state.en,
        "submitted_at": case.submitted_at.astimezone(SHANGHAI).isoformat(timespec="minutes"),
        "answered_by": case.answered_by.isoformat(),
        "due_on": case.due_on.isoformat() if case.due_on else None,
    }


def _audited(ports: Ports, session: Session, action: str, case: Case | None, **detail: Any) -> AuditRow:
    return AuditRow(
        at=ports.clock.now(),
        actor=session.actor,
        actor_kind=session.actor_kind,
        action=action,
        purpose=case.thing if case else "my cases",
        subject=session.holder,
        terminal=session.terminal,
        case=case.id if case else None,
        detail=detail,
    )
