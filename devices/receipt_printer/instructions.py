"""Takes an ESC/POS byte stream apart, for the simulated printer; knows nothing of our own encoder."""

from dataclasses import dataclass

# command prefix -> count of argument bytes that follow
_FIXED = {
    b"\0": 0,
    b"\n": 0,
    b"\r": 0,
    b"\t": 0,
    b"\x1b@": 0,
    b"\x1b2": 0,
    b"\x1b ": 1,
    b"\x1b$": 2,
    b"\x1b\\": 2,
    b"\x1bM": 1,
    b"\x1bV": 1,
    b"\x1bS": 0,
    b"\x1b{": 1,
    b"\x1b3": 1,
    b"\x1b!": 1,
    b"\x1ba": 1,
    b"\x1bE": 1,
    b"\x1bG": 1,
    b"\x1b-": 1,
    b"\x1bd": 1,
    b"\x1bJ": 1,
    b"\x1bt": 1,
    b"\x1bR": 1,
    b"\x1d!": 1,
    b"\x1da": 1,
    b"\x1dI": 1,
    b"\x1dB": 1,
    b"\x1dr": 1,
    b"\x1dL": 2,
    b"\x1dW": 2,
    b"\x1c&": 0,
    b"\x1c.": 0,
    b"\x1c!": 1,
    b"\x1cW": 1,
    b"\x1cS": 2,
    b"\x1c-": 1,
}
REAL_TIME_LENGTHS = {b"\x10\x04": 3, b"\x10\x05": 3, b"\x10\x14": 5}
_CLEAR_LENGTH = 10


@dataclass(frozen=True)
class Instruction:
    """One command with its arguments, one character ("text"), or a byte that means nothing ("unknown")."""

    name: str
    arguments: bytes = b""
    length: int = 1


def next_instruction(stream: bytes, *, is_chinese: bool, is_gbk_only: bool) -> Instruction | None:
    """The instruction a stream begins with; None while it is incomplete."""
    first = stream[:1]
    if not first:
        return None
    if first >= b" ":
        return _next_character(stream, is_chinese=is_chinese, is_gbk_only=is_gbk_only)
    if first in _FIXED:
        return Instruction(first.hex())
    head = stream[:2]
    if len(head) < 2:
        return None
    if head in _FIXED:
        length = 2 + _FIXED[head]
        return Instruction(head.hex(), stream[2:length], length) if len(stream) >= length else None
    return _next_long(stream, head)


def _next_long(stream: bytes, head: bytes) -> Instruction | None:
    if head == b"\x1dV":
        return _cut(stream)
    if head == b"\x1dv":
        return _raster(stream)
    if head in (b"\x1d(", b"\x1c("):
        return _sized(stream, head)
    return Instruction("unknown", stream[:1])


def _cut(stream: bytes) -> Instruction | None:
    if len(stream) < 3:
        return None
    length = 4 if stream[2] in (65, 66, 97, 98, 103, 104) else 3
    return Instruction("1d56", stream[2:length], length) if len(stream) >= length else None


def _raster(stream: bytes) -> Instruction | None:
    """GS v 0 m xL xH yL yH, then x bytes in each of y rows."""
    if len(stream) < 8:
        return None
    row, rows = int.from_bytes(stream[4:6], "little"), int.from_bytes(stream[6:8], "little")
    length = 8 + row * rows
    return Instruction("1d7630", stream[4:length], length) if len(stream) >= length else None


def _sized(stream: bytes, head: bytes) -> Instruction | None:
    """GS ( x and FS ( x carry their own length."""
    if len(stream) < 5:
        return None
    length = 5 + int.from_bytes(stream[3:5], "little")
    name = (head + stream[2:3]).hex()
    return Instruction(name, stream[5:length], length) if len(stream) >= length else None


def _next_character(stream: bytes, *, is_chinese: bool, is_gbk_only: bool) -> Instruction | None:
    first = stream[0]
    if first < 0x7F:
        return Instruction("text", stream[:1])
    if not is_chinese or first in (0x7F, 0x80, 0xFF):
        return Instruction("unknown", stream[:1])
    if len(stream) < 2:
        return None
    if 0x30 <= stream[1] <= 0x39:
        if is_gbk_only:  # such a printer drops the lead byte and prints the digit
            return Instruction("unknown", stream[:1])
        return Instruction("text", stream[:4], 4) if len(stream) >= 4 else None
    return Instruction("text", stream[:2], 2)


def split_real_time(stream: bytes) -> tuple[bytes, list[bytes], bytes]:
    """What a printer's receiver obeys at once, even in the middle of data.

    Returns the stream without them, the commands in order, and an unfinished beginning to keep.
    """
    plain, commands, at = bytearray(), [], 0
    while at < len(stream):
        length = _real_time_length(stream[at:])
        if length == 0:
            plain.append(stream[at])
            at += 1
        elif length < 0 or at + length > len(stream):
            break
        else:
            commands.append(stream[at : at + length])
            at += length
    return bytes(plain), commands, stream[at:]


def _real_time_length(stream: bytes) -> int:
    """The length of the real-time command here, 0 for none, -1 when more bytes must tell."""
    if stream[0] != 0x10:
        return 0
    if len(stream) < 2:
        return -1
    if stream[:2] == b"\x10\x14":
        return -1 if len(stream) < 3 else (_CLEAR_LENGTH if stream[2] == 8 else 5)
    return REAL_TIME_LENGTHS.get(stream[:2], 0)
