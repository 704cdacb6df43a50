"""Case numbers that people can read aloud: no vowels, no 0, O, 1 or I, and a check character."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

_LETTERS = "23456789BCDFGHJKLMNPQRSTVWXZ"
_ORDER = "01" + _LETTERS
_BODY = 6


def make_case_number(day: date, pick: Callable[[str], str]) -> str:
    """``XX-261123-89D-JV2Q``-like: the day, six drawn characters, one check character.

    ``pick`` draws one character from an alphabet (``secrets.choice``).
    """
    while True:
        plain = f"{day:%y%m%d}{''.join(pick(_LETTERS) for _ in range(_BODY))}"
        check = _check(plain)
        if check is not None:
            return _spaced(plain + check)


def find_case_number(text: str) -> str | None:
    """The number in its normal form, or None when a character was misread."""
    plain = re.sub(r"[\s-]", "", text).upper().removeprefix("XX")
    if not re.fullmatch(rf"\d{{6}}[{_LETTERS}]{{{_BODY + 1}}}", plain):
        return None
    return _spaced(plain) if _check(plain[:-1]) == plain[-1] else None


def _spaced(plain: str) -> str:
    return f"XX-{plain[:6]}-{plain[6:9]}-{plain[9:]}"


def _check(plain: str) -> str | None:
    """A weighted sum modulo the prime 29: one wrong character or two swapped ones always show.

    None for the one sum in 29 that no letter stands for; such a number is not given out.
    """
    value = 0
    for char in plain:
        value = (value * 7 + _ORDER.index(char)) % 29
    return _LETTERS[value] if value < len(_LETTERS) else None
