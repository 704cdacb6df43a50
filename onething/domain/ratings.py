"""Ratings of services (好差评): five levels with reasons; low ones put right, malicious ones excluded."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from importlib import resources

from onething.domain.dictionary import Label


class Level(StrEnum):
    """Five levels, the best first. Their numbers differ between standards and live at the edges only."""

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    BASICALLY_SATISFIED = "basically_satisfied"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied"

    @property
    def is_low(self) -> bool:
        """Whether it has to be put right."""
        return self in (Level.DISSATISFIED, Level.VERY_DISSATISFIED)

    @property
    def label(self) -> Label:
        return _LEVELS[self]


_LEVELS = {
    Level.VERY_SATISFIED: Label("非常满意", "Very satisfied"),
    Level.SATISFIED: Label("满意", "Satisfied"),
    Level.BASICALLY_SATISFIED: Label("基本满意", "Fairly satisfied"),
    Level.DISSATISFIED: Label("不满意", "Dissatisfied"),
    Level.VERY_DISSATISFIED: Label("非常不满意", "Very dissatisfied"),
}


class Channel(StrEnum):
    """Where a rating was given."""

    KIOSK = "kiosk"
    WINDOW = "window"
    COMPUTER = "computer"
    PHONE = "phone"
    QR = "qr"
    CALL = "call"
    MESSAGE = "message"


class Occasion(StrEnum):
    """What is rated: the service that was done, or the handing in of an application."""

    RESULT = "result"
    SUBMISSION = "submission"


class RatingState(StrEnum):
    """Whether a rating counts: excluded ones stay visible and are not counted."""

    COUNTED = "counted"
    EXCLUDED = "excluded"


@dataclass(frozen=True)
class Reason:
    """One thing that can be said with a level; ``number`` is its place in the list of its level."""

    code: str
    number: int
    label: Label


@dataclass(frozen=True)
class Rating:
    """One rating; ``number`` 2 follows a first one that was put right.

    ``holder`` is the rater's blind index, None when the rating is anonymous; ``service`` is what may
    be rated once. ``comment`` is sealed where it is kept.
    """

    id: str
    case_id: str
    service: str
    number: int
    thing: str
    matter: str | None
    department: str
    occasion: Occasion
    channel: Channel
    level: Level
    reasons: tuple[str, ...]
    named: bool
    holder: str | None
    division: str
    rated_at: datetime
    comment: str | None = None
    state: RatingState = RatingState.COUNTED
    follows: str | None = None
    reference: str | None = None


class Ground(StrEnum):
    """Why a rating should not count."""

    MALICIOUS = "malicious"
    MISTAKEN = "mistaken"


@dataclass(frozen=True)
class RatingAppeal:
    """Staff say that a rating is mistaken or malicious; a supervisor decides, and the trace stays."""

    id: str
    rating: str
    appealed_by: str
    appealed_at: datetime
    ground: Ground
    reason: str
    division: str
    decided_by: str | None = None
    decided_at: datetime | None = None
    excluded: bool | None = None
    decision: str | None = None


class RectificationState(StrEnum):
    """How far the putting right of a low rating is."""

    OPEN = "open"
    CALLED_BACK = "called_back"
    SETTLED = "settled"
    DROPPED = "dropped"  # the rating was excluded


class Finding(StrEnum):
    """What a look into a low rating found."""

    JUSTIFIED = "justified"
    PARTLY_JUSTIFIED = "partly_justified"
    NOT_JUSTIFIED = "not_justified"


class Remedy(StrEnum):
    """What was done about it: at once, with a date, or explained."""

    DONE = "done"
    PROMISED = "promised"
    EXPLAINED = "explained"


@dataclass(frozen=True)
class Rectification:
    """The putting right of one low rating; notes and sentences are sealed where they are kept."""

    id: str
    rating: str
    case_id: str
    department: str
    division: str
    opened_at: datetime
    due_on: date
    state: RectificationState = RectificationState.OPEN
    called_at: datetime | None = None
    called_by: str | None = None
    call_note: str | None = None
    finding: Finding | None = None
    remedy: Remedy | None = None
    finding_text: Mapping[str, str] | None = None
    remedy_on: date | None = None
    settled_at: datetime | None = None
    settled_by: str | None = None
    warned_at: datetime | None = None


def service_of(case_id: str, matter: str | None, occasion: Occasion) -> str:
    """What is rated once: the whole case or one matter of it, on one occasion."""
    return f"{case_id}:{matter or ''}:{occasion.value}"


@lru_cache
def reasons_by_level() -> Mapping[Level, Sequence[Reason]]:
    """What may be said with each level, in the order in which it is offered."""
    text = resources.files("onething.domain").joinpath("rating_reasons.json").read_text("utf-8")
    return {
        Level(level): tuple(
            Reason(each["code"], number, Label(each["zh"], each["en"])) for number, each in enumerate(some, 1)
        )
        for level, some in json.loads(text).items()
    }


def unknown_reasons(level: Level, codes: Sequence[str]) -> list[str]:
    """The codes that this level does not offer."""
    offered = {reason.code for reason in reasons_by_level()[level]}
    return [code for code in codes if code not in offered]
