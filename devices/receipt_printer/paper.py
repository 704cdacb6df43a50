"""The simulated printer's paper: instructions in, lines of text and dots out."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError

from devices.receipt_printer.instructions import Instruction
from devices.receipt_printer.picture import draw_char

_PITCH = 30
_MARGIN = 24
# known, and without effect on what is drawn here: spacing, fonts, underline, margins, code pages, questions
_WITHOUT_INK = frozenset(
    ("00", "0d", "1b20", "1b2d", "1b32", "1b4d", "1b53", "1b56", "1b74", "1b7b")
    + ("1c2d", "1c53", "1d42", "1d49", "1d4c", "1d57", "1d72", "1d2848")
)
# what a command with arguments that mean nothing comes to
_MEANINGLESS = (IndexError, KeyError, ValueError, DataOverflowError)
_LEVELS = {48: ERROR_CORRECT_L, 49: ERROR_CORRECT_M, 50: ERROR_CORRECT_Q, 51: ERROR_CORRECT_H}


@dataclass
class PrintedSlip:
    """One piece of paper: what can be read on it, and its dots from top to bottom."""

    number: int
    lines: list[str] = field(default_factory=list)
    qr: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    pictures: int = 0
    is_cut: bool = False
    is_completed: bool = False
    strips: list[Image.Image] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        """Whether nothing has been put on it yet."""
        return not self.strips

    def to_json(self) -> dict[str, object]:
        """Everything but the dots."""
        return {
            "number": self.number,
            "lines": self.lines,
            "qr": self.qr,
            "pictures": self.pictures,
            "unknown": self.unknown,
            "cut": self.is_cut,
            "completed": self.is_completed,
        }

    def to_png(self, width: int) -> bytes:
        """The paper as it would lie in one's hand, 203 dots an inch."""
        height = sum(strip.height for strip in self.strips) + 2 * _MARGIN
        sheet = Image.new("L", (width + 2 * _MARGIN, height), 255)
        y = _MARGIN
        for strip in self.strips:
            sheet.paste(strip, (_MARGIN, y))
            y += strip.height
        held = io.BytesIO()
        sheet.save(held, "PNG", optimize=True)
        return held.getvalue()


@dataclass
class _Style:
    align: int = 0
    is_bold: bool = False
    wide: int = 1
    high: int = 1
    pitch: int = _PITCH


@dataclass(frozen=True)
class _Cell:
    char: str
    dots: int
    style: _Style


