"""The citizen takes back a case, or one matter of it; what law binds together goes together."""

from __future__ import annotations

from typing import Any

from onething.domain.actors import Actor
from onething.domain.cases import CaseState, EventKind, PartState
from onething.domain.catalog import Label
from onething.domain.errors import Refusal
from onething.domain.records import Job
from onething.ports import Once, Ports
from onething.services.casework import CaseAct, on_case
from onething.services.moving_on import follow_up, stop_in_vain
from onething.services.notices import issue_notice

WITHDRAW = "deliver_withdrawal"


class NothingToWithdraw(Refusal):
    """Everything that was to be withdrawn has its result already."""

    reason = "nothing_to_withdraw"
    status_hint = "conflict"
    text = Label("已有结果，不能撤回", "There is a result already; nothing is left to withdraw")


def withdraw(
    ports: Ports, actor: Actor, number: str, *, matter: str | None = None, once: Once | None = None
) -> dict[str, Any]:
    """Withdraw one matter with what is bound to it, or the whole case; what waits for it stops."""

    def act_on(act: CaseAct) -> dict[str, Any]:
        codes = _bound(act, matter) if matter else [part.matter for part in act.view.parts.values()]
        taken = [part for code in codes if not (part := act.part_of(code)).state.is_final]
        if not taken:
            raise NothingToWithdraw
        for part in taken:
            act.move(EventKind.PART_WITHDRAWN, part.id)
            if part.state is not PartState.WAITING:
                payload = {"case": act.case.id, "part": part.id}
                act.uow.jobs.add(Job(act.ports.chance.id(), WITHDRAW, payload, act.now))
        _end(act)
        notice = issue_notice(act, "withdrawn", taken[0].id if matter else None, {})
        return {"notice": notice, "withdrawn": [part.matter for part in taken]}

    return on_case(ports, number, actor, "withdrawn", act_on, once=once)


def _end(act: CaseAct) -> None:
    """A case of which nothing was granted or denied is withdrawn; else it goes on, or is closed."""
    if act.view.state is CaseState.ACCEPTED:
        stop_in_vain(act)
    if {part.state for part in act.view.parts.values()} <= {PartState.WITHDRAWN, PartState.STOPPED}:
        act.move(EventKind.WITHDRAWN, by=act.actor.kind)
    else:
        follow_up(act)


def _bound(act: CaseAct, matter: str) -> list[str]:
    """The matter and all that law binds to it, directly or through another."""
    chosen = {part.matter for part in act.view.parts.values()}
    found, todo = [act.part_of(matter).matter], [matter]
    while todo:
        for other in act.thing.matters[todo.pop()].bound_with:
            if other in chosen and other not in found:
                found.append(other)
                todo.append(other)
    return found
