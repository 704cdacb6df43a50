"""Putting low ratings right: calling back, finding out, remedying, each by its day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from onething.domain.actors import Actor
from onething.domain.cases import EventKind
from onething.domain.catalog import Label
from onething.domain.errors import NotFound
from onething.domain.listing import Page, Place, find_next, place_on
from onething.domain.ratings import Finding, Rating, Rectification, RectificationState, Remedy
from onething.domain.records import AuditRow
from onething.domain.staff import Role
from onething.ports import Ports
from onething.services.casework import CaseAct, on_case
from onething.services.duties import must_be, must_be_of
from onething.services.outcome_refusals import AlreadySettled, CallBackFirst, WordsNeeded
from onething.services.rating import shown_rectification

_LONGEST = 1000


def list_open(
    ports: Ports, actor: Actor, cursor: str | None = None, limit: int = 100
) -> Page[dict[str, Any]]:
    """A page of low ratings to be put right, by their day: a department's own, or all for a supervisor.

    Raises ``BadCursor``.
    """
    must_be(actor, Role.DEPARTMENT, Role.SUPERVISOR)
    department = None if actor.has(Role.SUPERVISOR) else actor.department
    now = ports.clock.now()
    with ports.records.act() as uow:
        found = uow.ratings.list_open_rectifications(department, limit + 1, place_on(cursor))
        listed, shown = found[:limit], []
        for each in listed:
            case, rating = uow.cases.find(each.case_id), uow.ratings.find(each.rating)
            if case is not None and rating is not None:
                act = CaseAct(ports, uow, case, actor, now)
                shown.append({**shown_rectification(act, each), **about_rating(act, rating)})
        uow.audit.add(
            AuditRow(
                at=now,
                actor=actor.id,
                actor_kind=actor.kind,
                action="rectifications_listed",
                purpose="ratings",
                detail={"cases": [each.case_id for each in listed]},
            )
        )
    return Page(tuple(shown), find_next(found, limit, lambda each: Place(each.due_on, each.id)))


def about_rating(act: CaseAct, rating: Rating) -> dict[str, Any]:
    """What was rated; the case itself is named only when the rater gave their name."""
    return {
        "rating": rating.id,
        "case_number": act.case.number if rating.named else None,
        "thing": rating.thing,
        "matter": rating.matter,
        "department": rating.department,
        "level": rating.level.value,
        "level_zh": rating.level.label.zh,
        "level_en": rating.level.label.en,
        "reasons": list(rating.reasons),
        "comment": rating.comment,
        "named": rating.named,
    }


def call_back(
    ports: Ports, actor: Actor, rectification_id: str, *, reached: bool, note: str
) -> dict[str, Any]:
    """Note a call to the person who rated; one that did not reach them is noted and leaves it open.

    Raises ``WordsNeeded``, ``AlreadySettled`` and ``NotFound``.
    """
    there = _own(ports, actor, rectification_id)
    if not note.strip():
        raise WordsNeeded

    def act_on(act: CaseAct) -> dict[str, Any]:
        state = RectificationState.CALLED_BACK if reached else there.state
        called = replace(
            there, state=state, called_at=act.now, called_by=actor.id, call_note=note.strip()[:_LONGEST]
        )
        return _saved(act, there, called)

    return on_case(ports, there.case_id, actor, "rater_called_back", act_on, may=lambda _case: True)


def settle(
    ports: Ports,
    actor: Actor,
    rectification_id: str,
    *,
    finding: Finding,
    remedy: Remedy,
    words: Label,
    remedy_on: date | None = None,
) -> dict[str, Any]:
    """Say what was found and what was done; the citizen sees it and may rate once more.

    A remedy that is promised has its day. Raises ``CallBackFirst``, ``WordsNeeded``, ``AlreadySettled``.
    """
    there = _own(ports, actor, rectification_id)
    if not words.zh.strip() or (remedy is Remedy.PROMISED) != (remedy_on is not None):
        raise WordsNeeded

    def act_on(act: CaseAct) -> dict[str, Any]:
        rating = act.uow.ratings.find(there.rating)
        assert rating is not None
        if rating.named and there.state is not RectificationState.CALLED_BACK:
            raise CallBackFirst
        if remedy_on is not None and remedy_on < act.today:
            raise WordsNeeded
        settled = replace(
            there,
            state=RectificationState.SETTLED,
            finding=finding,
            remedy=remedy,
            remedy_on=remedy_on,
            finding_text={"zh": words.zh.strip()[:_LONGEST], "en": words.en.strip()[:_LONGEST]},
            settled_at=act.now,
            settled_by=actor.id,
        )
        part = act.part_of(rating.matter).id if rating.matter else None
        act.move(EventKind.RECTIFIED, part, rating=rating.id)
        return _saved(act, there, settled)

    return on_case(ports, there.case_id, actor, "rating_rectified", act_on, may=lambda _case: True)


def _own(ports: Ports, actor: Actor, rectification_id: str) -> Rectification:
    with ports.records.read() as uow:
        there = uow.ratings.find_rectification(rectification_id)
    if there is None:
        raise NotFound
    if not actor.has(Role.SUPERVISOR):
        must_be_of(actor, there.department)
    if there.settled_at is not None:
        raise AlreadySettled
    return there


def _saved(act: CaseAct, was: Rectification, now: Rectification) -> dict[str, Any]:
    if not act.uow.ratings.save_rectification(now, was.state):
        raise AlreadySettled
    return shown_rectification(act, now)
