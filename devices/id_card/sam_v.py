"""The driver for readers with a SAM-V security module, by serial line or TCP."""

import threading
import time
from collections.abc import Callable

from devices.errors import DeviceError, Gone
from devices.id_card import commands
from devices.id_card.card import IdCard
from devices.id_card.commands import Command
from devices.id_card.faults import FAULTS
from devices.id_card.frames import FrameParser, Reply, build_frame
from devices.id_card.text_block import LENGTH, UnreadableBlock, decode_text_block
from devices.id_card.wire import SerialWire, TcpWire, Wire
from devices.states import DeviceState, Health, HealthRecord
from devices.url import DeviceUrl

PHOTO_LENGTH = 1024
ADDRESS_LENGTH = 70
_ATTEMPTS = 2

_REASONS = {
    0x10: "reply_garbled",
    0x11: "reply_garbled",
    0x31: "card_refused",
    0x32: "card_refused",
    0x33: "card_refused",
    0x40: "card_wrong_kind",
    commands.READ_FAILED: "card_lifted",
    0x47: "card_lifted",
    0x60: "reader_faulty",
    0x66: "reader_faulty",
    commands.NO_CARD: "card_absent",
    commands.SELECT_FAILED: "card_lifted",
}
_UNKNOWN_COMMAND = (0x21, 0x23, 0x24)


class SamVReader:
    """An IdCardReader over the SAM-V wire; its lock lets one conversation happen at a time.

    `patience` stretches every step's time limit, `gap_s` is the silence inside a frame that breaks it off.
    """

    def __init__(self, open_wire: Callable[[], Wire], *, patience: float = 1.0, gap_s: float = 0.3) -> None:
        self._open_wire = open_wire
        self._patience = patience
        self._gap_s = gap_s
        self._wire: Wire | None = None
        self._parser = FrameParser(shortest=4)
        self._lock = threading.RLock()
        self._health = HealthRecord()
        self._is_found = False
        self._is_read = False
        self._answers_address = True
        self._has_heard = False

    @property
    def bad_frames(self) -> int:
        """Frames thrown away for a wrong checksum or length since the reader was opened."""
        return self._parser.bad_frames

    def check(self) -> Health:
        """See IdCardReader: the module's self-test."""
        try:
            self._ask(commands.STATUS)
        except DeviceError as error:
            return self._health.observe_error(error)
        return self._health.observe(DeviceState.READY)

    def is_card_present(self) -> bool:
        """See IdCardReader.

        A module may refuse to find a card again once it has been read, so a card that was read is asked for
        its newest address instead: that fails as soon as it has been lifted.
        """
        with self._lock:
            if self._is_read and self._answers_address:
                reply = self._exchange(commands.NEWEST_ADDRESS)
                if reply.code in commands.NEWEST_ADDRESS.good:
                    return True
                self._is_read = False
                self._answers_address = reply.code not in _UNKNOWN_COMMAND
                return False
            reply = self._exchange(commands.FIND)
            if reply.code not in (commands.FOUND, commands.NO_CARD):
                raise self._error(reply)
            self._is_found = reply.code == commands.FOUND
            return self._is_found

    def read(self) -> IdCard:
        """See IdCardReader."""
        with self._lock:
            reply = self._read_raw(commands.READ)
            card, _ = parse_card_data(reply.data, parts=2)
            self._is_read = True
            return card

    def read_with_fingerprint(self) -> tuple[IdCard, bytes]:
        """The card and its fingerprint features (0, 512 or 1024 bytes); errors as `read`."""
        with self._lock:
            reply = self._read_raw(commands.READ_WITH_FINGERPRINT)
            pair = parse_card_data(reply.data, parts=3)
            self._is_read = True
            return pair

    def read_newest_address(self) -> str | None:
        """The address added to the card after it was made, None when there is none; asked after `read`."""
        with self._lock:
            if not self._is_read:
                self._find_and_select()
            reply = self._ask(commands.NEWEST_ADDRESS)
        if reply.code == commands.ITEM_ABSENT:
            return None
        if len(reply.data) != ADDRESS_LENGTH:
            raise FAULTS.error("card_damaged", f"address of {len(reply.data)} bytes")
        try:
            return reply.data.decode("utf-16-le").strip(" \0")
        except UnicodeDecodeError as error:
            raise FAULTS.error("card_damaged", "address is not UTF-16") from error

    def read_module_id(self) -> bytes:
        """The security module's 16 raw bytes; sources disagree on how to print them."""
        return self._ask(commands.SAM_ID).data

    def set_speed(self, baud: int) -> None:
        """Change the speed on both ends. KeyError for a speed the wire does not have."""
        with self._lock:
            self._ask(commands.set_speed(baud))
            if self._wire:
                self._wire.set_speed(baud)

    def reset(self) -> None:
        """Restart the module; a card must then be found anew."""
        with self._lock:
            self._is_read = self._is_found = False
            self._ask(commands.RESET)

    def close(self) -> None:
        """See IdCardReader."""
        with self._lock:
            self._is_read = self._is_found = False
            if self._wire:
                self._wire.close()
            self._wire = None

    def _read_raw(self, command: Command) -> Reply:
        self._is_read = False
        self._find_and_select()
        return self._ask(command)

    def _find_and_select(self) -> None:
        was_found, self._is_found = self._is_found, False
        # the poll that saw the card has found it already: spare the wire a second find
        if was_found and self._exchange(commands.SELECT).code in commands.SELECT.good:
            return
        self._ask(commands.FIND)
        self._ask(commands.SELECT)

    def _ask(self, command: Command) -> Reply:
        reply = self._exchange(command)
        if reply.code not in command.good:
            raise self._error(reply)
        return reply

    @staticmethod
    def _error(reply: Reply) -> DeviceError:
        return FAULTS.error(_REASONS.get(reply.code, "reader_refused"), reply.status.hex())

    def _exchange(self, command: Command) -> Reply:
        with self._lock:
            try:
                return self._converse(command)
            except Gone:
                self.close()
                raise

    def _converse(self, command: Command) -> Reply:
        for _ in range(_ATTEMPTS):
            reply = self._try_once(command)
            if reply is not None and _REASONS.get(reply.code) != "reply_garbled":
                return reply
            if reply is None and not self._has_heard:
                raise self._after_silence(command)
        raise FAULTS.error("reply_garbled", command.code.hex())

    def _try_once(self, command: Command) -> Reply | None:
        """Send once and wait for the fitting answer; None when none came whole."""
        wire = self._wire = self._wire or self._open_wire()
        wire.drain()
        self._parser.clear()
        wire.send(build_frame(command.code))
        ends_at = time.monotonic() + command.limit_s * self._patience
        bad_before = self._parser.bad_frames
        self._has_heard = False
        while (left_s := ends_at - time.monotonic()) > 0:
            has_begun = self._parser.is_inside_frame or self._parser.bad_frames > bad_before
            data = wire.receive(min(left_s, self._gap_s) if has_begun else left_s)
            self._has_heard = self._has_heard or bool(data)
            bodies = self._parser.feed(data) if data else self._parser.break_off()
            for reply in map(Reply.of, bodies):
                if _answers(command, reply):
                    return reply
            if not data and has_begun:
                return None
        self._parser.break_off()
        return None

    def _after_silence(self, command: Command) -> DeviceError:
        """Reset once; a module that does not even answer that is down."""
        self._is_read = self._is_found = False
        if command is commands.RESET or self._try_once(commands.RESET) is None:
            return FAULTS.error("reader_silent", command.code.hex())
        return FAULTS.error("reader_restarted", command.code.hex())


