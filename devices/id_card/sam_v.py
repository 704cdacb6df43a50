"""The driver for readers with a SAM-V security module, by serial line, TCP or USB."""

import hashlib
import secrets
import threading
from collections.abc import Callable

from devices.errors import DeviceError, Failed, Gone, NotReady, Refused, TimedOut
from devices.id_card import commands
from devices.id_card.card import IdCard
from devices.id_card.card_data import parse_address, parse_card_data
from devices.id_card.commands import Command
from devices.id_card.conversation import Conversation
from devices.id_card.faults import FAULTS
from devices.id_card.frames import Reply
from devices.id_card.usb_wire import FRAMINGS, UsbWire
from devices.id_card.wire import SerialWire, TcpWire, Wire
from devices.states import DeviceState, Health, HealthRecord
from devices.url import BadDeviceUrl, DeviceUrl
from devices.usb_bus import UsbName

_REASONS = {
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
# how many lengths an answer begins with: text, photo, and fingerprint
_PARTS = {commands.READ: 2, commands.READ_WITH_FINGERPRINT: 3}


class SamVReader:
    """An IdCardReader over the SAM-V wire; its lock lets one conversation happen at a time.

    `patience` stretches every step's time limit, `gap_s` is the silence inside a frame that breaks it off,
    `baud` the speed at which the wire is opened.
    """

    def __init__(
        self,
        open_wire: Callable[[], Wire],
        *,
        patience: float = 1.0,
        gap_s: float = 0.3,
        baud: int = commands.DEFAULT_SPEED,
    ) -> None:
        self._conversation = Conversation(open_wire, patience=patience, gap_s=gap_s)
        self._lock = threading.RLock()
        self._health = HealthRecord()
        self._first_baud = self._baud = baud
        self._is_found = False
        self._is_read = False
        self._answers_address = True
        # the last card read, told from others without keeping it
        self._salt, self._seen, self._read_command = secrets.token_bytes(16), b"", commands.READ

    @property
    def bad_frames(self) -> int:
        """Frames thrown away for a wrong checksum or length since the reader was opened."""
        return self._conversation.bad_frames

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
        its newest address instead: that fails as soon as it has been lifted. A module that does not know the
        question reads the card once more: nothing less tells it from another one.
        """
        with self._lock:
            if not self._is_read:
                self._is_found = self._finds()
                return self._is_found
            is_there = self._is_still_there() if self._answers_address else None
            is_there = self._is_same_card() if is_there is None else is_there
            if not is_there:
                self._forget_card()
            return is_there

    def read(self) -> IdCard:
        """See IdCardReader."""
        return self._read(commands.READ)

    def read_with_fingerprint(self) -> IdCard:
        """The card by the command that also gives fingerprint features, for readers that know no other.

        Nobody has a use for those features here: they are overwritten before this returns. Errors as `read`.
        """
        return self._read(commands.READ_WITH_FINGERPRINT)

    def read_newest_address(self) -> str | None:
        """See IdCardReader."""
        with self._lock:
            if not self._is_read:
                self._find_and_select()
            reply = self._ask(commands.NEWEST_ADDRESS)
        try:
            return None if reply.code == commands.ITEM_ABSENT else parse_address(reply.data)
        finally:
            reply.wipe()

    def read_module_id(self) -> bytes:
        """The security module's 16 raw bytes; sources disagree on how to print them."""
        return bytes(self._ask(commands.SAM_ID).data)

    def set_speed(self, baud: int) -> None:
        """Change the speed on both ends, and go back to the old one when the reader is not heard at the new.

        DeviceError speed_refused then. KeyError for a speed that SAM-V does not have.
        """
        with self._lock:
            command = commands.set_speed(baud)
            self._ask(command)
            self._conversation.set_wire_speed(baud)
            if self._conversation.try_once(commands.STATUS) is None:
                # it may have changed and be out of earshot: it is told, blindly, to come back
                self._conversation.try_once(commands.set_speed(self._baud))
                self._conversation.set_wire_speed(self._baud)
                raise FAULTS.error("speed_refused", command.code.hex())
            self._baud = baud

    def find_speed(self) -> int | None:
        """The speed at which the reader answers, fastest first, and the wire left at it; None: at none.

        For a technician whose reader is silent. DeviceError when the wire itself is lost.
        """
        with self._lock:
            for baud in commands.SPEEDS:
                self._conversation.set_wire_speed(baud)
                if self._conversation.try_once(commands.STATUS) is not None:
                    self._baud = baud
                    return baud
            self._conversation.set_wire_speed(self._baud)
            return None

    def reset(self) -> None:
        """Restart the module; a card must then be found anew."""
        with self._lock:
            self._forget_card()
            self._ask(commands.RESET)

    def close(self) -> None:
        """See IdCardReader."""
        with self._lock:
            self._forget_card()
            self._conversation.close()
            self._baud = self._first_baud

    def _finds(self) -> bool:
        reply = self._exchange(commands.FIND)
        if reply.code not in (commands.FOUND, commands.NO_CARD):
            raise _error(reply)
        return reply.code == commands.FOUND

    def _is_still_there(self) -> bool | None:
        """Whether the card that was read answers; None when the module does not know the question."""
        reply = self._exchange(commands.NEWEST_ADDRESS)
        reply.wipe()
        self._answers_address = reply.code not in _UNKNOWN_COMMAND
        return reply.code in commands.NEWEST_ADDRESS.good if self._answers_address else None

    def _is_same_card(self) -> bool:
        seen = self._seen
        try:
            self._read(self._read_command)
        except (Failed, NotReady, Refused):
            return False
        if self._seen != seen:
            # another card, to be found by whoever looks next
            self._ask(commands.RESET)
            return False
        return True

    def _read(self, command: Command) -> IdCard:
        with self._lock:
            self._is_read = False
            self._find_and_select()
            reply = self._ask(command)
            try:
                card = parse_card_data(reply.data, parts=_PARTS[command])
                self._seen = hashlib.blake2b(reply.data, key=self._salt).digest()
            finally:
                reply.wipe()
            self._is_read, self._read_command = True, command
            return card

    def _find_and_select(self) -> None:
        was_found, self._is_found = self._is_found, False
        # the poll that saw the card has found it already: spare the wire a second find
        if was_found and self._exchange(commands.SELECT).code in commands.SELECT.good:
            return
        if not self._finds() and not self._finds_after_reset():
            raise FAULTS.error("card_absent", f"{commands.NO_CARD:06X}")
        self._ask(commands.SELECT)

    def _finds_after_reset(self) -> bool:
        """Whether a module that has read a card, and finds none twice, still has it."""
        if not self._seen:
            return False
        self._ask(commands.RESET)
        return self._finds()

    def _ask(self, command: Command) -> Reply:
        reply = self._exchange(command)
        if reply.code not in command.good:
            reply.wipe()
            raise _error(reply)
        return reply

    def _exchange(self, command: Command) -> Reply:
        with self._lock:
            try:
                return self._conversation.exchange(command)
            except Gone:
                self.close()
                raise
            except TimedOut:
                self._forget_card()
                raise

    def _forget_card(self) -> None:
        self._is_read = self._is_found = False
        self._seen = b""


def _error(reply: Reply) -> DeviceError:
    return FAULTS.error(_REASONS.get(reply.code, "reader_refused"), reply.status.hex())


def open_serial(url: DeviceUrl) -> SamVReader:
    """`idcard+serial:/dev/ttyUSB0?baud=115200&patience=1&gap_ms=300`."""
    baud = int(url.number("baud", commands.DEFAULT_SPEED))
    return _open(url, lambda: SerialWire(url.target, baud), baud)


def open_tcp(url: DeviceUrl) -> SamVReader:
    """`idcard+tcp://10.0.0.9:4001?patience=1&gap_ms=300`."""
    host, port = url.host_and_port(4001)
    return _open(url, lambda: TcpWire(host, port))


def open_usb(url: DeviceUrl) -> SamVReader:
    """`idcard+usb://0400:C35A:SERIAL?framing=auto&pause_ms=0&patience=1&gap_ms=300`, the serial optional."""
    name, framing = UsbName.of(url), url.options.get("framing", "auto")
    if framing not in FRAMINGS:
        raise BadDeviceUrl(f"framing={framing!r} is none of {', '.join(FRAMINGS)}")
    pause_s = url.number("pause_ms", 0) / 1000
    return _open(url, lambda: UsbWire(name, framing, pause_s))


def _open(url: DeviceUrl, open_wire: Callable[[], Wire], baud: int = commands.DEFAULT_SPEED) -> SamVReader:
    patience = url.number("patience", 1.0)
    return SamVReader(open_wire, patience=patience, gap_s=url.number("gap_ms", 300) / 1000, baud=baud)
