"""A reader without hardware: the card that lies on it, what it answers, and how it is told to fail."""

import threading
from dataclasses import dataclass, field, fields
from typing import Any

from devices.id_card.card import IdCard
from devices.id_card.commands import DEFAULT_SPEED, SPEEDS
from devices.id_card.frames import PREAMBLE, checksum
from devices.id_card.text_block import encode_text_block

MODULE_ID = bytes.fromhex("0500010001B2C3004E61BC0001000000")
FINGERPRINT = bytes(at * at * 89 % 251 for at in range(1024))
_OK = "000090"
_SPEEDS = {f"60{number:02x}": baud for baud, number in SPEEDS.items()}


@dataclass(frozen=True)
class ReaderFaults:
    """How the reader misbehaves; the plain value is a well one.

    `on` limits what follows to one command (hex, "3001") and `times` to so many answers (0 = always). From
    the command `silent_from` on it says nothing more at all.
    """

    on: str = ""
    times: int = 0
    is_silent: bool = False
    silent_from: str = ""
    status: str = ""
    lift_after_bytes: int | None = None
    unplug_after_bytes: int | None = None
    garbage_before: str = ""
    garbage_after: str = ""
    piece_bytes: int = 0
    is_glued: bool = False
    wrong_checksum: bool = False
    cut_after_bytes: int | None = None
    delay_s: float = 0.0
    corrupt_text_byte: int | None = None
    self_test_fails: bool = False
    finds_read_card_again: bool = True
    answers_address: bool = True
    newest_address: str = ""
    fingerprint_bytes: int = 1024
    serial_numbers: str = ""
    baud: int = 0
    changes_speed: bool = True

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "ReaderFaults":
        """Faults from the control door. ValueError for a name that is none."""
        if unknown := set(values) - {each.name for each in fields(cls)}:
            raise ValueError(f"no such fault: {', '.join(sorted(unknown))}")
        return cls(**values)


@dataclass(frozen=True)
class Answer:
    """The bytes to send, and what happens to card and plug after so many of them."""

    data: bytes = field(repr=False)
    faults: ReaderFaults = field(default_factory=ReaderFaults)


def _frame(body: bytes) -> bytes:
    covered = (len(body) + 1).to_bytes(2, "big") + body
    return PREAMBLE + covered + bytes([checksum(covered)])


