"""Looking through the audit, every look itself audited; and verifying its chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from onething.domain.actors import Actor
from onething.domain.dictionary import Label
from onething.domain.errors import Refusal
from onething.domain.ids import find_case_number
from onething.domain.records import AuditRow
from onething.domain.working_days import SHANGHAI
from onething.ports import Ports
from onething.ports.staff import AuditEntry, AuditQuery, ChainReport

PAGE = 40


class BadNumber(Refusal):
    """No number can be looked for in this text."""

    reason = "bad_number"
    text = Label("请输入证件号码", "Type a number")


@dataclass(frozen=True)
class AuditAsked:
    """What an auditor asks for, as typed; empty texts ask for nothing. Days are whole days in Shanghai.

    ``actor`` is a staff login or an actor's id, ``case`` a case's number, ``subject`` a blind index.
    """

    actor: str = ""
    action: str = ""
    subject: str = ""
    case: str = ""
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True)
class AuditPage:
    """Rows newest first, the names of staff and numbers of cases in them, and where the next page begins."""

    entries: Sequence[AuditEntry]
    names: Mapping[str, str]
    numbers: Mapping[str, str]
    next_before: int | None


def subject_of(ports: Ports, number: str) -> str:
    """The blind index of somebody's number, for ``AuditAsked.subject``; raises ``BadNumber``."""
    try:
        return ports.index.of_number(number)
    except ValueError:
        raise BadNumber from None


def look(ports: Ports, by: Actor, asked: AuditAsked, before: int | None = None) -> AuditPage:
    """One page of the audit; that it was looked at is written first."""
    query = _query(ports, asked)
    with ports.records.act() as uow:
        uow.audit.add(_looked(ports, by, asked, query, before))
    if query is None:
        return AuditPage((), {}, {}, None)
    entries = ports.audit_search.list_rows(query, before, PAGE + 1)
    shown = entries[:PAGE]
    return AuditPage(
        shown,
        _names(ports, {entry.row.actor for entry in shown}),
        ports.audit_search.case_numbers({entry.row.case for entry in shown if entry.row.case}),
        shown[-1].number if len(entries) > PAGE else None,
    )


def verify(ports: Ports, by: Actor) -> ChainReport:
    """Read the chain again and say whether it is whole; that too is written down."""
    report = ports.audit_search.verify()
    with ports.records.act() as uow:
        uow.audit.add(
            AuditRow(
                ports.clock.now(),
                by.id,
                by.kind,
                "audit_verified",
                "audit",
                result="broken" if report.broken_reason else "ok",
                detail={"head": report.head_position, "seal": report.head_seal},
            )
        )
    return report


def _query(ports: Ports, asked: AuditAsked) -> AuditQuery | None:
    """None when the case or the login does not exist: then nothing can match."""
    case = None
    if asked.case:
        number = find_case_number(asked.case)
        case = ports.audit_search.find_case_id(number) if number else None
        if case is None:
            return None
    return AuditQuery(
        actor=_actor(ports, asked.actor) if asked.actor else None,
        action=asked.action or None,
        subject=asked.subject or None,
        case=case,
        from_at=_midnight(asked.from_on) if asked.from_on else None,
        before_at=_midnight(asked.to_on + timedelta(days=1)) if asked.to_on else None,
    )


def _actor(ports: Ports, text: str) -> str:
    with ports.records.read() as uow:
        staff = uow.staff.find_by_login(text.lower())
    return staff.id if staff else text


def _names(ports: Ports, actors: set[str]) -> Mapping[str, str]:
    with ports.records.read() as uow:
        found = (uow.staff.find(each) for each in sorted(actors))
        return {staff.id: f"{staff.name}（{staff.login}）" for staff in found if staff}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _looked(
    ports: Ports, by: Actor, asked: AuditAsked, query: AuditQuery | None, before: int | None
) -> AuditRow:
    detail = {
        "of_actor": (query.actor if query else asked.actor) or None,
        "of_action": asked.action or None,
        "from": str(asked.from_on or "") or None,
        "to": str(asked.to_on or "") or None,
        "before": before,
    }
    return AuditRow(
        ports.clock.now(),
        by.id,
        by.kind,
        "audit_read",
        "audit",
        subject=asked.subject or None,
        case=query.case if query else None,
        result="ok" if query else "nothing",
        detail={key: value for key, value in detail.items() if value is not None},
    )
