"""Charts of the bulletin as plain SVG, in one style: bars that lie, numbers beside them, no grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from .flow_drawing import text_width

FAMILY: Final = "Noto Sans CJK SC"
INK: Final = "#1b2733"
SOFT: Final = "#5d6b79"
TRACK: Final = "#eef1f5"
BLUE: Final = "#0b4f9e"
GREEN: Final = "#2f8f5b"
TEAL: Final = "#7fc3a0"
AMBER: Final = "#e0a030"
RED: Final = "#b3261e"
GREY: Final = "#a9b4bf"
WIDTH: Final = 640.0
ROW: Final = 27.0
BAR: Final = 15.0
SIZE: Final = 13.0
GAP: Final = 12.0
NARROWEST_NUMBER: Final = 22.0  # a stretch of a bar narrower than this says no number


@dataclass(frozen=True)
class Piece:
    """One stretch of a bar: how long, in which colour; its name is in the legend."""

    name: str
    amount: float
    colour: str


@dataclass(frozen=True)
class Bar:
    """One line: its name, the stretches side by side, and what is said after them."""

    name: str
    pieces: tuple[Piece, ...]
    said: str = ""


def draw_shares(bars: Sequence[Bar], *, description: str) -> str:
    """Bars of equal length, each parted by its stretches' shares. Returns SVG."""
    return _draw(bars, description, scale=None)


def draw_amounts(bars: Sequence[Bar], *, description: str) -> str:
    """Bars as long as their amounts, the longest as long as the room. Returns SVG."""
    longest = max((sum(piece.amount for piece in bar.pieces) for bar in bars), default=0.0)
    return _draw(bars, description, scale=longest or 1.0)


def draw_spans(
    bars: Sequence[tuple[str, float, float, str]], *, description: str, legend: tuple[str, str]
) -> str:
    """For (name, usual, most, said): a bar to the usual and a thin line on to the most. Returns SVG."""
    longest = max((most for _name, _usual, most, _said in bars), default=0.0) or 1.0
    left, room = _columns([(name, said) for name, _usual, _most, said in bars])
    parts = _legend([(legend[0], BLUE), (legend[1], GREY)], left)
    for number, (name, usual, most, said) in enumerate(bars):
        middle = _middle(number)
        parts.append(_words(left - GAP, middle, name, INK, "end"))
        parts.append(_box(left, middle - 1.5, room * most / longest, 3, GREY))
        parts.append(_box(left + room * most / longest - 1.5, middle - 5, 3, 10, GREY))
        parts.append(_box(left, middle - BAR / 2, max(room * usual / longest, 2), BAR, BLUE))
        parts.append(_words(left + room + GAP, middle, said, SOFT, "start"))
    return _svg(parts, len(bars) + 1, description)


def _draw(bars: Sequence[Bar], description: str, scale: float | None) -> str:
    left, room = _columns([(bar.name, bar.said) for bar in bars])
    names = dict.fromkeys((piece.name, piece.colour) for bar in bars for piece in bar.pieces if piece.name)
    parts = _legend(list(names), left)
    for number, bar in enumerate(bars):
        middle = _middle(number, legend=bool(names))
        parts.append(_words(left - GAP, middle, bar.name, INK, "end"))
        parts.append(_box(left, middle - BAR / 2, room, BAR, TRACK))
        whole = scale if scale is not None else sum(piece.amount for piece in bar.pieces)
        at = left
        for piece in bar.pieces:
            wide = room * piece.amount / whole if whole else 0.0
            if wide <= 0:
                continue
            parts.append(_box(at, middle - BAR / 2, wide, BAR, piece.colour))
            said = f"{piece.amount:g}"
            if len(bar.pieces) > 1 and wide >= max(NARROWEST_NUMBER, text_width(said, SIZE - 2) + 6):
                parts.append(_words(at + wide / 2, middle, said, "#ffffff", "middle", SIZE - 2))
            at += wide
        parts.append(_words(left + room + GAP, middle, bar.said, SOFT, "start"))
    return _svg(parts, len(bars) + bool(names), description)


def _columns(said: Sequence[tuple[str, str]]) -> tuple[float, float]:
    """Where bars begin, and how much room there is for them."""
    left = max((_drawn_width(name) for name, _ in said), default=0.0) + GAP
    right = max((_drawn_width(after) for _, after in said), default=0.0) + GAP
    return left, max(WIDTH - left - right, WIDTH / 4)


def _drawn_width(text: str) -> float:
    """A Chinese font draws curly quotes, and every font the percent sign, wider than other Latin."""
    return text_width(text, SIZE) + sum(SIZE / 2 for character in text if character in "“”‘’%")


def _middle(number: int, *, legend: bool = True) -> float:
    return ROW * (number + legend) + ROW / 2


def _legend(names: Sequence[tuple[str, str]], left: float) -> list[str]:
    parts, at = [], left
    for name, colour in names:
        parts.append(_box(at, 6, 10, 10, colour))
        parts.append(_words(at + 15, 11, name, SOFT, "start", SIZE - 1))
        at += 15 + text_width(name, SIZE - 1) + 18
    return parts


def _box(left: float, top: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>'


def _words(x: float, middle: float, text: str, colour: str, anchor: str, size: float = SIZE) -> str:
    return (
        f'<text x="{x:.1f}" y="{middle + size * 0.36:.1f}" font-size="{size:g}" fill="{colour}" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )


def _svg(parts: Sequence[str], rows: int, description: str) -> str:
    height = ROW * rows + 6
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" '
        f'width="{WIDTH:g}" height="{height:g}" role="img" font-family="{FAMILY}">'
        f"<desc>{escape(description)}</desc>{''.join(parts)}</svg>"
    )