class Paper:
    """What the instructions leave on the paper; `dots` is the printable width."""

    def __init__(self, dots: int) -> None:
        self.dots = dots
        self.slips: list[PrintedSlip] = []
        self.is_chinese = False
        self.wants_status_back = False
        self._slip = PrintedSlip(1)
        self._style = _Style()
        self._row: list[_Cell] = []
        self._code_size = 3
        self._code_level = ERROR_CORRECT_L
        self._code_data = ""
        self._acts: dict[str, Callable[[bytes], None]] = {
            "0a": lambda _: self._end_line(),
            "1b40": lambda _: self._initialise(),
            "1b61": self._align,
            "1b45": self._embolden,
            "1b24": self._move_to,
            "1b5c": self._move_by,
            "1b64": self._feed_lines,
            "1d21": self._resize,
            "1d61": self._status_back,
            "1d56": lambda _: self._cut(),
            "1d7630": self._raster,
            "1d286b": self._code,
            "1c26": lambda _: self._set_chinese(True),
            "1c2e": lambda _: self._set_chinese(False),
            "text": self._type,
        }

    def apply(self, instruction: Instruction) -> None:
        """Do what one instruction says; what the paper does not know is noted on the slip."""
        act = self._acts.get(instruction.name)
        try:
            if act:
                act(instruction.arguments)
        except _MEANINGLESS:
            act = None
        if act is None and instruction.name not in _WITHOUT_INK:
            self._slip.unknown.append(instruction.name + ":" + instruction.arguments.hex())

    def complete(self) -> None:
        """The marker after the last line has been answered."""
        if self.slips and self._slip.is_blank:
            self.slips[-1].is_completed = True

    def tear_off(self) -> None:
        """Keep what has been begun and never cut, as the next person would find it."""
        self._row.clear()
        if not self._slip.is_blank:
            self._keep()

    def list_slips(self) -> list[PrintedSlip]:
        """All slips, the one being printed last."""
        return self.slips if self._slip.is_blank else [*self.slips, self._slip]

    def clear(self) -> None:
        """Throw all slips away and begin to count anew."""
        self.slips.clear()
        self._slip = PrintedSlip(1)

    def _keep(self) -> None:
        self.slips.append(self._slip)
        self._slip = PrintedSlip(len(self.slips) + 1)

    def _initialise(self) -> None:
        self.tear_off()
        self._style = _Style()
        self.is_chinese = False

    def _set_chinese(self, is_chinese: bool) -> None:
        self.is_chinese = is_chinese

    def _status_back(self, arguments: bytes) -> None:
        self.wants_status_back = arguments != b"\0"

    def _align(self, arguments: bytes) -> None:
        self._style = _Style(arguments[0] % 48, *self._look())

    def _embolden(self, arguments: bytes) -> None:
        _, wide, high, pitch = self._look()
        self._style = _Style(self._style.align, bool(arguments[0] & 1), wide, high, pitch)

    def _resize(self, arguments: bytes) -> None:
        bold, _, _, pitch = self._look()
        size = arguments[0]
        self._style = _Style(self._style.align, bold, (size >> 4 & 7) + 1, (size & 7) + 1, pitch)

    def _look(self) -> tuple[bool, int, int, int]:
        return self._style.is_bold, self._style.wide, self._style.high, self._style.pitch

    def _type(self, raw: bytes) -> None:
        try:
            char = raw.decode("gb18030")
        except UnicodeDecodeError:
            self._slip.unknown.append("text:" + raw.hex())
            char = "?"
        dots = (12 if len(raw) == 1 else 24) * self._style.wide
        if sum(cell.dots for cell in self._row) + dots > self.dots:
            self._end_line()
        self._row.append(_Cell(char, dots, self._style))

    def _end_line(self) -> None:
        free = self.dots - sum(cell.dots for cell in self._row)
        indent = {0: 0, 1: free // 2, 2: free}.get(self._style.align, 0)
        high = max((cell.style.high for cell in self._row), default=1)
        strip = Image.new("L", (self.dots, self._style.pitch + 24 * (high - 1)), 255)
        x = indent
        for cell in self._row:
            draw_char(strip, x, 0, cell.char, scale=min(cell.style.wide, high), bold=cell.style.is_bold)
            x += cell.dots
        self._slip.lines.append(" " * (indent // 12) + "".join(cell.char for cell in self._row).rstrip())
        self._slip.strips.append(strip)
        self._row.clear()

    def _move_to(self, arguments: bytes) -> None:
        """ESC $: an absolute place on the line; what lies behind it cannot be taken back here."""
        self._skip(int.from_bytes(arguments, "little") - sum(cell.dots for cell in self._row))

    def _move_by(self, arguments: bytes) -> None:
        """ESC \\: so many dots on, or back."""
        self._skip(int.from_bytes(arguments, "little", signed=True))

    def _skip(self, dots: int) -> None:
        if dots > 0:
            self._row.append(_Cell(" ", dots, self._style))

    def _feed_lines(self, arguments: bytes) -> None:
        for _ in range(arguments[0]):
            self._end_line()

    def _cut(self) -> None:
        if self._row:
            self._end_line()
        self._slip.is_cut = True
        self._keep()

    def _raster(self, arguments: bytes) -> None:
        row, rows = int.from_bytes(arguments[:2], "little"), int.from_bytes(arguments[2:4], "little")
        ink = bytes(byte ^ 0xFF for byte in arguments[4:])
        picture = Image.frombytes("1", (row * 8, rows), ink).convert("L")
        strip = Image.new("L", (self.dots, rows), 255)
        strip.paste(picture, (0, 0))
        self._slip.strips.append(strip)
        self._slip.pictures += 1
        self._slip.lines.append(f"[picture {row * 8}x{rows}]")

    def _code(self, arguments: bytes) -> None:
        function, values = arguments[1], arguments[2:]
        if function == 67:
            self._code_size = values[0]
        elif function == 69:
            self._code_level = _LEVELS[values[0]]
        elif function == 80:
            self._code_data = values[1:].decode("latin-1")
        elif function == 81:
            self._draw_code()

    def _draw_code(self) -> None:
        maker = qrcode.QRCode(error_correction=self._code_level, box_size=self._code_size, border=4)
        maker.add_data(self._code_data)
        drawn = maker.make_image().get_image().convert("L")
        strip = Image.new("L", (self.dots, drawn.height), 255)
        free = self.dots - drawn.width
        strip.paste(drawn, ({0: 0, 1: free // 2, 2: free}[self._style.align], 0))
        self._slip.strips.append(strip)
        self._slip.qr.append(self._code_data)
        self._slip.lines.append(f"[qr {self._code_data}]")
