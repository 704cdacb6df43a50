"""Messages to citizens: what is told, by which ways, in which words, and when it may ring.

A message has ids, dates and the end of a case's number, and nothing else in it: whoever looks over a
shoulder at a locked phone learns neither who nor what. One kind carries a code, which is worth nothing but
in the sitting that asked for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from onething.domain.dictionary import Label
from onething.domain.errors import Refusal
from onething.domain.working_days import SHANGHAI

INBOX_KEPT = timedelta(days=365)
QUIET_FROM, QUIET_UNTIL = time(21), time(8)
_END = 4


class MessageKind(StrEnum):
    """What somebody is told."""

    SUBMITTED = "submitted"
    SUPPLEMENT_WANTED = "supplement_wanted"
    CASE_REFUSED = "case_refused"
    PART_REFUSED = "part_refused"
    PART_FINISHED = "part_finished"
    RESULTS_READY = "results_ready"
    DELIVERY_SENT = "delivery_sent"
    DELIVERY_FAILED = "delivery_failed"
    DISPUTE_DECIDED = "dispute_decided"
    INVITATION = "invitation"
    INVITATION_ANSWERED = "invitation_answered"
    INVITATION_TAKEN_BACK = "invitation_taken_back"
    INVITATION_LOCKED = "invitation_locked"
    MANDATE_CHANGED = "mandate_changed"
    DRAFT_FORGOTTEN = "draft_forgotten"
    STEP_UP_CODE = "step_up_code"


class Way(StrEnum):
    """How a message goes out to a phone; the inbox has every message and is none of these."""

    WECHAT = "wechat"
    SMS = "sms"


WAY_NAMES: Mapping[Way, Label] = {
    Way.WECHAT: Label("微信", "WeChat"),
    Way.SMS: Label("短信", "Text message"),
}


class SendState(StrEnum):
    """What became of one message on one way.

    ``trying`` is written before the provider is asked: who finds it later knows that nobody knows.
    """

    TRYING = "trying"
    WAITING = "waiting"
    SENT = "sent"
    NOT_WANTED = "not_wanted"
    FAILED = "failed"
    UNKNOWN = "unknown"

    @property
    def is_over(self) -> bool:
        """Whether this way is not tried again."""
        return self not in (SendState.TRYING, SendState.WAITING)


@dataclass(frozen=True)
class Wording:
    """One kind's words, and the ways by which it goes out, the first first.

    ``legal`` ones cannot be switched off; ``urgent`` ones ring at night too. What ``lasts`` only so long goes
    out within that time or not at all.
    """

    title: Label
    text: Label
    ways: tuple[Way, ...]
    legal: bool = False
    urgent: bool = False
    lasts: timedelta | None = None


@dataclass(frozen=True)
class Message:
    """One message; ``holder`` is the blind index of the person told, None for a mobile number alone.

    ``about`` is the id of the case, draft or invitation, ``link`` a path of the phone's pages, ``end`` the
    last characters of the case's number. ``to`` is sealed: a mobile number (``mobile``), a ``code``, and
    where the inbox must not have it, the link that goes out (``link``).
    """

    id: str
    kind: MessageKind
    about: str
    link: str
    created_at: datetime
    division: str
    holder: str | None = None
    end: str = ""
    until_on: date | None = None
    read_at: datetime | None = None
    to: Mapping[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Send:
    """One message on one way; ``id`` is the name under which the provider is asked."""

    id: str
    message: str
    way: Way
    state: SendState
    attempts: int
    moved_at: datetime
    provider_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Preferences:
    """Which ways somebody wants; ``id`` is the blind index of their number, ``lang`` zh or en."""

    id: str
    ways: tuple[Way, ...]
    lang: str
    saved_at: datetime


@dataclass(frozen=True)
class Subscription:
    """How many messages of one template a WeChat user has allowed; each tap is good for one.

    ``id`` names account and template; ``address`` is the user's openid, sealed: the account has but its
    index.
    """

    id: str
    account: str
    template: str
    amount: int
    saved_at: datetime
    address: str | None = field(default=None, repr=False)


def subscription_id(account: str, template: str) -> str:
    """The one of this account and template."""
    return f"{account}:{template}"


def end_of(number: str) -> str:
    """The last characters of a case's number, as a message may say them."""
    return number[-_END:]


@cache
def wordings() -> Mapping[MessageKind, Wording]:
    """Every kind's words and ways."""
    text = resources.files("onething.domain").joinpath("message_wording.json").read_text("utf-8")
    return {MessageKind(kind): _wording(each) for kind, each in json.loads(text).items()}


def _wording(told: Mapping[str, Any]) -> Wording:
    return Wording(
        Label(**told["title"]),
        Label(**told["text"]),
        tuple(Way(way) for way in told["ways"]),
        legal=told.get("legal", False),
        urgent=told.get("urgent", False),
        lasts=timedelta(minutes=told["lasts_minutes"]) if "lasts_minutes" in told else None,
    )


def words_of(message: Message) -> tuple[Label, Label]:
    """Title and sentence of a message, in both languages."""
    wording = wordings()[message.kind]
    said = fields_of(message)
    return wording.title, Label(wording.text.zh.format(**said), wording.text.en.format(**said))


def fields_of(message: Message) -> dict[str, str]:
    """All that a template may say of a message: no name, no number but its end or a code, no one-thing."""
    on = message.created_at.astimezone(SHANGHAI).date()
    return {
        "end": message.end,
        "until": (message.until_on or on).isoformat(),
        "on": on.isoformat(),
        "link": (message.to or {}).get("link", message.link),
        "code": (message.to or {}).get("code", ""),
    }


def ways_of(kind: MessageKind, wanted: Preferences | None) -> Sequence[Way]:
    """The ways to try, in their order: what somebody switched off is left out, but not of a legal notice."""
    wording = wordings()[kind]
    if wanted is None or wording.legal:
        return wording.ways
    return [way for way in wording.ways if way in wanted.ways]


def rings_at(kind: MessageKind, now: datetime) -> datetime:
    """When a message may go out: now, or at eight in the morning in Xin County for what can wait."""
    here = now.astimezone(SHANGHAI)
    if wordings()[kind].urgent or QUIET_UNTIL <= here.time() < QUIET_FROM:
        return now
    day = here.date() if here.time() < QUIET_UNTIL else here.date() + timedelta(days=1)
    return datetime.combine(day, QUIET_UNTIL, SHANGHAI).astimezone(now.tzinfo)


def is_too_late(message: Message, now: datetime) -> bool:
    """Whether its time was over before it went out."""
    lasts = wordings()[message.kind].lasts
    return lasts is not None and now >= message.created_at + lasts


class NotYourAccount(Refusal):
    """A code of WeChat that belongs to another user than the one signed in."""

    reason = "not_your_account"
    text = Label("请用登录时的微信订阅消息", "Please allow messages with the WeChat account you signed in by")
