"""What a printer says of itself: real-time answers, automatic status, and markers of completion."""

from dataclasses import dataclass
from typing import Literal

_FRAMED = 0x37
_FRAMED_KINDS: dict[int, tuple[Literal["process", "cleared"], int]] = {
    0x22: ("process", 7),  # GS ( H, the slip's number
    0x25: ("cleared", 3),  # DLE DC4 8, the buffers are empty
}


@dataclass(frozen=True)
class PaperStatus:
    """The printer's state in plain words, and the bytes it was read from."""

    is_offline: bool = False
    is_cover_open: bool = False
    is_paper_out: bool = False
    is_near_end: bool = False
    is_cutter_jammed: bool = False
    is_faulty: bool = False
    raw: str = ""

    @property
    def reason(self) -> str:
        """Why it cannot print, the most telling reason first; empty when it can."""
        reasons = (
            (self.is_cover_open, "cover_open"),
            (self.is_paper_out, "paper_out"),
            (self.is_cutter_jammed, "cutter_jam"),
            (self.is_faulty, "printer_faulty"),
            (self.is_offline, "printer_offline"),
        )
        return next((reason for is_so, reason in reasons if is_so), "")


def from_real_time(answers: bytes) -> PaperStatus:
    """The four answers to DLE EOT 1 to 4, in that order."""
    printer, offline, error, paper = answers
    return PaperStatus(
        is_offline=bool(printer & 0x08),
        is_cover_open=bool(offline & 0x04),
        is_paper_out=bool(offline & 0x20 or paper & 0x60),
        is_near_end=bool(paper & 0x0C),
        is_cutter_jammed=bool(error & 0x08),
        is_faulty=bool(error & 0x64) or bool(offline & 0x40 and not error & 0x08),
        raw=answers.hex(),
    )


def from_automatic(packet: bytes) -> PaperStatus:
    """The four bytes of automatic status back (GS a)."""
    first, second, third, _ = packet
    return PaperStatus(
        is_offline=bool(first & 0x08),
        is_cover_open=bool(first & 0x20),
        is_paper_out=bool(third & 0x0C),
        is_near_end=bool(third & 0x03),
        is_cutter_jammed=bool(second & 0x08),
        is_faulty=bool(second & 0x64),
        raw=packet.hex(),
    )


@dataclass(frozen=True)
class Answer:
    """One thing the printer said."""

    kind: Literal["real_time", "automatic", "paper", "process", "cleared"]
    raw: bytes


class AnswerParser:
    """Tells the printer's answers apart by their fixed bits; what fits nothing is dropped."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> list[Answer]:
        """Take bytes as they come and return the answers they complete; keeps at most six bytes."""
        self._buffer += data
        answers: list[Answer] = []
        while self._buffer:
            kind, length = _kind_of(self._buffer)
            if len(self._buffer) < length:
                break
            raw, self._buffer = self._buffer[:length], self._buffer[length:]
            if kind:
                answers.append(Answer(kind, raw))
        return answers


def _kind_of(
    said: bytes,
) -> tuple[Literal["real_time", "automatic", "paper", "process", "cleared"] | None, int]:
    first = said[0]
    if first == _FRAMED:
        return _FRAMED_KINDS.get(said[1], (None, 1)) if len(said) > 1 else (None, 2)
    if first & 0x93 == 0x12:
        return "real_time", 1
    if first & 0x93 == 0x10:
        return "automatic", 4
    if first & 0x90 == 0:
        return "paper", 1
    return None, 1
