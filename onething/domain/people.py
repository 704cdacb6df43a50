"""Numbers that name people and enterprises: GB 11643 citizen numbers, GB 32100 credit codes, mobiles."""

from __future__ import annotations

import re
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_USCC = re.compile(rf"[{_USCC_LETTERS}]{{18}}")
_CITIZEN = re.compile(r"[1-9]\d{16}[\dX]")
_MOBILE = re.compile(r"1[3-9]\d{9}")


def citizen_check_character(first_17: str) -> str:
    """The check character of a citizen number's first 17 digits (GB 11643-1999, MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True))
    return _CHECK[total % 11]


def find_citizen_number(text: str) -> str | None:
    """The number in its normal form, or None when it is not one.

    The division is not looked up: people keep the code of the place of first issue, and residence
    permits carry 81 to 83. A birth date must be a real day.
    """
    number = re.sub(r"[\s-]", "", text).upper()
    if not _CITIZEN.fullmatch(number) or citizen_check_character(number[:17]) != number[17]:
        return None
    return number if birth_date_of(number) else None


def birth_date_of(number: str) -> date | None:
    """The birth date inside a citizen number; None for a foreign card's number (first digit 9)."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex_of(number: str) -> str:
    """The sex code (GB/T 2261.1) in a citizen number: ``1`` male, ``2`` female."""
    return "1" if int(number[16]) % 2 else "2"


def find_credit_code(text: str) -> str | None:
    """A unified social credit code (GB 32100-2015) in its normal form, or None."""
    code = re.sub(r"[\s-]", "", text).upper()
    if not _USCC.fullmatch(code):
        return None
    return code if credit_code_check_character(code[:17]) == code[17] else None


def credit_code_check_character(first_17: str) -> str:
    """The check character of a credit code's first 17 characters (GB 32100-2015, modulo 31)."""
    pairs = zip(first_17, _USCC_WEIGHTS, strict=True)
    total = sum(_USCC_LETTERS.index(char) * weight for char, weight in pairs)
    return _USCC_LETTERS[(31 - total % 31) % 31]


def find_mobile(text: str) -> str | None:
    """A mainland mobile number in its normal form, or None."""
    number = re.sub(r"[\s-]", "", text).removeprefix("+86")
    return number if _MOBILE.fullmatch(number) else None


def passes_luhn(number: str) -> bool:
    """Whether a bank card number passes its check digit (ISO/IEC 7812)."""
    if not re.fullmatch(r"\d{12,19}", number):
        return False
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
