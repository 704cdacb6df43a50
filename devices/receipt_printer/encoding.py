"""ESC/POS bytes for a laid-out slip, in GB18030 with pictures for what two bytes cannot say.

Nothing a person wrote can become a command: text is cleaned to bytes 20 and above, a QR is printable
ASCII, and pictures are searched for the three sequences a printer obeys even inside data.
"""

from collections.abc import Iterable, Iterator

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

from devices.receipt_printer.layout import DOTS_PER_COLUMN, LaidOut, Line
from devices.receipt_printer.picture import draw_line
from devices.receipt_printer.profile import Characters, Cutter, Profile
from devices.receipt_printer.slip import Cut, Feed, Qr

INITIALISE = b"\x1b@"
CHINESE_ON = b"\x1c&"
STATUS_BACK_ON = b"\x1da\xff"
STATUS_BACK_OFF = b"\x1da\x00"
_CUTS: dict[Cutter, bytes] = {
    "partial": b"\x1dVB\x00",
    "full": b"\x1dVA\x00",
    "none": b"\x1bd\x04",  # far enough to be torn off below the last line
}
_ALIGN = {"left": b"\x1ba\x00", "center": b"\x1ba\x01", "right": b"\x1ba\x02"}
_REAL_TIME = (b"\x10\x04", b"\x10\x05", b"\x10\x14")
_BAND_ROWS = 128


def encode_slip(laid_out: Iterable[LaidOut], profile: Profile) -> bytes:
    """The slip's bytes, from initialising to the last feed; without any marker of completion."""
    parts = [INITIALISE, STATUS_BACK_ON, CHINESE_ON]
    for each in laid_out:
        parts += _encode_one(each, profile)
    return b"".join(parts)


def is_in_rom(char: str, characters: Characters = "gbk") -> bool:
    """Whether the printer's ROM has the character: ASCII, or two bytes that GBK and GB18030 agree on.

    A "gb18030" ROM also has CJK extension A (U+3400 to U+4DB5), which GB 18030 says in four bytes.
    """
    if " " <= char <= "~":
        return True
    if characters == "gb18030" and "\u3400" <= char <= "\u4db5":
        return True
    try:
        raw = char.encode("gbk")
    except UnicodeEncodeError:
        return False
    return len(raw) == 2 and raw == char.encode("gb18030")


def _encode_one(each: LaidOut, profile: Profile) -> Iterator[bytes]:
    match each:
        case Line():
            yield from _encode_line(each, profile)
        case Qr():
            is_native = profile.qr == "native"
            yield _ALIGN["center"]
            yield from _native_qr(each) if is_native else _picture(_qr_picture(each, profile.columns))
            yield _ALIGN["left"]
        case Feed(lines):
            yield b"\x1bd" + bytes([min(max(lines, 0), 255)])
        case Cut():
            yield _CUTS[profile.cutter]


def _encode_line(line: Line, profile: Profile) -> Iterator[bytes]:
    if not all(is_in_rom(char, profile.characters) for char in line.text):
        yield from _picture(draw_line(line, profile.columns))
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
