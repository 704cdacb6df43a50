"""Draws shapes, lines and words as plain SVG: no script, no style from outside, letters that can be read."""

from typing import Final
from xml.sax.saxutils import escape, quoteattr

from .flow_layout import Line, Point, Rectangle

FAMILY: Final = "'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
SIZE: Final = 23.0  # 26 on a kiosk, whose screen is wider than three steps
MARGIN: Final = 14.0
LINE_HEIGHT: Final = 30.0
LATIN_WIDTH: Final = 0.56  # of a full-width character
FIRST_WIDE: Final = 0x2E80
CLOSING: Final = "，。、；：）”》？！"
OPENING: Final = ("（", "“", "《")
INK: Final = "#16324f"
SOFT: Final = "#4d6075"
LINE: Final = "#5f7488"

# fill, border, letters
Colours = tuple[str, str, str]
START: Final[Colours] = ("#0b57a8", "#0b57a8", "#ffffff")
STEP: Final[Colours] = ("#eef4fc", "#0b57a8", INK)
CHECK: Final[Colours] = ("#fff6e0", "#b97a15", "#5e3d05")
STOP: Final[Colours] = ("#fdecea", "#b3412e", "#6d1f12")
END: Final[Colours] = ("#e3f4ea", "#1d7a4c", "#0e4a2d")


def text_width(text: str, size: float = SIZE) -> float:
    """Return about how wide a text is."""
    return sum(1.0 if _is_wide(character) else LATIN_WIDTH for character in text) * size


def wrap(text: str, width: float, size: float = SIZE) -> list[str]:
    """Return the text in as few lines of at most `width` as it needs, all about as long.

    Chinese breaks between characters, Latin between words; no line ends with an opening or begins with a
    closing mark. A remark in brackets that fits a line has it to itself.
    """
    head, bracket, tail = text.partition("（") if "（" in text else text.partition(" (")
    if head and text_width(text, size) > width >= max(text_width(head, size), text_width(tail, size) + size):
        return [head, (bracket + tail).strip()]
    lines = _fill(text, width, size)
    while len(lines) > 1 and width > size:
        width -= size / 2
        narrower = _fill(text, width, size)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def _fill(text: str, width: float, size: float) -> list[str]:
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and text_width(lines[-1] + piece.rstrip(), size) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for character in text:
        if pieces and not _may_break(pieces[-1], character):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _may_break(before: str, following: str) -> bool:
    if following in CLOSING or before.rstrip().endswith(OPENING):
        return False
    if before.endswith(" "):
        return True
    return following != " " and (_is_wide(before[-1]) or _is_wide(following))


def _is_wide(character: str) -> bool:
    return ord(character) >= FIRST_WIDE


class Drawing:
    """An SVG picture that grows shape by shape."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def box(
        self, middle: Point, size: Point, colours: Colours, *, dashed: bool = False, radius: float = 12
    ) -> None:
        """Draw a rectangle with round corners around `middle`."""
        left, top = middle[0] - size[0] / 2, middle[1] - size[1] / 2
        dash = ' stroke-dasharray="7 5"' if dashed else ""
        self._parts.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{size[0]:.1f}" height="{size[1]:.1f}" '
            f'rx="{radius:g}" fill="{colours[0]}" stroke="{colours[1]}" stroke-width="2"{dash}/>'
        )

    def diamond(self, middle: Point, size: Point, colours: Colours) -> None:
        """Draw a question's shape around `middle`."""
        (x, y), (w, h) = middle, (size[0] / 2, size[1] / 2)
        corners = f"{x - w:.1f},{y:.1f} {x:.1f},{y - h:.1f} {x + w:.1f},{y:.1f} {x:.1f},{y + h:.1f}"
        self._parts.append(
            f'<polygon points="{corners}" fill="{colours[0]}" stroke="{colours[1]}" stroke-width="2" '
            'stroke-linejoin="round"/>'
        )

    def frame(self, edges: Rectangle) -> None:
        """Draw the dashed frame around what runs side by side."""
        left, top, right, bottom = edges
        self._parts.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}" '
            f'rx="18" fill="#fafcff" stroke="#9db3c8" stroke-width="2" stroke-dasharray="9 7"/>'
        )

    def words(
        self,
        middle: Point,
        lines: list[tuple[str, str]],
        *,
        bold: int = 0,
        halo: bool = False,
    ) -> None:
        """Write (text, colour) lines centred around `middle`, the first `bold` of them bold."""
        first = middle[1] - (len(lines) - 1) * LINE_HEIGHT / 2 + SIZE * 0.36
        ring = ' stroke="#fff" stroke-width="6" paint-order="stroke" stroke-linejoin="round"' if halo else ""
        for number, (text, colour) in enumerate(lines):
            weight = ' font-weight="700"' if number < bold else ""
            self._parts.append(
                f'<text x="{middle[0]:.1f}" y="{first + number * LINE_HEIGHT:.1f}" font-size="{SIZE:g}" '
                f'fill="{colour}" text-anchor="middle"{weight}{ring}>{escape(text)}</text>'
            )

    def line(self, line: Line) -> None:
        """Draw a laid line with its arrow head."""
        start, *rest = line.points
        curve = f"M{start[0]:.1f},{start[1]:.1f}C" + " ".join(f"{x:.1f},{y:.1f}" for x, y in rest)
        self._arrow(curve + f"L{line.tip[0]:.1f},{line.tip[1]:.1f}", dashed=line.link.back)

    def straight(self, start: Point, end: Point) -> None:
        """Draw an arrow straight from `start` to `end`."""
        self._arrow(f"M{start[0]:.1f},{start[1]:.1f}L{end[0]:.1f},{end[1]:.1f}", dashed=False)

    def _arrow(self, path: str, *, dashed: bool) -> None:
        dash = ' stroke-dasharray="8 6"' if dashed else ""
        self._parts.append(
            f'<path d="{path}" fill="none" stroke="{LINE}" stroke-width="2.2"{dash} marker-end="url(#tip)"/>'
        )

    def to_svg(self, size: Point, *, title: str, description: str, language: str) -> str:
        """Return the picture; `title` and `description` are its text alternative."""
        width, height = size[0] + 2 * MARGIN, size[1] + 2 * MARGIN
        view = f"{-MARGIN:g} {-MARGIN:g} {width:.0f} {height:.0f}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" '
            f'width="{width:.0f}" height="{height:.0f}" role="img" lang={quoteattr(language)} '
            f'aria-labelledby="chart-title chart-description" font-family="{FAMILY}">'
            f'<title id="chart-title">{escape(title)}</title>'
            f'<desc id="chart-description">{escape(description)}</desc>'
            '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="6.5" '
            f'markerHeight="6.5" orient="auto"><path d="M0,0.8L10,5L0,9.2z" fill="{LINE}"/></marker></defs>'
            f'<rect x="{-MARGIN:g}" y="{-MARGIN:g}" width="{width:.0f}" height="{height:.0f}" fill="#fff"/>'
            f"{''.join(self._parts)}</svg>"
        )
