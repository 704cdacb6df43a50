"""The second check of who acts: a code by text message, a verifier plug-in, or a clerk who compares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from onething.domain.assurance import WITH_CODE, WITH_VERIFIER
from onething.domain.dictionary import Label
from onething.domain.errors import Refusal

CODE_LENGTH = 6
CODE_LASTS = timedelta(minutes=5)
RESENT_AFTER = timedelta(seconds=60)
MOST_GUESSES = 5
# Codes in a day of Xin County: of one person wherever they sit, and from one kiosk or phone.
SENT_TO_A_PERSON = 10
SENT_FROM_A_PLACE = 60
# Checks by a verifier, of one person in a day.
CHECKS_OF_A_PERSON = 10
# A sitting on a phone lasts for days: what was proven in it counts for one application's time.
PROOF_LASTS = timedelta(minutes=30)
CODES_KEPT = timedelta(days=1)
MOBILES_KEPT = timedelta(days=400)


class ProvenBy(StrEnum):
    """Who or what made sure."""

    CODE = "code"
    VERIFIER = "verifier"
    CLERK = "clerk"


LEVEL_OF = {
    ProvenBy.CODE: WITH_CODE,
    ProvenBy.VERIFIER: WITH_VERIFIER,
    ProvenBy.CLERK: WITH_VERIFIER,
}


class KnownBy(StrEnum):
    """Whence a person's mobile number comes, the surest first.

    A number that was typed in this very application proves that whoever acts can read its messages, and
    nothing about whose it is.
    """

    REGISTER = "register"
    EARLIER = "earlier"
    TYPED = "typed"


@dataclass(frozen=True)
class SentCode:
    """A code that was sent for one sitting; ``digest`` is keyed, ``person`` the blind index of who acts."""

    id: str
    session: str
    person: str
    digest: str
    known_by: KnownBy
    sent_at: datetime
    expires_at: datetime
    mobile: str | None = field(default=None, repr=False)
    guesses: int = 0
    used_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        """Whether a guess at it still counts."""
        return self.used_at is None and now < self.expires_at and self.guesses < MOST_GUESSES

    def may_be_resent(self, now: datetime) -> bool:
        """Whether so much time has gone by that the text may be lost."""
        return now >= self.sent_at + RESENT_AFTER


@dataclass(frozen=True)
class Proof:
    """What was proven in a sitting, whose id it has, until ``until_at``."""

    id: str
    level: str
    by: ProvenBy
    proven_at: datetime
    until_at: datetime


@dataclass(frozen=True)
class ProvenMobile:
    """The number at which somebody has read a code before; ``id`` is the blind index of who."""

    id: str
    proven_at: datetime
    mobile: str = field(repr=False)


def draw_code(pick: Callable[[str], str]) -> str:
    """Six digits; ``pick`` draws one sign of an alphabet (``secrets.choice``)."""
    return "".join(pick("0123456789") for _ in range(CODE_LENGTH))


def plain_code(text: str) -> str:
    """A code as it was typed, without what people put between the digits."""
    return "".join(sign for sign in text if sign not in " -")


class CodeRefused(Refusal):
    """Wrong, too old, used, or tried too often: never says which."""

    reason = "code_refused"
    text = Label(
        "验证码不对或已过期。请核对短信；连续输错5次要重新获取",
        "This code is wrong or too old. Look at the message again; after 5 wrong ones ask for a new one",
    )


class TooManyCodes(Refusal):
    """So many codes were sent today that no more are."""

    reason = "too_many_codes"
    status_hint = "too_many"
    text = Label(
        "今天发送验证码的次数已用完，请明天再来，或到综合窗口办理，已填内容都在",
        "No more codes are sent today. Come back tomorrow or go to a window: all you filled in is kept",
    )


class NoMobile(Refusal):
    """There is no number yet that a code could be sent to."""

    reason = "no_mobile"
    status_hint = "conflict"
    text = Label("请先在表上填写手机号码", "Please fill in a mobile number on the form first")


class NoSuchWay(Refusal):
    """This installation, or this place, cannot check in that way."""

    reason = "no_such_way"
    status_hint = "conflict"
    text = Label(
        "这里不能用这种方式核实，请到综合窗口办理，已填内容都在",
        "This check cannot be made here. Please go to a service window: all you filled in is kept",
    )


class NothingToStepUp(Refusal):
    """Nothing that was chosen asks for more than the card."""

    reason = "nothing_to_step_up"
    status_hint = "conflict"
    text = Label("所选事项不需要再核实", "Nothing you chose asks for another check")


class NotVerified(Refusal):
    """The verifier says that this is not the person, or cannot tell."""

    reason = "not_verified"
    text = Label(
        "没有核验通过，请再试一次，或到综合窗口办理",
        "The check did not succeed. Please try again, or go to a service window",
    )


class VerifierUnavailable(Refusal):
    """The verifier cannot be asked now; the other ways stay open."""

    reason = "verifier_unavailable"
    status_hint = "unavailable"
    text = Label(
        "核验服务暂时不可用，请稍后再试，或到综合窗口办理",
        "The check cannot be made at this moment. Please try again later, or go to a service window",
    )
