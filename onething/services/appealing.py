"""Appeals against ratings: the rated department says why, a supervisor decides, and the trace stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from onething.domain.actors import Actor
from onething.domain.cases import EventKind
from onething.domain.errors import NotFound
from onething.domain.listing import Page, Place, find_next, place_at
from onething.domain.ratings import Ground, Rating, RatingAppeal, RatingState, RectificationState
from onething.domain.records import AuditRow
from onething.domain.staff import NotOneself, Role
from onething.domain.working_days import SHANGHAI
from onething.ports import Ports
from onething.services.casework import CaseAct, on_case
from onething.services.duties import must_be, must_be_of
from onething.services.outcome_refusals import AlreadyAppealed, AlreadySettled, BadRating, WordsNeeded
from onething.services.province_jobs import note_appeal
from onething.services.rating import rating_told


def appeal(ports: Ports, actor: Actor, rating_id: str, *, ground: str, reason: str) -> dict[str, Any]:
    """The rated department says that a rating is malicious or mistaken; a supervisor decides.

    Raises ``WordsNeeded``, ``AlreadyAppealed`` and, for another department's rating, ``NotFound``.
    """
    rating = _get(ports, rating_id)
    must_be_of(actor, rating.department)
    if not reason.strip():
        raise WordsNeeded
    try:
        claimed = Ground(ground)
    except ValueError:
        raise BadRating from None

    def act_on(act: CaseAct) -> dict[str, Any]:
        if act.uow.ratings.find_appeal_of(rating.id) is not None:
            raise AlreadyAppealed
        made = RatingAppeal(
            id=ports.chance.id(),
            rating=rating.id,
            appealed_by=actor.id,
            appealed_at=act.now,
            ground=claimed,
            reason=reason.strip()[:500],
            division=act.case.division,
        )
        act.uow.ratings.add_appeal(made)
        return shown_appeal(made)

    return on_case(ports, rating.case_id, actor, "rating_appealed", act_on, may=lambda _case: True)


def exclude(ports: Ports, actor: Actor, appeal_id: str, *, excluded: bool, reason: str) -> dict[str, Any]:
    """A supervisor decides an appeal; an excluded rating stays visible and is not counted any more.

    Whoever appealed does not decide (``NotOneself``). Raises ``WordsNeeded`` and ``AlreadySettled``.
    """
    must_be(actor, Role.SUPERVISOR)
    if not reason.strip():
        raise WordsNeeded
    with ports.records.read() as uow:
        appealed = uow.ratings.find_appeal(appeal_id)
    if appealed is None:
        raise NotFound
    if appealed.appealed_by == actor.id:
        raise NotOneself
    rating = _get(ports, appealed.rating)

    def act_on(act: CaseAct) -> dict[str, Any]:
        decided = replace(
            appealed,
            decided_by=actor.id,
            decided_at=act.now,
            excluded=excluded,
            decision=reason.strip()[:500],
        )
        if not act.uow.ratings.save_appeal(decided):
            raise AlreadySettled
        if excluded:
            _leave_out(act, rating)
        note_appeal(ports, act.uow, decided, act.now)
        return shown_appeal(decided)

    return on_case(ports, rating.case_id, actor, "rating_appeal_decided", act_on)


def _leave_out(act: CaseAct, rating: Rating) -> None:
    act.uow.ratings.save(replace(rating, state=RatingState.EXCLUDED), RatingState.COUNTED)
    part = act.part_of(rating.matter).id if rating.matter else None
    act.move(EventKind.RATED, part, **rating_told(rating), excluded=True)
    rectification = act.uow.ratings.find_rectification_of(rating.id)
    if rectification is not None and rectification.settled_at is None:
        dropped = replace(rectification, state=RectificationState.DROPPED, settled_at=act.now)
        act.uow.ratings.save_rectification(dropped, rectification.state)


def list_appeals(
    ports: Ports, actor: Actor, cursor: str | None = None, limit: int = 100
) -> Page[dict[str, Any]]:
    """A page of appeals that wait for a decision, longest first; raises ``BadCursor``."""
    must_be(actor, Role.SUPERVISOR)
    with ports.records.act() as uow:
        found = uow.ratings.list_open_appeals(limit + 1, place_at(cursor))
        appeals = found[:limit]
        uow.audit.add(
            AuditRow(
                at=ports.clock.now(),
                actor=actor.id,
                actor_kind=actor.kind,
                action="rating_appeals_listed",
                purpose="ratings",
                detail={"appeals": [each.id for each in appeals]},
            )
        )
    following = find_next(found, limit, lambda each: Place(each.appealed_at, each.id))
    return Page(tuple(shown_appeal(each) for each in appeals), following)


def _get(ports: Ports, rating_id: str) -> Rating:
    with ports.records.read() as uow:
        rating = uow.ratings.find(rating_id)
    if rating is None:
        raise NotFound
    return rating


def shown_appeal(made: RatingAppeal) -> dict[str, Any]:
    """An appeal with its decision, once there is one."""
    return {
        "id": made.id,
        "rating": made.rating,
        "ground": made.ground.value,
        "reason": made.reason,
        "appealed_by": made.appealed_by,
        "appealed_at": made.appealed_at.astimezone(SHANGHAI).isoformat(timespec="minutes"),
        "decided_by": made.decided_by,
        "excluded": made.excluded,
        "decision": made.decision,
    }
