"""Mandates: a person lets another act for them on a phone, or a clerk fill in for them, for a while."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from onething.domain.dictionary import Label
from onething.domain.errors import Refusal

LONGEST_DAYS = 365
LONGEST_HELP_HOURS = 8
MOST_LIVE = 20
# How long a helper's code waits for the clerk who types it.
CODE_LASTS = timedelta(minutes=15)
KEPT = timedelta(days=3 * 365)


class MandateKind(StrEnum):
    """To act for somebody on a phone, or to fill in for them at a desk and never to sign."""

    AGENT = "agent"
    HELPER = "helper"


@dataclass(frozen=True)
class Mandate:
    """What ``principal`` lets ``agent`` do, both blind indexes of numbers.

    ``things`` and ``matters`` are codes; no matters means every matter of those things. A helper's mandate
    has the digest of a ``code`` until a clerk (``agent``, a staff account) has typed it. ``people`` is
    sealed: ``principal`` and ``agent``, each with the name, the number and what else was proven of them.
    """

    id: str
    kind: MandateKind
    principal: str
    agent: str | None
    things: tuple[str, ...]
    matters: tuple[str, ...]
    granted_by: str
    made_at: datetime
    expires_at: datetime
    division: str
    code: str | None = None
    taken_at: datetime | None = None
    revoked_at: datetime | None = None
    people: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def is_live(self, now: datetime) -> bool:
        """Whether something may be done by it now."""
        return self.revoked_at is None and now < self.expires_at

    def shown_state(self, now: datetime) -> str:
        """Its state as people are told it: waiting, live, revoked or expired."""
        if self.revoked_at is not None:
            return "revoked"
        if now >= self.expires_at:
            return "expired"
        return "waiting" if self.agent is None else "live"

    def covers(self, thing: str, chosen: Collection[str]) -> bool:
        """Whether these matters of a one-thing lie within its scope."""
        return thing in self.things and (not self.matters or set(chosen) <= set(self.matters))


class MandateOver(Refusal):
    """It was revoked, its time is over, or it never was: nothing may be done by it."""

    reason = "mandate_over"
    status_hint = "forbidden"
    text = Label("委托已撤销或已到期，不能继续代办", "The mandate was revoked or is over; nothing was done")


class OutOfScope(Refusal):
    """The mandate does not speak of this one-thing, or not of all these matters."""

    reason = "out_of_scope"
    status_hint = "forbidden"
    text = Label("委托范围不包括此事项", "The mandate does not cover this")


class NotByMandate(Refusal):
    """Only the person may do this: the one-thing, or the kind of mandate, lets nobody act for them here."""

    reason = "not_by_mandate"
    status_hint = "forbidden"
    text = Label("此步骤须由本人办理", "This has to be done by the person concerned")


class HelperMayNotSign(Refusal):
    """A helper fills in; signing and submitting stay with the person."""

    reason = "helper_may_not_sign"
    status_hint = "forbidden"
    text = Label(
        "帮办人员只能协助填写，签名和提交由本人在手机或自助机上完成",
        "A helper may only fill in; the person signs and submits on a phone or at a kiosk",
    )


class NobodyElse(Refusal):
    """The number is the principal's own."""

    reason = "nobody_else"
    text = Label("不能委托给自己", "A mandate goes to somebody else")


class TooManyMandates(Refusal):
    """So many mandates are live that another is not given before one is revoked."""

    reason = "too_many_mandates"
    status_hint = "conflict"
    text = Label("有效委托过多，请先撤销不用的委托", "Too many live mandates; please revoke one first")


class NothingByMandate(Refusal):
    """None of what was named may be done by a mandate."""

    reason = "nothing_by_mandate"
    text = Label(
        "所选事项须由本人办理，不能委托", "What you chose has to be done by yourself and cannot be delegated"
    )


class HelpCodeNotValid(Refusal):
    """Whatever is wrong with a helper's code: always the same words."""

    reason = "help_code_not_valid"
    status_hint = "not_found"
    text = Label(
        "帮办码无效或已过期，请群众在手机上重新生成",
        "The code is not valid or is over; please have a new one made on the phone",
    )
