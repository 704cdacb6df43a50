"""The SAM-V frame: AA AA AA 96 69, a big-endian length, the body, and an XOR over length and body."""

from dataclasses import dataclass
from functools import reduce
from operator import xor

PREAMBLE = bytes.fromhex("AAAAAA9669")
LONGEST = 4096
_HEAD = len(PREAMBLE) + 2


def checksum(data: bytes) -> int:
    """XOR over all bytes."""
    return reduce(xor, data, 0)


def build_frame(body: bytes) -> bytes:
    """A whole frame around a body (command and data, or status and data)."""
    covered = (len(body) + 1).to_bytes(2, "big") + body
    return PREAMBLE + covered + bytes([checksum(covered)])


@dataclass(frozen=True)
class Reply:
    """A reader's answer: the card's two words and the reader's one, then the data."""

    status: bytes
    data: bytes

    @property
    def code(self) -> int:
        """SW3, the reader's own word."""
        return self.status[2]

    @classmethod
    def of(cls, body: bytes) -> "Reply":
        """The answer in a frame's body of at least three bytes."""
        return cls(body[:3], body[3:])


class FrameParser:
    """Bytes in, whole frame bodies out; whatever is between frames is dropped and counted.

    Holds at most one frame and one chunk, whatever comes. `shortest` is the smallest legal length field: 3
    for requests, 4 for replies.
    """

    def __init__(self, *, shortest: int = 4, longest: int = LONGEST) -> None:
        self._buffer = bytearray()
        self._shortest = shortest
        self._longest = longest
        self.dropped_bytes = 0
        self.bad_frames = 0

    @property
    def is_inside_frame(self) -> bool:
        """Whether a frame has begun and not ended."""
        return self._buffer.startswith(PREAMBLE)

    def feed(self, data: bytes) -> list[bytes]:
        """Take bytes as they come and return the bodies of the frames they complete."""
        bodies: list[bytes] = []
        for start in range(0, len(data), self._longest):
            self._buffer += data[start : start + self._longest]
            while (body := self._next_body()) is not None:
                bodies.append(body)
        return bodies

    def break_off(self) -> list[bytes]:
        """Give up the frame that has begun; return the whole ones that stood behind its beginning."""
        bodies: list[bytes] = []
        while self._buffer:
            self._drop(1)
            while (body := self._next_body()) is not None:
                bodies.append(body)
        return bodies

    def clear(self) -> None:
        """Forget everything not yet returned."""
        self._drop(len(self._buffer))

    def _next_body(self) -> bytes | None:
        while self._seek_preamble():
            length = int.from_bytes(self._buffer[_HEAD - 2 : _HEAD], "big")
            if not self._shortest <= length <= self._longest:
                self._reject()
                continue
            if len(self._buffer) < _HEAD + length:
                return None
            covered = bytes(self._buffer[_HEAD - 2 : _HEAD + length])
            if checksum(covered) != 0:
                self._reject()
                continue
            del self._buffer[: _HEAD + length]
            return covered[2:-1]
        return None

    def _seek_preamble(self) -> bool:
        """Bring the next preamble to the front; False while there is no whole head yet."""
        at = self._buffer.find(PREAMBLE)
        if at >= 0:
            self._drop(at)
            return len(self._buffer) >= _HEAD
        keep = next(
            (n for n in range(len(PREAMBLE) - 1, 0, -1) if self._buffer.endswith(PREAMBLE[:n])),
            0,
        )
        self._drop(len(self._buffer) - keep)
        return False

    def _reject(self) -> None:
        # only one byte goes: the frame that follows may have begun inside the broken one
        self.bad_frames += 1
        self._drop(1)

    def _drop(self, count: int) -> None:
        del self._buffer[:count]
        self.dropped_bytes += count
