"""Hand-overs (转到手机): a QR at the kiosk gives a phone the running form, or one paper to photograph."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from onething.domain.dictionary import Label
from onething.domain.errors import Refusal

SHOWN_FOR = timedelta(minutes=3)
# Codes refused in a minute: from one address (a carrier puts many phones behind one), and in all.
REFUSALS_FOR_EACH_ADDRESS = 20
REFUSALS_IN_ALL = 300
_PATH = "/m/handed?t="


class HandoverKind(StrEnum):
    """What the phone is given: the whole form, or the photographing of one paper."""

    FORM = "form"
    PHOTOGRAPHS = "photographs"


class HandoverState(StrEnum):
    """How far it is; ``ended`` however it came to that."""

    WAITING = "waiting"
    TAKEN = "taken"
    ENDED = "ended"


@dataclass(frozen=True)
class Handover:
    """One QR: ``token`` is its digest, ``session`` the sitting at the kiosk that showed it.

    ``taken_by`` is the phone's own sitting, or for photographs the digest of what that phone was given.
    ``material`` is the paper to be photographed.
    """

    id: str
    kind: HandoverKind
    token: str
    session: str
    holder: str
    draft: str
    shown_at: datetime
    expires_at: datetime
    material: str | None = None
    taken_at: datetime | None = None
    taken_by: str | None = None
    ended_at: datetime | None = None
    end_cause: str | None = None

    def find_cause(self, now: datetime) -> str | None:
        """Why it is over; None while it is not. Nobody took it in time: ``expired``."""
        if self.ended_at is not None:
            return self.end_cause
        return "expired" if self.taken_at is None and self.expires_at <= now else None

    def state_at(self, now: datetime) -> HandoverState:
        """How far it is at that moment."""
        if self.find_cause(now) is not None:
            return HandoverState.ENDED
        return HandoverState.WAITING if self.taken_at is None else HandoverState.TAKEN


@dataclass(frozen=True)
class DraftLine:
    """What may be said of a draft without opening it: for what it is, how often and when last saved."""

    thing: str
    version: int
    state: str
    updated_at: datetime


def handover_text(token: str, public_url: str) -> str:
    """What the QR says: an address, its secret in the query, which no log keeps."""
    return f"{public_url}{_PATH}{token}"


class HandoverRefused(Refusal):
    """The code is none of ours, changed, too old, or was used before: never says which."""

    reason = "handover_refused"
    status_hint = "not_found"
    text = Label(
        "二维码无效、已用过或已过期，请在终端上重新显示后再扫",
        "This code is not valid any more; please show a new one on the kiosk and scan it",
    )


class HandoverForAnother(Refusal):
    """A good code, read by the phone of somebody else."""

    reason = "handover_for_another"
    status_hint = "forbidden"
    text = Label(
        "这份申请是另一个人的，请用本人登录的手机扫码",
        "This form is another person's; please scan with the phone that they are signed in on",
    )


class HandedOver(Refusal):
    """The form is being filled in on another device; here it can only be read."""

    reason = "handed_over"
    status_hint = "conflict"
    text = Label(
        "这份申请正在另一台设备上办理，请在那里继续，或先收回",
        "This form is being filled in on another device; go on there, or take it back first",
    )
