"""Rating a service (好差评): once, of one's own will, with or without a name; again when put right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from onething.domain.actors import Actor
from onething.domain.cases import EventKind
from onething.domain.catalog import Fact, FactType, Label
from onething.domain.errors import BadFields, FieldError
from onething.domain.mandates import NotByMandate
from onething.domain.ratings import (
    Channel,
    Level,
    Occasion,
    Rating,
    RatingState,
    Rectification,
    RectificationState,
    reasons_by_level,
    service_of,
    unknown_reasons,
)
from onething.domain.staff import Role
from onething.domain.values import BadValue, read_value
from onething.domain.working_days import SHANGHAI
from onething.ports import Once, Ports
from onething.services.casework import CaseAct, on_case
from onething.services.duties import must_be
from onething.services.outcome_refusals import (
    AlreadyRated,
    BadRating,
    NotDoneYet,
)
from onething.services.outcome_wording import FINDING, RECTIFICATION_STATE, REMEDY
from onething.services.province_jobs import note_rating
from onething.services.wording import both

_COMMENT = Fact("application.comment", Label("评价", "Comment"), FactType.TEXT, max_length=500)


def list_levels(ports: Ports) -> dict[str, Any]:
    """The five levels with what may be said with each, and whether a name is asked for."""
    return {
        "levels": [
            {
                "code": level.value,
                **both(level.label),
                "reasons": [{"code": reason.code, **both(reason.label)} for reason in reasons],
            }
            for level, reasons in reasons_by_level().items()
        ],
        "names": ports.settings.rating_names,
    }


def rate(
    ports: Ports,
    actor: Actor,
    number: str,
    *,
    level: str,
    channel: str,
    reasons: Sequence[str] = (),
    comment: str | None = None,
    named: bool = False,
    matter: str | None = None,
    occasion: str = Occasion.RESULT.value,
    once: Once | None = None,
) -> dict[str, Any]:
    """Rate a case, one of its matters, or the handing in of it; a low rating opens its putting right.

    ``level``, ``channel`` and ``occasion`` are the words of ``domain.ratings``. Raises ``BadRating``,
    ``BadFields`` (the comment), ``NotDoneYet``, ``AlreadyRated`` and ``NotByMandate``.
    """
    must_be(actor, "citizen")
    if actor.things is not None:
        raise NotByMandate
    read = _read(level, channel, occasion, reasons)

    def act_on(act: CaseAct) -> dict[str, Any]:
        rating = _made(act, read, matter, named=_is_named(ports, named), comment=comment)
        act.uow.ratings.add(rating)
        part = act.part_of(matter).id if matter else None
        act.move(EventKind.RATED, part, **rating_told(rating))
        if rating.level.is_low:
            act.uow.ratings.add_rectification(_opened(act, rating))
        note_rating(ports, act.uow, rating)
        return _shown(act, rating)

    return on_case(ports, number, actor, "rated", act_on, once=once)


def _read(
    level: str, channel: str, occasion: str, reasons: Sequence[str]
) -> tuple[Level, Channel, Occasion, tuple[str, ...]]:
    try:
        read = Level(level), Channel(channel), Occasion(occasion)
    except ValueError:
        raise BadRating from None
    codes = tuple(dict.fromkeys(reasons))
    if unknown_reasons(read[0], codes):
        raise BadRating
    return *read, codes


def _is_named(ports: Ports, wished: bool) -> bool:
    return {"always": True, "never": False}.get(ports.settings.rating_names, wished)


def _made(
    act: CaseAct,
    read: tuple[Level, Channel, Occasion, tuple[str, ...]],
    matter: str | None,
    *,
    named: bool,
    comment: str | None,
) -> Rating:
    level, channel, occasion, reasons = read
    _must_have_ended(act, matter, occasion)
    service = service_of(act.case.id, matter, occasion)
    first = _first(act, service)
    return Rating(
        id=act.ports.chance.id(),
        case_id=act.case.id,
        service=service,
        number=2 if first else 1,
        thing=act.case.thing,
        matter=matter,
        department=act.department_of(act.part_of(matter).id) if matter else act.thing.lead,
        occasion=occasion,
        channel=channel,
        level=level,
        reasons=reasons,
        named=named,
        holder=act.actor.holder if named else None,
        division=act.case.division,
        rated_at=act.now,
        comment=_read_comment(act, comment),
        follows=first.id if first else None,
    )


def _must_have_ended(act: CaseAct, matter: str | None, occasion: Occasion) -> None:
    if occasion is Occasion.SUBMISSION:
        if matter is not None:
            raise BadRating
        return
    ended = act.part_of(matter).state.is_final if matter else act.view.ended_at is not None
    if not ended:
        raise NotDoneYet


def _first(act: CaseAct, service: str) -> Rating | None:
    """The rating that this one may follow, None when it is the first; raises ``AlreadyRated``."""
    earlier = [each for each in act.uow.ratings.list_of(act.case.id) if each.service == service]
    if not earlier:
        return None
    if not _may_follow(act, earlier):
        raise AlreadyRated
    return earlier[0]


def _may_follow(act: CaseAct, earlier: Sequence[Rating]) -> bool:
    if len(earlier) > 1 or earlier[0].state is RatingState.EXCLUDED:
        return False
    rectification = act.uow.ratings.find_rectification_of(earlier[0].id)
    return rectification is not None and rectification.state is RectificationState.SETTLED


def _read_comment(act: CaseAct, comment: str | None) -> str | None:
    if comment is None or not comment.strip():
        return None
    try:
        return str(read_value(act.catalog, _COMMENT, comment))
    except BadValue as bad:
        raise BadFields(fields=[FieldError("comment", bad.reason, bad.text)]) from None


def rating_told(rating: Rating) -> dict[str, Any]:
    """What the case's timeline and the counters are told: never what the person wrote."""
    return {
        "rating": rating.id,
        "level": rating.level.value,
        "matter": rating.matter,
        "department": rating.department,
        "occasion": rating.occasion.value,
        "number": rating.number,
    }


