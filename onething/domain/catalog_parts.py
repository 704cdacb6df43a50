"""What a one-thing says of joint visits, invitations, second checks, and its place on the county's lists."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from onething.domain.dictionary import Label


@dataclass(frozen=True)
class StepUp:
    """What a matter asks beyond the card, and why: ``level`` is one of ``domain.assurance.LEVELS``."""

    level: str
    reason: Label


class VisitKind(StrEnum):
    """What several departments do in one appointment: look at a place, or review papers together."""

    VISIT = "visit"
    REVIEW = "review"


@dataclass(frozen=True)
class JointVisit:
    """One appointment for several departments; each of them signs for its own matters."""

    id: str
    label: Label
    kind: VisitKind
    matters: tuple[str, ...]


@dataclass(frozen=True)
class InvitationTerms:
    """How a role's person is asked to authorise on their own phone.

    Within how many days; ``after`` which roles, who answer first; and whether this person's own signature
    belongs to it, so that a refusal cannot be got round by papers.
    """

    days: int = 7
    after: tuple[str, ...] = ()
    signs: bool = False


class ListLevel(StrEnum):
    """The level of government that carries the one-thing out (实施层级)."""

    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"


class ListStatus(StrEnum):
    """Whether people can use it today."""

    OPEN = "open"
    TRIAL = "trial"
    PLANNED = "planned"


@dataclass(frozen=True)
class Listing:
    """The one-thing's line on the county's list; ``batch`` is one of the catalog's batches."""

    batch: str
    level: ListLevel
    status: ListStatus
