"""A printer without hardware: its buffer, its sensors, its answers, and how it is told to fail."""

import threading
import time
from dataclasses import dataclass, fields, replace
from typing import Any

from devices.receipt_printer.instructions import Instruction, next_instruction, split_real_time
from devices.receipt_printer.paper import Paper

_NAMES = {b"B": b"_ONETHING\0", b"C": b"_SIMULATED\0"}  # GS I 66 and 67: maker and model


@dataclass(frozen=True)
class PrinterFaults:
    """How the printer misbehaves; the plain value is a well one.

    The `_bytes` counts are of print data from the moment the fault is set; `cut_line_after_bytes` counts what
    came over the wire: the line ends there and the printer prints on. `slow` is bytes a second, and
    `never_forgets` a printer that does not know DLE DC4 8, `never_tells` one without automatic status.
    """

    paper_out: bool = False
    paper_near_end: bool = False
    cover_open: bool = False
    cutter_jam: bool = False
    offline: bool = False
    broken: bool = False
    is_silent: bool = False
    jam_at_cut: bool = False
    open_cover_after_bytes: int | None = None
    jam_after_bytes: int | None = None
    stop_after_bytes: int | None = None
    die_after_bytes: int | None = None
    die_before_status: bool = False
    cut_line_after_bytes: int | None = None
    never_forgets: bool = False
    never_tells: bool = False
    no_marker: bool = False
    slow: int = 0
    buffer_bytes: int = 65536
    gbk_only: bool = False

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "PrinterFaults":
        """Faults from the control door. ValueError for a name that is none."""
        if unknown := set(values) - {each.name for each in fields(cls)}:
            raise ValueError(f"no such fault: {', '.join(sorted(unknown))}")
        return cls(**values)

    def stops(self) -> bool:
        """Whether it can not print now."""
        return self.paper_out or self.cover_open or self.cutter_jam or self.offline or self.broken


class Died(Exception):
    """The printer lost its power: the connection ends and the buffer is gone."""


class CutOff(Exception):
    """The line was cut; the printer itself is well."""


