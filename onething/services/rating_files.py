"""One rating as the office sees it: what was said, how it is put right, and whether it was appealed."""

from __future__ import annotations

from typing import Any

from onething.domain.actors import Actor
from onething.domain.errors import NotFound
from onething.domain.ratings import Rating, RatingState, reasons_by_level
from onething.domain.records import AuditRow
from onething.domain.staff import Role
from onething.domain.working_days import SHANGHAI
from onething.ports import Ports
from onething.services.appealing import shown_appeal
from onething.services.casework import CaseAct
from onething.services.duties import must_be, must_be_of
from onething.services.rating import shown_rectification
from onething.services.rectifying import about_rating
from onething.services.wording import both


def get_rating(ports: Ports, actor: Actor, rating_id: str) -> dict[str, Any]:
    """A rating for its department or a supervisor; its case only when the rater gave their name.

    Raises ``NotFound``, for another department's rating too.
    """
    must_be(actor, Role.DEPARTMENT, Role.SUPERVISOR)
    with ports.records.act() as uow:
        now = ports.clock.now()
        rating = uow.ratings.find(rating_id)
        case = uow.cases.find(rating.case_id) if rating else None
        if rating is None or case is None:
            raise NotFound
        if not actor.has(Role.SUPERVISOR):
            must_be_of(actor, rating.department)
        detail = {"rating": rating.id}
        uow.audit.add(AuditRow(now, actor.id, actor.kind, "rating_read", rating.thing, detail=detail))
        return _view(CaseAct(ports, uow, case, actor, now), rating)


def _view(act: CaseAct, rating: Rating) -> dict[str, Any]:
    rectification = act.uow.ratings.find_rectification_of(rating.id)
    appeal = act.uow.ratings.find_appeal_of(rating.id)
    labels = {reason.code: reason.label for reason in reasons_by_level()[rating.level]}
    return {
        **about_rating(act, rating),
        "reasons": [{"code": code, **both(labels[code])} for code in rating.reasons],
        "number": rating.number,
        "channel": rating.channel.value,
        "occasion": rating.occasion.value,
        "rated_at": rating.rated_at.astimezone(SHANGHAI).isoformat(timespec="minutes"),
        "excluded": rating.state is RatingState.EXCLUDED,
        "rectification": shown_rectification(act, rectification) if rectification else None,
        "appeal": shown_appeal(appeal) if appeal else None,
    }