class SimulatedReader:
    """The state behind the simulator's wires; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._card: IdCard | None = None
        self._stage = "absent"
        self._faults = ReaderFaults()
        self._answered = 0
        self._is_hung = False
        self.speed = DEFAULT_SPEED
        self.log: list[dict[str, Any]] = []

    @property
    def faults(self) -> ReaderFaults:
        """The faults in force."""
        return self._faults

    def place(self, card: IdCard) -> None:
        """Lay a card on the reader, in place of any other."""
        encode_text_block(card)
        with self._lock:
            self._card, self._stage = card, "placed"

    def lift(self) -> None:
        """Take the card away."""
        with self._lock:
            self._card, self._stage = None, "absent"

    def set_faults(self, faults: ReaderFaults) -> None:
        """Replace all faults."""
        with self._lock:
            self._faults, self._answered, self._is_hung = faults, 0, False

    def answer(self, request: bytes) -> Answer | None:
        """The answer to one request's body; None when the reader stays silent."""
        with self._lock:
            faults = self._faults_on(request.hex()[:4])
            body = self._body(request, faults)
            self._is_hung = self._is_hung or request.hex()[:4] == faults.silent_from.lower()
            is_silent = faults.is_silent or self._is_hung
            status = None if is_silent else body[:3].hex()
            self.log.append({"command": request.hex(), "status": status, "bytes": len(body)})
            return None if is_silent else Answer(_spoil(body, faults), faults)

    def _faults_on(self, command: str) -> ReaderFaults:
        asked = self._faults
        if asked.on and asked.on.lower() != command:
            return _lasting(asked)
        self._answered += 1
        return _lasting(asked) if asked.times and self._answered > asked.times else asked

    def _body(self, request: bytes, faults: ReaderFaults) -> bytes:
        if faults.status:
            # 10 to 24 are about the request; the card has not been touched
            if bytes.fromhex(faults.status)[2] > 0x24:
                self._stage = "failed" if self._card else "absent"
            return bytes.fromhex(faults.status)
        match request.hex():
            case "10ff":
                self._stage = "placed" if self._card else "absent"
                return bytes.fromhex(_OK)
            case "11ff":
                return bytes.fromhex("000060" if faults.self_test_fails else _OK)
            case "12ff":
                return bytes.fromhex(_OK) + MODULE_ID
            case "2001":
                return self._find(faults)
            case "2002":
                return self._select(faults)
            case "3001" | "3010":
                return self._read(faults, with_fingerprint=request.hex() == "3010")
            case "3003":
                return self._newest_address(faults)
            case command if command in _SPEEDS:
                self.speed = _SPEEDS[command] if faults.changes_speed else self.speed
                return bytes.fromhex(_OK)
            case _:
                return bytes.fromhex("000021")

    def _find(self, faults: ReaderFaults) -> bytes:
        can_find = self._stage in ("placed", "found", "selected") or (
            self._stage == "read" and faults.finds_read_card_again
        )
        if not can_find:
            return bytes.fromhex("000080")
        self._stage = "found"
        # zeros by default: known clients compare the whole reply with them
        return bytes.fromhex("00009F") + bytes.fromhex(faults.serial_numbers)[:4].ljust(4, b"\0")

    def _select(self, faults: ReaderFaults) -> bytes:
        if self._stage not in ("found", "selected"):
            return bytes.fromhex("000081")
        self._stage = "selected"
        return bytes.fromhex(_OK) + bytes.fromhex(faults.serial_numbers)[:8].ljust(8, b"\0")

    def _read(self, faults: ReaderFaults, *, with_fingerprint: bool) -> bytes:
        if self._stage not in ("selected", "read") or self._card is None:
            self._stage = "failed" if self._card else "absent"
            return bytes.fromhex("000041")
        self._stage = "read"
        text = bytearray(encode_text_block(self._card))
        if faults.corrupt_text_byte is not None:
            text[faults.corrupt_text_byte] ^= 0xFF
        parts = [bytes(text), self._card.photo[:1024].ljust(1024, b"\0")]
        if with_fingerprint:
            parts.append(FINGERPRINT[: faults.fingerprint_bytes])
        lengths = b"".join(len(part).to_bytes(2, "big") for part in parts)
        return bytes.fromhex(_OK) + lengths + b"".join(parts)

    def _newest_address(self, faults: ReaderFaults) -> bytes:
        if not faults.answers_address:
            return bytes.fromhex("000021")
        if self._stage not in ("selected", "read"):
            return bytes.fromhex("000041")
        if not faults.newest_address:
            return bytes.fromhex("000091")
        return bytes.fromhex(_OK) + faults.newest_address[:35].ljust(35).encode("utf-16-le")


def _lasting(faults: ReaderFaults) -> ReaderFaults:
    """What describes the reader itself, and so stays when the fault proper is over or elsewhere."""
    return ReaderFaults(
        finds_read_card_again=faults.finds_read_card_again,
        answers_address=faults.answers_address,
        newest_address=faults.newest_address,
        fingerprint_bytes=faults.fingerprint_bytes,
        serial_numbers=faults.serial_numbers,
        baud=faults.baud,
        changes_speed=faults.changes_speed,
    )


def _spoil(body: bytes, faults: ReaderFaults) -> bytes:
    frame = bytearray(_frame(body))
    if faults.wrong_checksum:
        frame[-1] ^= 0x5A
    data = bytes(frame[: faults.cut_after_bytes]) if faults.cut_after_bytes is not None else bytes(frame)
    data *= 2 if faults.is_glued else 1
    return bytes.fromhex(faults.garbage_before) + data + bytes.fromhex(faults.garbage_after)
