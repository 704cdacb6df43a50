"""The fonts a slip is drawn with, found in one place; together they know nearly every Chinese character."""

import struct
import subprocess
import sys
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import ImageFont

# (family, where Debian puts it, its place in the collection), the first that knows a character draws it
_NOTO = "Noto Sans Mono CJK SC"
_CANDIDATES = (
    (_NOTO, "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 7),
    ("HanaMinB", "/usr/share/fonts/truetype/hanazono/HanaMinB.ttf", 0),
    ("BabelStone Han", "/usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf", 0),
)


class NoFonts(RuntimeError):
    """None of the fonts is installed: fonts-noto-cjk, fonts-hanazono, fonts-babelstone-han."""

    reason = "no_fonts"


@dataclass(frozen=True)
class FontFile:
    """One font of a file."""

    path: str
    index: int

    def has(self, char: str) -> bool:
        """Whether the font can draw the character."""
        starts, ends = _ranges(self)
        place = bisect_right(starts, ord(char)) - 1
        return place >= 0 and ord(char) <= ends[place]

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        """The font at so many dots."""
        return _sized(self, size)


@cache
def list_fonts() -> tuple[FontFile, ...]:
    """The installed fonts, best first. NoFonts when there is none."""
    found = tuple(font for candidate in _CANDIDATES if (font := _find(*candidate)))
    if not found:
        raise NoFonts(NoFonts.__doc__)
    return found


def find_font(char: str) -> FontFile | None:
    """The first font that can draw the character."""
    return next((font for font in list_fonts() if font.has(char)), None)


def _find(family: str, path: str, index: int) -> FontFile | None:
    if Path(path).exists():
        return FontFile(path, index)
    try:
        asked = ["fc-match", "-f", "%{file}|%{index}|%{family}", family]
        answer = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    file, number, matched = [*answer.split("|"), "", ""][:3]
    return FontFile(file, int(number or 0)) if family in matched else None


@cache
def _ranges(font: FontFile) -> tuple[list[int], list[int]]:
    """The first and last code points of each run that the font maps, in order.

    Read from the `cmap` table itself, format 12 (ISO/IEC 14496-22, 5.2.1.3.7): taking the whole table apart
    for a hundred thousand characters costs half a second of the first slip.
    """
    with TTFont(font.path, fontNumber=font.index, lazy=True) as opened:
        table: bytes = opened.reader["cmap"]
        groups = _find_groups(table)
        if groups is None:
            known = sorted(opened.getBestCmap())
            return known, known
    numbers = array("I", groups)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers[0::3].tolist(), numbers[1::3].tolist()


def _find_groups(table: bytes) -> bytes | None:
    """The groups (first, last, glyph) of the subtable for all of Unicode; None when there is none."""
    (count,) = struct.unpack_from(">H", table, 2)
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", table, 4 + 8 * number)
        (kind,) = struct.unpack_from(">H", table, offset)
        if (platform, encoding, kind) == (3, 10, 12):
            (length,) = struct.unpack_from(">I", table, offset + 12)
            return table[offset + 16 : offset + 16 + 12 * length]
    return None


@cache
def _sized(font: FontFile, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font.path, size, index=font.index)
