"""A phone's own tokens: ten minutes to ask with, and one that gets the next pair, once."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from onething.domain.phones import (
    ACCESS_LASTS,
    REFRESH_LASTS,
    REFUSALS_FOR_EACH_ADDRESS,
    REFUSALS_IN_ALL,
    REPEATED_WITHIN,
    PhoneSignIn,
    PhoneSignInRefused,
    PhoneToken,
    TokenKind,
    TooManyRefusals,
)
from onething.ports import Ports, UnitOfWork

_WHOLE_SERVER = "all"


@dataclass(frozen=True)
class Pair:
    """What a phone is given: to be kept by it alone, for here only digests stay."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    access_until: datetime
    refresh_until: datetime


def first_pair(ports: Ports, uow: UnitOfWork, sign_in: PhoneSignIn, now: datetime) -> Pair:
    """The tokens of a phone that has just signed in."""
    return _keep(uow, sign_in, now, ports.chance.token(), ports.chance.token())


def next_pair(ports: Ports, uow: UnitOfWork, token: PhoneToken, text: str, key: str) -> Pair | None:
    """The successors of a refresh token, which is used up; None when somebody has used it already.

    They are made from the token itself and the key of the act, so that a phone whose line broke gets the same
    pair again for two minutes, and nobody else does: of neither is more than a digest kept.
    """
    now = ports.clock.now()
    sign_in = uow.phone_sign_ins.find(token.sign_in)
    assert sign_in is not None
    used = replace(token, used_at=now, salt=ports.chance.token(), used_under=digest_of(key))
    if uow.phone_tokens.use(used):
        return _keep(uow, sign_in, now, *_successors(text, used.salt or "", key))
    return _again(uow, sign_in, token.id, text, key, now)


def _again(
    uow: UnitOfWork, sign_in: PhoneSignIn, digest: str, text: str, key: str, now: datetime
) -> Pair | None:
    used = uow.phone_tokens.find(digest)
    if used is None or used.used_at is None or now > used.used_at + REPEATED_WITHIN:
        return None
    if not hmac.compare_digest(used.used_under or "", digest_of(key)):
        return None
    access, refresh = _successors(text, used.salt or "", key)
    following = uow.phone_tokens.find(digest_of(refresh))
    if following is None or following.used_at is not None:
        return None
    return _pair(sign_in, used.used_at, access, refresh)


def _successors(text: str, salt: str, key: str) -> tuple[str, str]:
    """256 bits each, known only to who has the token: the salt alone makes nothing."""
    return (
        hmac.digest(text.encode(), f"access {salt} {key}".encode(), hashlib.sha256).hex(),
        hmac.digest(text.encode(), f"refresh {salt} {key}".encode(), hashlib.sha256).hex(),
    )


def _keep(uow: UnitOfWork, sign_in: PhoneSignIn, now: datetime, access: str, refresh: str) -> Pair:
    pair = _pair(sign_in, now, access, refresh)
    uow.phone_tokens.add(
        [
            PhoneToken(digest_of(access), sign_in.id, TokenKind.ACCESS, pair.access_until),
            PhoneToken(digest_of(refresh), sign_in.id, TokenKind.REFRESH, pair.refresh_until),
        ]
    )
    return pair


def _pair(sign_in: PhoneSignIn, at: datetime, access: str, refresh: str) -> Pair:
    ends = sign_in.expires_at
    return Pair(access, refresh, min(at + ACCESS_LASTS, ends), min(at + REFRESH_LASTS, ends))


def digest_of(text: str) -> str:
    """SHA-256 in hex: under it a secret is looked up that is kept nowhere."""
    return hashlib.sha256(text.encode()).hexdigest()


@contextmanager
def counted(ports: Ports, address: str) -> Iterator[None]:
    """An attempt from this address: a refusal in it is counted, and too many in a minute stop all tries.

    Raises ``TooManyRefusals`` and whatever the attempt does.
    """
    minute_at = ports.clock.now().replace(second=0, microsecond=0)
    limits = {_WHOLE_SERVER: REFUSALS_IN_ALL, f"address:{address}"[:80]: REFUSALS_FOR_EACH_ADDRESS}
    with ports.records.read() as uow:
        if any(uow.phone_tokens.get_refusals(scope, minute_at) >= most for scope, most in limits.items()):
            raise TooManyRefusals
    try:
        yield
    except PhoneSignInRefused:
        with ports.records.act() as uow:
            for scope in limits:
                uow.phone_tokens.count_refusal(scope, minute_at)
        raise