class SimulatedPrinter:
    """The state behind the simulator's port; `receive` and `work` return what goes back on the wire."""

    def __init__(self, dots: int) -> None:
        self.lock = threading.RLock()
        self.paper = Paper(dots)
        self.log: list[str] = []
        self._faults = PrinterFaults()
        self._half_command = b""
        self._buffer = b""
        self._printed_bytes = 0
        self._received_bytes = 0
        self._status_last_sent = b""
        self._rested_at = time.monotonic()
        self._credit = 0.0

    @property
    def has_room(self) -> bool:
        """Whether the receiver takes more."""
        return len(self._buffer) < self._faults.buffer_bytes

    def set_faults(self, faults: PrinterFaults) -> None:
        """Replace all faults, as when somebody loads paper and closes the cover."""
        with self.lock:
            self._faults = faults
            self._printed_bytes = self._received_bytes = 0

    def receive(self, data: bytes) -> bytes:
        """Take bytes from the wire; answers to real-time commands go back at once. CutOff when told to."""
        with self.lock:
            data, is_cut = self._until_the_cut(data)
            plain, commands, self._half_command = split_real_time(self._half_command + data)
            self._buffer += plain
            said = b"".join(map(self._obey_at_once, commands))
        if is_cut:
            raise CutOff
        return said

    def _until_the_cut(self, data: bytes) -> tuple[bytes, bool]:
        after, self._received_bytes = self._received_bytes, self._received_bytes + len(data)
        limit = self._faults.cut_line_after_bytes
        if limit is None or self._received_bytes <= limit:
            return data, False
        self._faults = replace(self._faults, cut_line_after_bytes=None)
        self._half_command = b""
        return data[: limit - after], True

    def hang_up(self) -> None:
        """The connection ended; what is in the buffer stays there, as in a real printer."""
        with self.lock:
            self._half_command = b""

    def lose_power(self) -> None:
        """Forget all that is not on paper."""
        with self.lock:
            self._buffer = self._half_command = b""
            self.paper.tear_off()
            self._faults = replace(self._faults, die_after_bytes=None, die_before_status=False)

    def work(self) -> bytes:
        """Print what can be printed now and return what the printer says of it. Died when told to."""
        with self.lock:
            answers = self._status_if_changed()
            allowance = self._allowance()
            while not self._faults.stops() and allowance > 0 and (instruction := self._next()):
                self._heed_byte_counts(instruction)
                if self._faults.stops():
                    break
                self._buffer = self._buffer[instruction.length :]
                self._printed_bytes += instruction.length
                allowance -= instruction.length
                self._credit -= instruction.length
                answers += self._do(instruction)
            return answers + self._status_if_changed()

    def _allowance(self) -> float:
        """How many bytes may be printed now; what a long command takes beyond is paid off first."""
        now = time.monotonic()
        rested_s, self._rested_at = now - self._rested_at, now
        if not self._faults.slow:
            self._credit = 0.0
            return float("inf")
        self._credit = min(self._credit + rested_s * self._faults.slow, self._faults.slow / 20)
        return self._credit

    def _next(self) -> Instruction | None:
        return next_instruction(
            self._buffer, is_chinese=self.paper.is_chinese, is_gbk_only=self._faults.gbk_only
        )

    def _heed_byte_counts(self, instruction: Instruction) -> None:
        faults, after = self._faults, self._printed_bytes + instruction.length
        if faults.die_after_bytes is not None and after > faults.die_after_bytes:
            raise Died
        if faults.stop_after_bytes is not None and after > faults.stop_after_bytes:
            self._faults = replace(faults, paper_out=True, stop_after_bytes=None)
        if faults.open_cover_after_bytes is not None and after > faults.open_cover_after_bytes:
            self._faults = replace(faults, cover_open=True, open_cover_after_bytes=None)
        if faults.jam_after_bytes is not None and after > faults.jam_after_bytes:
            self._faults = replace(faults, cutter_jam=True, jam_after_bytes=None)
        if faults.jam_at_cut and instruction.name == "1d56":
            self._faults = replace(faults, cutter_jam=True, jam_at_cut=False)

    def _do(self, instruction: Instruction) -> bytes:
        if instruction.name != "text":
            self._note(f"{instruction.name} {instruction.arguments[:16].hex()}".strip())
        self.paper.apply(instruction)
        if instruction.name == "1d72":
            return self._marker(bytes([0x03 if self._faults.paper_near_end else 0x00]))
        if instruction.name == "1d2848" and instruction.arguments[:1] == b"0":
            return self._marker(b"\x37\x22" + instruction.arguments[2:6] + b"\0")
        if instruction.name == "1d49" and not self._faults.is_silent:
            return _NAMES.get(instruction.arguments, b"")
        if instruction.name == "1d61" and self.paper.wants_status_back:
            self._status_last_sent = b""
        return b""

    def _marker(self, answer: bytes) -> bytes:
        if self._faults.die_before_status:
            raise Died
        if self._faults.no_marker or self._faults.is_silent:
            return b""
        self.paper.complete()
        return answer

    def _obey_at_once(self, command: bytes) -> bytes:
        self._note(f"real-time {command.hex()}")
        if command[:3] == b"\x10\x14\x08":
            if self._faults.never_forgets:
                return b""
            self._buffer = b""
            self.paper.tear_off()
            return b"" if self._faults.is_silent else b"\x37\x25\x00"
        if command[:2] == b"\x10\x04" and not self._faults.is_silent:
            return self._real_time_status(command[2])
        return b""

    def _real_time_status(self, number: int) -> bytes:
        faults = self._faults
        is_error = faults.cutter_jam or faults.broken
        bits = {
            1: 0x08 * faults.stops(),
            2: 0x04 * faults.cover_open | 0x20 * faults.paper_out | 0x40 * is_error,
            3: 0x08 * faults.cutter_jam | 0x20 * faults.broken,
            4: 0x0C * (faults.paper_near_end or faults.paper_out) | 0x60 * faults.paper_out,
        }
        return bytes([0x12 | bits[number]]) if number in bits else b""

    def _status_if_changed(self) -> bytes:
        faults = self._faults
        packet = bytes(
            (
                0x14 | 0x08 * faults.stops() | 0x20 * faults.cover_open,
                0x08 * faults.cutter_jam | 0x20 * faults.broken,
                0x03 * (faults.paper_near_end or faults.paper_out) | 0x0C * faults.paper_out,
                0x0F,
            )
        )
        is_quiet = faults.is_silent or faults.never_tells
        if not self.paper.wants_status_back or is_quiet or packet == self._status_last_sent:
            return b""
        self._status_last_sent = packet
        return packet

    def _note(self, what: str) -> None:
        self.log.append(what)
        del self.log[:-500]
