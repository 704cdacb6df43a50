"""From a slip's elements to lines of a known width; Chinese characters take two columns."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from devices.receipt_printer.slip import Align, Cut, Element, Feed, Pair, Qr, Rule, Text

DOTS_PER_COLUMN = 12
_NEVER_FIRST = frozenset("，。、；：？！）》】」』”’…,.;:?!)]}%")
_COUNTED = frozenset("年月日时分个元天项份页号")
_DROPPED_CATEGORIES = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


@dataclass(frozen=True)
class Line:
    """One printed line, already cut to the width."""

    text: str
    bold: bool = False
    double: bool = False
    align: Align = "left"


LaidOut = Line | Qr | Feed | Cut


def clean(text: str) -> str:
    """Only what leaves ink: no control, direction, joining or variation marks, no private characters.

    Tabs and line ends become spaces, private characters and lone surrogates the replacement mark 〓.
    """
    return "".join(map(_clean_char, unicodedata.normalize("NFC", text)))


def _clean_char(char: str) -> str:
    if char in "\t\r\n\x0b\x0c\u2028\u2029\u00a0":
        return " "
    if char == "\u00a5":  # GB18030 spends four bytes on it, which many printers show as two digits
        return "\uffe5"
    if unicodedata.category(char) in ("Co", "Cs"):
        return "〓"
    is_variation = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return "" if is_variation or unicodedata.category(char) in _DROPPED_CATEGORIES else char


def width_of(text: str) -> int:
    """Columns a text takes: one for ASCII, two for all else, as in the printer's own character ROM."""
    return sum(1 if char <= "~" else 2 for char in text)


def wrap(text: str, columns: int) -> list[str]:
    """Cut a text into lines of at most so many columns; words stay whole, no line begins with a comma."""
    lines: list[str] = []
    rest = clean(text).rstrip()
    while rest:
        cut = _cut_at(rest, columns)
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip(" ")
    return lines or [""]


def _cut_at(text: str, columns: int) -> int:
    fits, used = 0, 0
    for char in text:
        used += width_of(char)
        if used > columns:
            break
        fits += 1
    if fits == len(text):
        return fits
    fits = max(fits, 1)
    at = fits
    while at > fits - 12 and at > 1 and not _can_break(text, at):
        at -= 1
    return at if at > 1 and _can_break(text, at) else fits


def _can_break(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if after in _NEVER_FIRST or (before.isdigit() and after in _COUNTED):
        return False
    return before == " " or after == " " or before > "~" or after > "~"


def lay_out(slip: Sequence[Element], columns: int) -> list[LaidOut]:
    """The slip as lines for paper so many columns wide (48 on 80 mm, 32 on 58 mm)."""
    return [laid for element in slip for laid in _lay_out_one(element, columns)]


def _lay_out_one(element: Element, columns: int) -> Iterator[LaidOut]:
    match element:
        case Text(text, bold, double, align):
            width = columns // 2 if double else columns
            yield from (Line(line, bold, double, align) for line in wrap(text, width))
        case Pair(left, right, bold):
            yield from (Line(line, bold, False, align) for line, align in _pair(left, right, columns))
        case Rule():
            yield Line("-" * columns)
        case _:
            yield element


def _pair(left: str, right: str, columns: int) -> Iterator[tuple[str, Align]]:
    left, right = clean(left).rstrip(), clean(right).strip()  # a left indent is meant
    gap = columns - width_of(left) - width_of(right)
    if gap >= 1:
        yield left + " " * gap + right, "left"
        return
    yield from ((line, "left") for line in wrap(left, columns))
    yield from ((line, "right") for line in wrap(right, columns))
