"""A code scanner without hardware: what is held before it, what it sends, and how it is told to fail."""

import threading
from dataclasses import dataclass, fields
from typing import Any

from devices.qr.dialects import DIALECTS, Dialect
from devices.qr.keys import press

_ACK, _NAK = b"\x06", b"\x15"


@dataclass(frozen=True)
class ScannerFaults:
    """How the scanner misbehaves; the plain value is a well one."""

    is_silent: bool = False
    refuses: bool = False
    forgets_suffix: bool = False
    cut_after_bytes: int | None = None
    unplug_after_bytes: int | None = None
    pause_after_bytes: int | None = None
    pause_s: float = 0.0
    piece_bytes: int = 0
    garbage_before: str = ""

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "ScannerFaults":
        """Faults from the control door. ValueError for a name that is none."""
        if unknown := set(values) - {each.name for each in fields(cls)}:
            raise ValueError(f"no such fault: {', '.join(sorted(unknown))}")
        return cls(**values)


class SimulatedScanner:
    """The state behind the simulator's line; safe to use from several threads.

    A code held before it is sent when it is triggered, or at once when it scans by itself (`plain`, `wedge`).
    """

    def __init__(self, kind: str, suffix: bytes = b"\r") -> None:
        self.is_wedge = kind == "wedge"
        self._dialect: Dialect = DIALECTS["plain" if self.is_wedge else kind]
        self._suffix = suffix
        self._lock = threading.Lock()
        self._code: bytes | None = None
        self._is_lit = False
        self._heard = b""
        self.faults = ScannerFaults()
        self.log: list[str] = []

    def hold(self, code: bytes | None) -> None:
        """Hold a code before the scanner, or take it away."""
        with self._lock:
            self._code = code

    def hear(self, data: bytes) -> bytes:
        """What the scanner answers to bytes from the kiosk."""
        with self._lock:
            self._heard += data
            answer = b""
            while command := self._next_command():
                answer += self._obey(command)
            return answer

    def _next_command(self) -> bytes | None:
        """The earliest whole command that was heard, taken out with what was before it."""
        commands = (self._dialect.trigger, self._dialect.stop, self._dialect.query)
        heard = [(self._heard.find(command), command) for command in commands if command]
        at, command = min((each for each in heard if each[0] >= 0), default=(-1, None))
        if command is not None:
            self._heard = self._heard[at + len(command) :]
        return command

    def see(self) -> bytes:
        """The bytes of the code before it, if it looks and there is one."""
        with self._lock:
            is_looking = self._is_lit or not self._dialect.trigger
            if self._code is None or not is_looking or self.faults.is_silent:
                return b""
            code, self._code, self._is_lit = self._code, None, False
            if self.is_wedge:
                return press(code.decode("ascii"))
            ending = b"" if self.faults.forgets_suffix else self._suffix
            return bytes.fromhex(self.faults.garbage_before) + code + ending

    def _obey(self, command: bytes) -> bytes:
        self.log.append(command.hex())
        if self.faults.is_silent:
            return b""
        if command == self._dialect.query:
            return self._query_answer()
        self._is_lit = command == self._dialect.trigger and not self.faults.refuses
        if not self._dialect.is_answered:
            return b""
        return b"\x02" + command[1:-2] + self._word() + command[-2:]

    def _query_answer(self) -> bytes:
        if self._dialect.is_answered:
            return b"\x02" + self._dialect.query[1:-3] + b"0" + self._word() + b";\x03"
        return self._dialect.query[3:-2] + b"0" + self._word() + b"."

    def _word(self) -> bytes:
        return _NAK if self.faults.refuses else _ACK
