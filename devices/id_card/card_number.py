"""The check digit of citizen identity numbers, GB 11643-1999 (ISO 7064 MOD 11-2)."""

import re

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_NUMBER = re.compile(r"[0-9]{17}[0-9X]")


def check_digit(first_17: str) -> str:
    """The 18th character for 17 digits. ValueError when they are not 17 ASCII digits."""
    if not re.fullmatch(r"[0-9]{17}", first_17):
        raise ValueError("17 digits are needed")
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_17, strict=True))
    return _CHECK_DIGITS[total % 11]


def is_valid_number(number: str) -> bool:
    """Whether 18 characters carry the right check digit; division and date are not judged."""
    return bool(_NUMBER.fullmatch(number)) and check_digit(number[:17]) == number[17]
