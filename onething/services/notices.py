"""Numbered notices: acceptance, refusal, supplement, suspension, extension, denial, withdrawal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onething.domain.actors import Actor
from onething.domain.catalog import Label
from onething.domain.errors import NotFound
from onething.domain.notice_content import NoticeContent, compose_notice
from onething.domain.records import AuditRow
from onething.domain.values import OpenedValues
from onething.ports import Ports
from onething.ports.handling import Notice
from onething.services.casework import CaseAct

# The character of each kind in a notice's number.
KINDS: Mapping[str, tuple[str, Label]] = {
    "accepted": ("受", Label("受理通知书", "Notice of acceptance")),
    "refused": ("不受", Label("不予受理决定书", "Decision not to accept")),
    "supplement": ("补", Label("补正材料通知书", "Notice of what is missing")),
    "suspended": ("中", Label("中止计时通知书", "Notice that the clock stands")),
    "extended": ("延", Label("延长办理期限通知书", "Notice of extension")),
    "denied": ("驳", Label("不予许可决定书", "Decision of denial")),
    "withdrawn": ("撤", Label("撤回申请确认书", "Confirmation of withdrawal")),
}


def issue_notice(act: CaseAct, kind: str, part: str | None, data: Mapping[str, Any]) -> str:
    """Number a notice within the act it tells of, and return its number."""
    year = act.today.year
    count = act.uow.notices.next_number(kind, year)
    number = act.ports.settings.notice_number.format(kind=KINDS[kind][0], year=year, number=count)
    act.uow.notices.add(
        Notice(
            id=act.ports.chance.id(),
            number=number,
            case=act.case.id,
            kind=kind,
            part=part,
            data=data,
            issued_by=act.actor.id,
            issued_at=act.now,
            division=act.case.division,
        )
    )
    return number


def get_notice(ports: Ports, actor: Actor, number: str) -> bytes:
    """A notice as PDF; a citizen's own only, any for staff who may see the case. Raises ``NotFound``."""
    return ports.notice_printer.render(get_notice_content(ports, actor, number))


def get_notice_content(ports: Ports, actor: Actor, number: str) -> NoticeContent:
    """What stands on a notice; raises ``NotFound``."""
    with ports.records.act() as uow:
        notice = uow.notices.find(number)
        case = uow.cases.find(notice.case) if notice else None
        if notice is None or case is None or (actor.kind == "citizen" and case.holder != actor.holder):
            raise NotFound
        if actor.roles == {"department"} and all(p.department != actor.department for p in case.parts):
            raise NotFound
        values = OpenedValues(uow.cases.get_values(case.id))
        uow.audit.add(
            AuditRow(
                at=ports.clock.now(),
                actor=actor.id,
                actor_kind=actor.kind,
                action="notice_read",
                purpose=case.thing,
                subject=case.holder,
                terminal=actor.terminal,
                case=case.id,
                detail={"notice": notice.id},
            )
        )
    catalog = ports.catalogs.get(case.revision)
    return compose_notice(catalog, case, notice, values, KINDS[notice.kind][1])
