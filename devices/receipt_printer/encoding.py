"""ESC/POS bytes for a laid-out slip, in GB18030 with pictures for what two bytes cannot say.

Nothing a person wrote can become a command: text is cleaned to bytes 20 and above, a QR is printable
ASCII, and pictures are searched for the three sequences a printer obeys even inside data.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

from devices.receipt_printer.layout import DOTS_PER_COLUMN, LaidOut, Line
from devices.receipt_printer.picture import draw_line
from devices.receipt_printer.slip import Cut, Feed, Qr

QrMode = Literal["native", "picture"]

INITIALISE = b"\x1b@"
CHINESE_ON = b"\x1c&"
STATUS_BACK_ON = b"\x1da\xff"
STATUS_BACK_OFF = b"\x1da\x00"
CUT = b"\x1dVB\x00"
_ALIGN = {"left": b"\x1ba\x00", "center": b"\x1ba\x01", "right": b"\x1ba\x02"}
_REAL_TIME = (b"\x10\x04", b"\x10\x05", b"\x10\x14")
_BAND_ROWS = 128


def encode_slip(laid_out: Iterable[LaidOut], columns: int, qr_mode: QrMode = "native") -> bytes:
    """The slip's bytes, from initialising to the last feed; without any marker of completion."""
    parts = [INITIALISE, STATUS_BACK_ON, CHINESE_ON]
    for each in laid_out:
        parts += _encode_one(each, columns, qr_mode)
    return b"".join(parts)


def is_in_rom(char: str) -> bool:
    """Whether every Chinese printer has the character: ASCII, or two bytes that GBK and GB18030 agree on."""
    if " " <= char <= "~":
        return True
    try:
        raw = char.encode("gbk")
    except UnicodeEncodeError:
        return False
    return len(raw) == 2 and raw == char.encode("gb18030")


def _encode_one(each: LaidOut, columns: int, qr_mode: QrMode) -> Iterator[bytes]:
    match each:
        case Line():
            yield from _encode_line(each, columns)
        case Qr():
            yield _ALIGN["center"]
            yield from _native_qr(each) if qr_mode == "native" else _picture(_qr_picture(each, columns))
            yield _ALIGN["left"]
        case Feed(lines):
            yield b"\x1bd" + bytes([min(max(lines, 0), 255)])
        case Cut():
            yield CUT


def _encode_line(line: Line, columns: int) -> Iterator[bytes]:
    if not all(map(is_in_rom, line.text)):
        yield from _picture(draw_line(line, columns))
        return
    yield _ALIGN[line.align]
    yield b"\x1bE" + bytes([line.bold])
    yield b"\x1d!" + bytes([0x11 if line.double else 0])
    yield line.text.encode("gb18030") + b"\n"


def _native_qr(code: Qr) -> Iterator[bytes]:
    raw = code.data.encode("ascii")
    yield b"\x1d(k\x04\x001A2\x00"
    yield b"\x1d(k\x03\x001C" + bytes([code.module_dots])
    yield b"\x1d(k\x03\x001E1"
    yield b"\x1d(k" + (len(raw) + 3).to_bytes(2, "little") + b"1P0" + raw
    yield b"\x1d(k\x03\x001Q0"


def _qr_picture(code: Qr, columns: int) -> Image.Image:
    maker = qrcode.QRCode(error_correction=ERROR_CORRECT_M, box_size=code.module_dots, border=4)
    maker.add_data(code.data)
    drawn = maker.make_image().get_image().convert("1")
    paper = Image.new("1", (columns * DOTS_PER_COLUMN, drawn.height), 255)
    paper.paste(drawn, ((paper.width - drawn.width) // 2, 0))
    return paper


def _picture(picture: Image.Image) -> Iterator[bytes]:
    """GS v 0 in bands: small printers have small buffers."""
    row = picture.width // 8
    ink = bytes(byte ^ 0xFF for byte in picture.tobytes())
    for start in range(0, len(ink), row * _BAND_ROWS):
        band = without_real_time_commands(ink[start : start + row * _BAND_ROWS])
        size = row.to_bytes(2, "little") + (len(band) // row).to_bytes(2, "little")
        yield b"\x1dv0\x00" + size + band


def without_real_time_commands(ink: bytes) -> bytes:
    """The same dots, less one wherever three of them would be read as a real-time command."""
    for command in _REAL_TIME:
        ink = ink.replace(command, b"\x00" + command[1:])
    return ink
