"""Invitations: a person of an application is asked to authorise on a phone of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from onething.domain.dictionary import Label
from onething.domain.errors import Refusal
from onething.domain.terminals import CROCKFORD

# What is typed: 40 bits, and only the person it was made for gets anything by it.
CODE_LENGTH = 8
MOST_FOR_EACH_DRAFT = 60
# Somebody else with the right link or code: so often, then it is locked and its sender told.
WRONG_PEOPLE = 5
# Tries that found nothing, in a minute: from one address, by one person, and in all.
TRIES_FOR_EACH_ADDRESS = 20
TRIES_FOR_EACH_PERSON = 5
TRIES_IN_ALL = 300
KEPT = timedelta(days=90)
LONGEST_REASON = 200


class InvitationState(StrEnum):
    """What became of it; that its time is over is seen from ``expires_at``."""

    SENT = "sent"
    OPENED = "opened"
    GIVEN = "given"  # authorised by somebody whose number the form did not know: its sender confirms
    AUTHORISED = "authorised"
    REFUSED = "refused"
    CALLED_BACK = "called_back"
    TAKEN_BACK = "taken_back"  # who had said yes no longer does
    LOCKED = "locked"


AGREED_STATES = (InvitationState.GIVEN, InvitationState.AUTHORISED)
OPEN_STATES = (InvitationState.SENT, InvitationState.OPENED, InvitationState.GIVEN)


@dataclass(frozen=True)
class Invitation:
    """One person asked to authorise for one role of a draft; ``token`` and ``code`` are SHA-256 digests.

    ``sender`` and ``invited`` are blind indexes of numbers; ``invited`` is None until somebody has opened an
    invitation for a role whose person the form did not know. ``said`` is sealed: ``person`` (what the
    phone has proven of who opened it), ``sources`` (each with yes or no), the ``reason`` of a refusal, and
    ``before``, the values of the form which that proof took the place of.
    """

    id: str
    draft: str
    thing: str
    role: str
    sender: str
    token: str
    code: str
    made_at: datetime
    expires_at: datetime
    division: str
    state: InvitationState = InvitationState.SENT
    invited: str | None = None
    is_known: bool = False
    said: Mapping[str, Any] = field(default_factory=dict, repr=False)
    opened_at: datetime | None = None
    answered_at: datetime | None = None
    wrong_people: int = 0

    def is_open(self, now: datetime) -> bool:
        """Whether it waits for somebody still."""
        return self.state in OPEN_STATES and now < self.expires_at

    def shown_state(self, now: datetime) -> str:
        """Its state as people are told it: ``expired`` when its time was over first."""
        if self.state in OPEN_STATES and now >= self.expires_at:
            return "expired"
        return self.state.value


def draw_code(pick: Callable[[str], str]) -> str:
    """Eight characters that nobody confuses; ``pick`` draws one from an alphabet (``secrets.choice``)."""
    return "".join(pick(CROCKFORD) for _ in range(CODE_LENGTH))


def plain_code(text: str) -> str:
    """A code as it was typed, in its normal form: spaces, dashes and what is easily confused put right."""
    plain = "".join(sign for sign in text.upper() if sign.isalnum())
    return plain.translate(str.maketrans("OIL", "011"))


def spaced(code: str) -> str:
    """As it is shown and read aloud: ``ABCD-EFGH``."""
    return f"{code[:4]}-{code[4:]}"


class InvitationNotValid(Refusal):
    """Whatever is wrong with a link or code, or with who holds it: always the same words."""

    reason = "invitation_not_valid"
    status_hint = "not_found"
    text = Label(
        "邀请无效、已过期，或不是发给您的。请向邀请人核对，或请对方重新邀请",
        "This invitation is not valid, has expired, or is not for you. Please ask the sender for a new one",
    )


class TooManyInvitationTries(Refusal):
    """So many wrong links and codes came that for a minute nothing is tried at all."""

    reason = "too_many_refusals"
    status_hint = "too_many"
    text = Label("尝试次数过多，请一分钟后再试", "Too many tries; please try again in a minute")


class InvitationOver(Refusal):
    """It was answered, called back, or its time is over."""

    reason = "invitation_over"
    status_hint = "conflict"
    text = Label("这份邀请已经结束，请对方重新邀请", "This invitation is over; please ask for a new one")


class NothingToTakeBack(Refusal):
    """There is no yes that still stands: none was given, or it was taken back before."""

    reason = "nothing_to_take_back"
    status_hint = "conflict"
    text = Label("这份邀请没有可以收回的同意", "There is no agreement here to be taken back")


class NotYourTurn(Refusal):
    """Somebody else is to answer first, as the one-thing says."""

    reason = "not_your_turn"
    status_hint = "conflict"


class SignatureNeeded(Refusal):
    """This role's own signature is part of the authorisation."""

    reason = "signature_needed"
    text = Label("请先在屏幕上签名，再同意", "Please sign on the screen first, then agree")


class NothingToAuthorise(Refusal):
    """The role needs nobody's authorisation here."""

    reason = "nothing_to_authorise"
    status_hint = "conflict"
    text = Label("这里不需要对方授权", "No authorisation is needed here")


class RefusedToSign(Refusal):
    """Who must sign for this one-thing has refused: no paper of somebody else takes the place of that."""

    reason = "refused_to_sign"
    status_hint = "conflict"
    text = Label(
        "对方已拒绝。此项必须由本人同意，可以重新邀请，或双方到综合窗口办理",
        "The other person has refused. Their own consent is needed: invite them again, or come to a window"
        " together",
    )


class TooManyInvitations(Refusal):
    """More invitations than one application can have a use for."""

    reason = "too_many_invitations"
    status_hint = "conflict"
    text = Label("邀请次数过多，请到综合窗口办理", "Too many invitations; please go to a service window")
