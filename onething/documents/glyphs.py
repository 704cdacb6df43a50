"""Finds characters no font can draw before they are printed: typst itself drops some of them silently."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from fontTools.ttLib import TTFont

from .fonts import SERIF_CHAIN, Font, get_font_file

# format, surrogate, private use, unassigned, control: drawn by no two fonts alike, or not at all
UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


class MissingGlyphs(Exception):
    """Characters that cannot be printed, in `characters`, once each and in order; `reason` is stable."""

    reason = "missing_glyphs"

    def __init__(self, characters: str) -> None:
        super().__init__(", ".join(f"U+{ord(character):04X}" for character in characters))
        self.characters = characters


@lru_cache(maxsize=8)
def drawn_by(font: Font) -> frozenset[int]:
    """Return the code points a font has a glyph for. Raises: FontsMissing."""
    with TTFont(str(get_font_file(font.file_name)), fontNumber=font.face, lazy=True) as opened:
        return frozenset(opened.getBestCmap())


@lru_cache(maxsize=4)
def drawn_by_chain(chain: tuple[Font, ...] = SERIF_CHAIN) -> frozenset[int]:
    """Return the code points any font of the chain has a glyph for."""
    return frozenset().union(*(drawn_by(font) for font in chain))


def find_missing(texts: Iterable[str], chain: tuple[Font, ...] = SERIF_CHAIN) -> str:
    """Return the characters of `texts` that cannot be printed, once each and in order; "" when all can.

    Control, format (bidirectional marks, joiners), private-use and unassigned characters count as missing
    whatever a font says.
    """
    drawn = drawn_by_chain(chain)
    seen = dict.fromkeys(character for text in texts for character in text)
    return "".join(c for c in seen if ord(c) not in drawn or unicodedata.category(c) in UNPRINTABLE)


def require_glyphs(texts: Iterable[str], chain: tuple[Font, ...] = SERIF_CHAIN) -> None:
    """Raise MissingGlyphs unless every character of `texts` can be printed."""
    missing = find_missing(texts, chain)
    if missing:
        raise MissingGlyphs(missing)


def name_missing(text: str, missing: str) -> str:
    """Return `text` with each character of `missing` written as its number, for example 〔U+323AF〕."""
    return "".join(f"〔U+{ord(c):04X}〕" if c in missing else c for c in text)
