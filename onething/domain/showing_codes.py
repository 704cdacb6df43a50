"""Showing codes: a phone shows who its person is, or a licence of theirs, for a minute and one reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from onething.domain.dictionary import Label
from onething.domain.errors import Refusal

SHOWN_FOR = timedelta(seconds=60)
# Readings refused in a minute: at one place (a kiosk, or an address of the verify page), and in all.
REFUSALS_FOR_EACH_PLACE = 20
REFUSALS_IN_ALL = 300
_SIGN_IN = "ONETHING-SHOW:1:"
_PATH = "/v/c/"


class ShowingKind(StrEnum):
    """What is shown: a person who wants to sign in at a kiosk, or one of their licences."""

    SIGN_IN = "sign_in"
    LICENCE = "licence"


@dataclass(frozen=True)
class ShowingCode:
    """A code by the SHA-256 of its token; ``session`` is the sitting on the phone that shows it.

    ``licence`` is the id of the result that is shown, for a licence.
    """

    id: str
    kind: ShowingKind
    session: str
    issued_at: datetime
    expires_at: datetime
    licence: str | None = None
    used_at: datetime | None = None
    used_by: str | None = None


def showing_text(kind: ShowingKind, token: str, public_url: str) -> str:
    """What the QR says: a licence's is an address that any phone can open, for it is shown to people.

    A person's is for a kiosk's reader alone: a stranger's camera makes no page of it.
    """
    return f"{_SIGN_IN}{token}" if kind is ShowingKind.SIGN_IN else f"{public_url}{_PATH}{token}"


def token_in(kind: ShowingKind, text: str) -> str:
    """The token in what a reader read; empty for anything that is no showing code of this kind."""
    if kind is ShowingKind.SIGN_IN:
        found = text.strip().removeprefix(_SIGN_IN)
        return found if found != text.strip() else ""
    return text.strip().rpartition(_PATH)[2]


class ShowingCodeRefused(Refusal):
    """The code is none of ours, too old, or was read before: never says which."""

    reason = "showing_code_refused"
    text = Label(
        "二维码无效或已过期，请在手机上刷新后再扫",
        "The code is not valid any more; please refresh it on the phone and scan again",
    )
