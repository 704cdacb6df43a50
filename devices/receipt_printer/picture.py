"""Lines drawn as pictures, for characters that the printer's own ROM does not have."""

from PIL import Image, ImageDraw

from devices.receipt_printer.fonts import find_font
from devices.receipt_printer.layout import DOTS_PER_COLUMN, Line, width_of

CELL = 24
LINE_GAP = 6
_BASELINE = 21
_INK = 110  # a thermal head knows black and white only; this keeps thin strokes


def draw_line(line: Line, columns: int) -> Image.Image:
    """The line as a 1-bit picture of the paper's width, 30 or 54 dots high with its gap, black on white."""
    scale = 2 if line.double else 1
    grey = Image.new("L", (columns * DOTS_PER_COLUMN, CELL * scale + LINE_GAP), 255)
    free = grey.width - width_of(line.text) * DOTS_PER_COLUMN * scale
    x = {"left": 0, "center": free // 2, "right": free}[line.align]
    for char in line.text:
        draw_char(grey, x, 0, char, scale=scale, bold=line.bold)
        x += width_of(char) * DOTS_PER_COLUMN * scale
    return grey.point([0 if level < 255 - _INK else 255 for level in range(256)]).convert("1")


def draw_char(paper: Image.Image, x: int, y: int, char: str, *, scale: int, bold: bool) -> None:
    """One character into its cell on a grey picture; one that no font knows shows its code, never a blank."""
    pen = ImageDraw.Draw(paper)
    font = find_font(char)
    cell = width_of(char) * DOTS_PER_COLUMN * scale
    if font is None:
        _draw_code(pen, x, y, char, cell)
        return
    sized = font.at(CELL * scale)
    left = x + (cell - sized.getlength(char)) / 2
    for shift in (0, 1) if bold else (0,):
        pen.text((left + shift, y + _BASELINE * scale), char, fill=0, font=sized, anchor="ls")


def _draw_code(pen: ImageDraw.ImageDraw, x: int, y: int, char: str, cell: int) -> None:
    pen.rectangle((x + 1, y + 1, x + cell - 2, y + cell - 2), outline=0)
    font = find_font("0")
    code = f"{ord(char):X}"
    half = (len(code) + 1) // 2
    for row, part in enumerate((code[:half], code[half:])):
        if font:
            sized = font.at(cell * 10 // 24)
            pen.text((x + 3, y + 2 + row * cell * 10 // 24), part, fill=0, font=sized, anchor="la")
