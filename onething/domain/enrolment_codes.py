"""Enrolment codes: what is shown to people, the part that is looked up, and the part that is secret."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from onething.domain.dictionary import Label
from onething.domain.errors import Refusal
from onething.domain.terminals import CROCKFORD

CODE_ID = re.compile(rf"[{CROCKFORD}]{{4}}")
TRIES_FOR_EACH_CODE = 5
TRIES_FOR_EACH_ADDRESS = 20
TRIES_IN_ALL = 60
_ID, _SECRET = 4, 11


class EnrolmentNotValid(Refusal):
    """Whatever was wrong with an attempt to enrol: always the same words, after the same time."""

    reason = "enrolment_not_valid"
    status_hint = "not_found"
    text = Label("登记码无效，请向管理员重新领取", "The code is not valid; please ask for a new one")


@dataclass(frozen=True)
class EnrolmentCode:
    """A code given out for one terminal. ``secret`` is sealed where it is kept and gone when it has ended.

    ``used_by`` is the thumbprint of the key that came with it; outcomes: used, expired, withdrawn, guessed.
    """

    id: str
    code: str
    terminal: str
    secret: str | None = field(repr=False)
    issued_by: str
    issued_at: datetime
    expires_at: datetime
    attempts: int = 0
    used_at: datetime | None = None
    used_by: str | None = None
    ended_at: datetime | None = None
    outcome: str | None = None


def draw_code(pick: Callable[[str], str]) -> str:
    """Sixteen characters: 4 to look it up by, 11 that are secret (55 bits), 1 that checks the others.

    ``pick`` draws one character from an alphabet (``secrets.choice``). Modulo 37 every wrong character and
    every two swapped neighbours show; a sum that no letter or digit stands for is drawn again.
    """
    while True:
        body = "".join(pick(CROCKFORD) for _ in range(_ID + _SECRET))
        value = _number_of(body) % 37
        if value < len(CROCKFORD):
            return body + CROCKFORD[value]


def split_code(code: str) -> tuple[str, str]:
    """The part that is looked up and the secret part."""
    return code[:_ID], code[_ID : _ID + _SECRET]


def spaced(code: str) -> str:
    """As it is shown: ``ABCD-EFGH-JKMN-PQRX``."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def qr_text(code: str, url: str, pin: str) -> str:
    """What the console shows for the kiosk's own reader; ``pin`` is the CA's SHA-256 in hex, or empty."""
    return f"ONETHING-ENROL:1:{code}:{url}:{pin or '-'}"


def _number_of(text: str) -> int:
    value = 0
    for sign in text:
        value = value * 32 + CROCKFORD.index(sign)
    return value
