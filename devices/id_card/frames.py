"""The SAM-V frame: AA AA AA 96 69, a big-endian length, the body, and an XOR over length and body.

What has passed through is overwritten: a card's text must not stay behind in memory that nobody owns.
"""

from dataclasses import dataclass, field
from functools import reduce
from operator import xor

PREAMBLE = bytes.fromhex("AAAAAA9669")
LONGEST = 4096
Bytes = bytes | bytearray | memoryview
_HEAD = len(PREAMBLE) + 2


def checksum(data: Bytes) -> int:
    """XOR over all bytes."""
    return reduce(xor, memoryview(data), 0)


def build_frame(body: bytes) -> bytes:
    """A whole frame around a body (command and data, or status and data)."""
    covered = (len(body) + 1).to_bytes(2, "big") + body
    return PREAMBLE + covered + bytes([checksum(covered)])


def wipe(data: bytearray | memoryview) -> None:
    """Overwrite with zeros, in place."""
    data[:] = bytes(len(data))


@dataclass(frozen=True)
class Reply:
    """A reader's answer: the card's two words and the reader's one, then the data.

    `data` is a view on the frame's own bytes and all zeros once the reply is wiped.
    """

    status: bytes
    data: memoryview = field(repr=False)

    @property
    def code(self) -> int:
        """SW3, the reader's own word."""
        return self.status[2]

    @classmethod
    def of(cls, body: bytearray) -> "Reply":
        """The answer in a frame's body of at least three bytes."""
        return cls(bytes(body[:3]), memoryview(body)[3:])

    def wipe(self) -> None:
        """Overwrite the data."""
        wipe(self.data)


class FrameParser:
    """Bytes in, whole frame bodies out; whatever is between frames is dropped and counted.

    Holds at most one frame and one chunk, whatever comes, in memory that never moves. `shortest` is the
    smallest legal length field: 3 for requests, 4 for replies.
    """

    def __init__(self, *, shortest: int = 4, longest: int = LONGEST) -> None:
        self._memory = bytearray(_HEAD + 2 * longest)
        self._held = memoryview(self._memory)
        self._count = 0
        self._shortest = shortest
        self._longest = longest
        self.dropped_bytes = 0
        self.bad_frames = 0

    @property
    def held_bytes(self) -> int:
        """How much is held that no frame has taken yet."""
        return self._count

    @property
    def is_inside_frame(self) -> bool:
        """Whether a frame has begun and not ended."""
        return self._held[: min(self._count, len(PREAMBLE))] == PREAMBLE

    def feed(self, data: Bytes) -> list[bytearray]:
        """Take bytes as they come and return the bodies of the frames they complete."""
        bodies: list[bytearray] = []
        view = memoryview(data)
        for start in range(0, len(view), self._longest):
            chunk = view[start : start + self._longest]
            self._held[self._count : self._count + len(chunk)] = chunk
            self._count += len(chunk)
            while (body := self._next_body()) is not None:
                bodies.append(body)
        return bodies

    def break_off(self) -> list[bytearray]:
        """Give up the frame that has begun; return the whole ones that stood behind its beginning."""
        bodies: list[bytearray] = []
        while self._count:
            self._drop(1)
            while (body := self._next_body()) is not None:
                bodies.append(body)
        return bodies

    def clear(self) -> None:
        """Forget everything not yet returned."""
        self._drop(self._count)

    def _next_body(self) -> bytearray | None:
        while self._seek_preamble():
            length = int.from_bytes(self._held[_HEAD - 2 : _HEAD], "big")
            if not self._shortest <= length <= self._longest:
                self._reject()
                continue
            if self._count < _HEAD + length:
                return None
            if checksum(self._held[_HEAD - 2 : _HEAD + length]) != 0:
                self._reject()
                continue
            body = bytearray(self._held[_HEAD : _HEAD + length - 1])
            self._take_out(_HEAD + length)
            return body
        return None

    def _seek_preamble(self) -> bool:
        """Bring the next preamble to the front; False while there is no whole head yet."""
        at = self._find_preamble()
        self._drop(at)
        return self._count >= _HEAD

    def _find_preamble(self) -> int:
        """Where the first preamble begins, or what may become one; the end when there is none."""
        at = self._memory.find(PREAMBLE, 0, self._count)
        if at >= 0:
            return at
        for length in range(min(len(PREAMBLE) - 1, self._count), 0, -1):
            if self._held[self._count - length : self._count] == PREAMBLE[:length]:
                return self._count - length
        return self._count

    def _reject(self) -> None:
        # only one byte goes: the frame that follows may have begun inside the broken one
        self.bad_frames += 1
        self._drop(1)

    def _drop(self, count: int) -> None:
        self._take_out(count)
        self.dropped_bytes += count

    def _take_out(self, count: int) -> None:
        rest = self._count - count
        self._held[:rest] = self._held[count : self._count]
        wipe(self._held[rest : self._count])
        self._count = rest
