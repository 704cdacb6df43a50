"""Numbers with valid check characters that belong to nobody.

Citizen numbers and credit codes use division 411599, a county code that does not exist in Xinyang,
so that no number made here can be anyone's.
"""

from __future__ import annotations

from datetime import date

DIVISION = "411599"

_CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CITIZEN_CHECKS = "10X98765432"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_MOD_37_36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def make_citizen_number(born_on: date, sequence: int) -> str:
    """An 18-character number by GB 11643-1999; an odd ``sequence`` is a man's, an even one a woman's."""
    if not 0 <= sequence <= 999:
        raise ValueError(f"sequence {sequence} is not within 0 to 999")
    body = f"{DIVISION}{born_on:%Y%m%d}{sequence:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _CITIZEN_WEIGHTS, strict=True))
    return body + _CITIZEN_CHECKS[total % 11]


def make_uscc(prefix: str, sequence: int) -> str:
    """An 18-character unified social credit code by GB 32100-2015.

    ``prefix`` is the two characters for the registering department and the kind, e.g. ``92``.
    """
    body = f"{prefix}{DIVISION}{sequence:09d}"
    total = sum(
        _USCC_ALPHABET.index(character) * weight
        for character, weight in zip(body, _USCC_WEIGHTS, strict=True)
    )
    return body + _USCC_ALPHABET[(31 - total % 31) % 31]


def make_licence_identifier(type_code: str, issuer: str, serial: str, version: int = 1) -> str:
    """An e-licence identifier by GB/T 36904, check character by ISO 7064 MOD 37,36."""
    parts = (type_code, issuer, serial, f"{version:03d}")
    check = _check_mod_37_36("".join(parts))
    return ".".join(("1.2.156.3005.2", *parts, check))


def _check_mod_37_36(text: str) -> str:
    """The ISO 7064 MOD 37,36 check character over digits and capital letters."""
    remainder = 36
    for character in text:
        total = (remainder + _MOD_37_36.index(character)) % 36 or 36
        remainder = total * 2 % 37
    return _MOD_37_36[(37 - remainder) % 36]