def _answers(command: Command, reply: Reply) -> bool:
    """Whether a reply belongs to this command, not to an earlier one that came late."""
    if reply.code not in (commands.GOOD, commands.ITEM_ABSENT, commands.FOUND):
        return True
    fits = reply.code == commands.ITEM_ABSENT or len(reply.data) in command.data_lengths
    return fits and reply.code in command.good


def parse_card_data(data: bytes, *, parts: int) -> tuple[IdCard, bytes]:
    """A read's data: `parts` big-endian lengths (text, photo, fingerprint), then those parts.

    Returns the card and the fingerprint (empty with two parts). DeviceError card_damaged when lengths, text
    or card number do not hold together.
    """
    lengths = [int.from_bytes(data[at : at + 2], "big") for at in range(0, 2 * parts, 2)]
    if lengths[:2] != [LENGTH, PHOTO_LENGTH] or len(data) != 2 * parts + sum(lengths):
        raise FAULTS.error("card_damaged", f"lengths {lengths} in {len(data)} bytes")
    text_at = 2 * parts
    photo_at = text_at + LENGTH
    rest_at = photo_at + PHOTO_LENGTH
    try:
        card = decode_text_block(data[text_at:photo_at], photo=data[photo_at:rest_at])
    except UnreadableBlock as error:
        raise FAULTS.error("card_damaged", str(error)) from error
    return card, data[rest_at:]


def open_serial(url: DeviceUrl) -> SamVReader:
    """`idcard+serial:/dev/ttyUSB0?baud=115200&patience=1&gap_ms=300`."""
    baud = int(url.number("baud", 115200))
    return _open(url, lambda: SerialWire(url.target, baud))


def open_tcp(url: DeviceUrl) -> SamVReader:
    """`idcard+tcp://10.0.0.9:4001?patience=1&gap_ms=300`."""
    host, port = url.host_and_port(4001)
    return _open(url, lambda: TcpWire(host, port))


def _open(url: DeviceUrl, open_wire: Callable[[], Wire]) -> SamVReader:
    patience = url.number("patience", 1.0)
    return SamVReader(open_wire, patience=patience, gap_s=url.number("gap_ms", 300) / 1000)
