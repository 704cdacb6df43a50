"""Phones: by which provider somebody signs in, to whom an account is bound, and why a sign-in is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from onething.domain.dictionary import Label
from onething.domain.errors import Refusal

ACCESS_LASTS = timedelta(minutes=10)
REFRESH_LASTS = timedelta(days=7)
SIGN_IN_LASTS = timedelta(days=30)
STEP_LASTS = timedelta(minutes=10)
# A line that breaks may ask for the same new tokens again for so long.
REPEATED_WITHIN = timedelta(minutes=2)
MOST_SIGN_INS = 5
# Refused codes and tokens in a minute: from one address (a carrier puts many phones behind one), and in all.
REFUSALS_FOR_EACH_ADDRESS = 20
REFUSALS_IN_ALL = 300
_PLACE = "phone:"


class Provider(StrEnum):
    """Who says which phone, or which person, it is."""

    WECHAT = "wechat"
    ALIPAY = "alipay"
    PROVINCE = "province"


PROVIDER_NAMES = {
    Provider.WECHAT: Label("微信", "WeChat"),
    Provider.ALIPAY: Label("支付宝", "Alipay"),
    Provider.PROVINCE: Label("河南省统一身份认证", "Henan provincial identity"),
}


class TokenKind(StrEnum):
    """What a token is good for: asking, or getting the next pair of tokens, once."""

    ACCESS = "access"
    REFRESH = "refresh"


@dataclass(frozen=True)
class PhoneAccount:
    """One user of one provider; ``subject`` is the blind index of the provider's name for them.

    ``holder`` is the blind index of the person's number and ``person`` what was proven of them (``name``,
    ``id_number``), once a provider of real names has said who it is.
    """

    id: str
    provider: Provider
    subject: str
    created_at: datetime
    division: str
    holder: str | None = None
    person: Mapping[str, Any] | None = field(default=None, repr=False)
    bound_at: datetime | None = None

    def is_bound(self, now: datetime, lasts: timedelta) -> bool:
        """Whether the person was proven, and not too long ago to be believed still."""
        return self.holder is not None and self.bound_at is not None and now < self.bound_at + lasts


@dataclass(frozen=True)
class PhoneSignIn:
    """One phone signed in; ``session`` is the citizen's sitting there, once they are known by name.

    All its tokens come one out of the other: when one is used twice, all of them end.
    """

    id: str
    account: str
    device: str
    started_at: datetime
    seen_at: datetime
    expires_at: datetime
    session: str | None = None
    ended_at: datetime | None = None
    end_cause: str | None = None


@dataclass(frozen=True)
class PhoneToken:
    """A token by its SHA-256. ``salt`` and ``used_under`` (the digest of the act's key) make its successors
    again for whoever has the token itself and the key under which it was used.
    """

    id: str
    sign_in: str
    kind: TokenKind
    expires_at: datetime
    used_at: datetime | None = None
    salt: str | None = None
    used_under: str | None = None


@dataclass(frozen=True)
class PhoneStep:
    """Somebody has gone out to a provider of real names; ``id`` is the digest of what brings them back.

    ``kept`` is what that provider's answer is judged by; ``sign_in`` the phone whose user is to be proven.
    """

    id: str
    kept: Mapping[str, str] | None = field(repr=False)
    expires_at: datetime
    sign_in: str | None = None
    used_at: datetime | None = None


def place_of(account: str) -> str:
    """Where a citizen sits who has signed in by this account, where a kiosk has its id."""
    return f"{_PLACE}{account}"


def is_phone(place: str | None) -> bool:
    """Whether this place is a phone."""
    return bool(place) and str(place).startswith(_PLACE)


class PhoneSignInRefused(Refusal):
    """The code is wrong, was used, or is too old: never says which."""

    reason = "phone_sign_in_refused"
    status_hint = "unauthorised"
    text = Label("登录没有成功，请重新登录", "Signing in did not succeed; please try again")


class ProviderAway(Refusal):
    """The provider did not answer, or not sensibly, or wants to be asked less."""

    reason = "provider_away"
    status_hint = "unavailable"
    text = Label("登录服务暂时繁忙，请稍后再试", "The sign-in service is busy; please try again in a moment")


class ProviderNotOffered(Refusal):
    """This installation has no such provider."""

    reason = "provider_not_offered"
    text = Label("暂不支持这种登录方式", "This way of signing in is not offered")


class TooManyRefusals(Refusal):
    """So many wrong codes or tokens came that for a minute nothing is tried at all."""

    reason = "too_many_refusals"
    status_hint = "too_many"
    text = Label("尝试次数过多，请一分钟后再试", "Too many tries; please try again in a minute")


class RealNameNeeded(Refusal):
    """Signed in, and nobody has proven yet which person it is: nothing personal is shown."""

    reason = "real_name_needed"
    status_hint = "forbidden"
    text = Label("请先完成实名认证", "Please prove who you are first")


class RealNameMissing(Refusal):
    """The provider knows the user, and not by a person's name and number."""

    reason = "real_name_missing"
    text = Label(
        "您在省统一身份认证平台还没有实名，请先实名或到窗口办理",
        "The provincial platform does not know your real name yet; please register there or go to a window",
    )


class BoundToAnother(Refusal):
    """The account belongs to somebody else until they let go of it."""

    reason = "bound_to_another"
    status_hint = "conflict"
    text = Label(
        "这个账号已绑定他人，请先由本人解除绑定",
        "This account is bound to another person, who must let go of it first",
    )