def _opened(act: CaseAct, rating: Rating) -> Rectification:
    due_on, _ = act.ports.working_days.after(act.today, act.ports.settings.rectification_days)
    return Rectification(
        id=act.ports.chance.id(),
        rating=rating.id,
        case_id=act.case.id,
        department=rating.department,
        division=act.case.division,
        opened_at=act.now,
        due_on=due_on,
    )


def view_ratings(ports: Ports, actor: Actor, number: str) -> dict[str, Any]:
    """A case's ratings with what became of low ones, and which services may be rated now.

    Staff see those that were given with a name: an anonymous one beside its case would have a name.
    """

    def act_on(act: CaseAct) -> dict[str, Any]:
        ratings = act.uow.ratings.list_of(act.case.id)
        if actor.kind != "citizen":
            ratings = [each for each in ratings if each.named]
        return {
            "ratings": [_shown(act, each) for each in ratings],
            "may_rate": [each for each in _services(act) if _may_rate(act, each, ratings)],
        }

    must_be(actor, "citizen", Role.CLERK, Role.SUPERVISOR)
    return on_case(ports, number, actor, "ratings_read", act_on)


def _services(act: CaseAct) -> list[dict[str, Any]]:
    """What could be rated by its state: the handing in, the whole once it ended, each part that ended."""
    services: list[dict[str, Any]] = [{"occasion": Occasion.SUBMISSION.value, "matter": None}]
    if act.view.ended_at is not None:
        services.append({"occasion": Occasion.RESULT.value, "matter": None})
    services += [
        {"occasion": Occasion.RESULT.value, "matter": part.matter}
        for part in act.view.parts.values()
        if part.state.is_final
    ]
    return services


def _may_rate(act: CaseAct, service: dict[str, Any], ratings: Sequence[Rating]) -> bool:
    name = service_of(act.case.id, service["matter"], Occasion(service["occasion"]))
    earlier = [each for each in ratings if each.service == name]
    return not earlier or _may_follow(act, earlier)


def _shown(act: CaseAct, rating: Rating) -> dict[str, Any]:
    rectification = act.uow.ratings.find_rectification_of(rating.id)
    labels = {reason.code: reason.label for reason in reasons_by_level()[rating.level]}
    # Who said it is for whoever said it, and for the office only when they gave their name.
    own = act.actor.kind == "citizen"
    return {
        "id": rating.id,
        "occasion": rating.occasion.value,
        "matter": rating.matter,
        "department": rating.department,
        "level": rating.level.value,
        "level_zh": rating.level.label.zh,
        "level_en": rating.level.label.en,
        "reasons": [{"code": code, **both(labels[code])} for code in rating.reasons],
        "comment": rating.comment,
        "named": rating.named,
        "number": rating.number,
        "excluded": rating.state is RatingState.EXCLUDED,
        "rated_at": rating.rated_at.astimezone(SHANGHAI).isoformat(timespec="minutes"),
        "rectification": shown_rectification(act, rectification, own=own) if rectification else None,
    }


def shown_rectification(act: CaseAct, rectification: Rectification, *, own: bool = False) -> dict[str, Any]:
    """The putting right of a low rating; notes of the call-back are the office's own."""
    state = RECTIFICATION_STATE[rectification.state]
    finding = FINDING[rectification.finding] if rectification.finding else Label("", "")
    remedy = REMEDY[rectification.remedy] if rectification.remedy else Label("", "")
    words = rectification.finding_text or {}
    shown: dict[str, Any] = {
        "id": rectification.id,
        "state": rectification.state.value,
        "state_zh": state.zh,
        "state_en": state.en,
        "due_on": rectification.due_on.isoformat(),
        "is_late": rectification.settled_at is None and rectification.due_on < act.today,
        "finding": rectification.finding.value if rectification.finding else None,
        "finding_zh": finding.zh,
        "finding_en": finding.en,
        "remedy": rectification.remedy.value if rectification.remedy else None,
        "remedy_zh": remedy.zh,
        "remedy_en": remedy.en,
        "remedy_on": rectification.remedy_on.isoformat() if rectification.remedy_on else None,
        "words_zh": words.get("zh", ""),
        "words_en": words.get("en", ""),
    }
    warned = rectification.warned_at is not None
    return shown if own else {**shown, "call_note": rectification.call_note, "is_warned": warned}
