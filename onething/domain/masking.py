"""How names and numbers are shortened where others may read them.

A slip and a queue screen show least; a screen in front of the person or of staff shows enough to tell two
people apart. Every function returns a text of the same length, so that a mask never runs into a neighbour.
"""

from collections.abc import Callable
from typing import Final

Mask = Callable[[str], str]
STAR: Final = "*"


def mask_name(name: str) -> str:
    """王小明 becomes 王*明, 张三 becomes 张*; of a name in Latin letters each word keeps its first letter."""
    if name.isascii():
        return " ".join(_keep(word, first=1, last=0) for word in name.split(" "))
    return _keep(name, first=1, last=1 if len(name) > 2 else 0)


def mask_id_number_on_slip(number: str) -> str:
    """Return an identity number for receipts and queues: 4****************X."""
    return _keep(number, first=1, last=1)


def mask_id_number(number: str) -> str:
    """Return an identity number (GB 11643, 18 characters) for screens: 411523********002X.

    A number of another kind, always shorter, keeps two characters at each end.
    """
    if len(number) < 15:
        return _keep(number, first=2, last=2)
    return _keep(number, first=6, last=4)


def mask_mobile(number: str) -> str:
    """Return a telephone number as 138****1234."""
    return _keep(number, first=3, last=4)


def mask_bank_card(number: str) -> str:
    """Return a bank card number with only its last four digits."""
    return _keep(number, first=0, last=4)


def _keep(text: str, *, first: int, last: int) -> str:
    """Show `first` and `last` characters; of a text too short to hide a third of it, only the first."""
    if not text:
        return ""
    if 3 * (len(text) - first - last) < len(text):
        first, last = (1, 0) if len(text) > 1 else (0, 0)
    hidden = len(text) - first - last
    return text[:first] + STAR * hidden + text[len(text) - last :]
