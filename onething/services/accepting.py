"""Acceptance by the integrated window: accept, refuse in writing, or ask once for what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from onething.domain.actors import WORKER, Actor
from onething.domain.cases import CaseState, EventKind, PartState
from onething.domain.catalog import Label
from onething.domain.clocks import case_due, day_of
from onething.domain.errors import NotFound, Refusal
from onething.ports import Once, Ports
from onething.services.casework import CaseAct, IllegalReport, on_case, settle_on_of
from onething.services.handling import ReasonNeeded
from onething.services.moving_on import follow_up
from onething.services.notices import issue_notice

_AT_ONCE = 200


class NotToFollow(Refusal):
    """Only a paper that the catalog lets come later may follow the acceptance."""

    reason = "not_to_follow"
    text = Label("这份材料不能容缺后补", "This document cannot follow later")


class NothingWanted(Refusal):
    """There is nothing to ask the citizen for."""

    reason = "nothing_wanted"
    status_hint = "conflict"
    text = Label("没有需要补正的内容", "Nothing is missing")


class WantsUnsent(Refusal):
    """What is missing was written down, and the citizen has not been asked for it."""

    reason = "wants_unsent"
    status_hint = "conflict"
    text = Label(
        "已记下的补正要求还没有发出：请先一次发出补正通知，收齐后再受理",
        "Something missing was written down and not asked for: send the notice first, then accept",
    )


def accept_case(
    ports: Ports,
    actor: Actor,
    number: str,
    *,
    follow: Sequence[Mapping[str, str]] = (),
    once: Once | None = None,
) -> dict[str, Any]:
    """Accept a received case; ``follow`` names papers that may come later, each with its day.

    The promise counts from the next working day, and the parts that wait for nothing go out. Raises
    ``WantsUnsent`` while something that is missing has not been asked for.
    """

    def act_on(act: CaseAct) -> dict[str, Any]:
        return accept_in(act, follow=follow)

    return on_case(ports, number, actor, "case_accepted", act_on, once=once)


def accept_in(
    act: CaseAct, *, follow: Sequence[Mapping[str, str]] = (), deemed: bool = False
) -> dict[str, Any]:
    """Accept within an act that has more to do."""
    if act.view.state is CaseState.RECEIVED and act.view.wanted:
        raise WantsUnsent
    checked = [_to_follow(act, each) for each in follow]
    act.move(EventKind.ACCEPTED, by=act.actor.id, deemed=deemed, follow=checked)
    due_on = case_due(act.rules, act.view).due_on
    data = {"follow": checked, "deemed": deemed, "due_on": due_on.isoformat() if due_on else None}
    notice = issue_notice(act, "accepted", None, data)
    follow_up(act)
    return {"notice": notice, "due_on": due_on.isoformat() if due_on else None}


def _to_follow(act: CaseAct, each: Mapping[str, str]) -> dict[str, str]:
    material = act.thing.materials.get(each["material"])
    if material is None or material.necessity == "1":
        raise NotToFollow
    day = (
        each.get("due_on")
        or act.ports.working_days.after(act.today, act.ports.settings.supplement_days)[0].isoformat()
    )
    if date.fromisoformat(day) <= act.today:
        raise NotToFollow(Label("后补日期要晚于今天", "The day must be later than today"))
    return {"material": each["material"], "due_on": day}


def refuse_case(
    ports: Ports,
    actor: Actor,
    number: str,
    *,
    reason: Label,
    remedy: Label,
    once: Once | None = None,
) -> dict[str, Any]:
    """Refuse a received case in writing, with the reason and what the citizen may do."""
    if not reason.zh.strip() or not remedy.zh.strip():
        raise ReasonNeeded

    def act_on(act: CaseAct) -> dict[str, Any]:
        why = {"code": "refused", "zh": reason.zh, "en": reason.en}
        do = {"zh": remedy.zh, "en": remedy.en}
        notice = issue_notice(act, "refused", None, {"reason": why, "remedy": do})
        act.move(EventKind.REFUSED, notice=notice, reason=why, remedy=do)
        return {"notice": notice}

    return on_case(ports, number, actor, "case_refused", act_on, once=once)


def want_supplement(
    ports: Ports,
    actor: Actor,
    number: str,
    *,
    matter: str | None,
    wants: Sequence[Mapping[str, str]],
    once: Once | None = None,
) -> dict[str, Any]:
    """Say, once, what a department (its matter) or the window misses; it is gathered and asked together."""
    if not wants or not all(str(want.get("zh", "")).strip() for want in wants):
        raise NothingWanted

    def act_on(act: CaseAct) -> dict[str, Any]:
        part = act.part_of(matter).id if matter else None
        if part and actor.has("department") and act.department_of(part) != actor.department:
            raise NotFound
        unknown = [
            w["material"] for w in wants if w.get("material") and w["material"] not in act.thing.materials
        ]
        if unknown:
            raise NotFound
        act.move(EventKind.SUPPLEMENT_WANTED, part, wants=[dict(want) for want in wants])
        return {"status": "gathered"}

    return on_case(ports, number, actor, "supplement_wanted", act_on, once=once)


def ask_supplement(ports: Ports, actor: Actor, number: str, *, once: Once | None = None) -> dict[str, Any]:
    """Ask the citizen, in one notice, for all that was gathered; the clocks concerned stand meanwhile."""
    return on_case(ports, number, actor, "supplement_asked", ask_in, once=once)


def ask_in(act: CaseAct) -> dict[str, Any]:
    """Ask within an act that has more to do."""
    if not act.view.wanted:
        raise NothingWanted
    wants = [dict(want) for wanted in act.view.wanted for want in wanted.wants]
    parts = [wanted.part for wanted in act.view.wanted if wanted.part]
    until, _ = act.ports.working_days.after(act.today, act.ports.settings.supplement_days)
    notice = issue_notice(act, "supplement", None, {"wants": wants, "until_on": until.isoformat()})
    act.move(EventKind.SUPPLEMENT_ASKED, notice=notice, wants=wants, until_on=until.isoformat())
    for part in parts:
        if act.view.parts[part].state is PartState.IN_HANDLING:
            act.move(EventKind.PART_SUSPENDED, part, cause="supplement")
    return {"notice": notice, "until_on": until.isoformat()}


def settle_receptions(ports: Ports) -> int:
    """Settle every case whose reception waits for time alone; how many were looked at."""
    with ports.records.read() as uow:
        waiting = uow.cases.list_to_settle(day_of(ports.clock.now()), _AT_ONCE)
    for case_id in waiting:
        settle_reception(ports, case_id)
    return len(waiting)


def settle_reception(ports: Ports, case_id: str) -> None:
    """What time alone decides: a supplement gathered is asked, a silent window has accepted.

    Nothing happens when the case has moved on: the sweep may run late, twice, or stop anywhere.
    """

    def act_on(act: CaseAct) -> None:
        day = settle_on_of(act)
        if day is None or act.today < day:
            return
        if act.view.asked:
            _lapse(act)
        elif act.view.wanted:
            ask_in(act)
        else:
            accept_in(act, deemed=True)

    on_case(ports, case_id, WORKER, "reception_settled", act_on)


def _lapse(act: CaseAct) -> None:
    """The day has passed without an answer: not accepted, or decided on what is there."""
    parts = [wanted.part for wanted in act.view.asked if wanted.part]
    reason = {"code": "not_supplemented", "zh": "逾期未补正", "en": "What was asked for did not come"}
    act.move(EventKind.SUPPLEMENT_LAPSED, reason=reason)
    if act.view.state is CaseState.REFUSED:
        remedy = {"zh": "备齐材料后可以重新申请", "en": "You may apply again with everything"}
        issue_notice(act, "refused", None, {"reason": reason, "remedy": remedy})
    for part in parts:
        pause = act.view.parts[part].pause
        if pause is not None and pause.cause == "supplement":
            act.move(EventKind.PART_RESUMED, part)


def begin_answer_again(act: CaseAct) -> None:
    """A full supplement begins the five working days anew."""
    day, _ = act.ports.working_days.after(act.today, act.ports.settings.answer_within_days)
    act.case = replace(act.case, answered_by=day)


__all__ = [
    "IllegalReport",
    "NothingWanted",
    "NotToFollow",
    "WantsUnsent",
    "accept_case",
    "ask_supplement",
    "refuse_case",
    "settle_reception",
    "settle_receptions",
    "want_supplement",
]
