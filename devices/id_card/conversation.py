"""Asking a SAM-V reader one thing at a time: retries, time limits, and what is made of silence."""

import time
from collections.abc import Callable

from devices.errors import DeviceError
from devices.id_card import commands
from devices.id_card.commands import Command
from devices.id_card.faults import FAULTS
from devices.id_card.frames import FrameParser, Reply, build_frame, wipe
from devices.id_card.wire import Wire

_ATTEMPTS = 2
_GARBLED = (0x10, 0x11)
_CHUNK = 4096


class Conversation:
    """One wire, opened at the first request and again after it was lost. Not for two threads at once.

    `patience` stretches every command's time limit, `gap_s` is the silence inside a frame that breaks it off.
    What arrives is held in one place, and overwritten as soon as it has become a reply.
    """

    def __init__(self, open_wire: Callable[[], Wire], *, patience: float, gap_s: float) -> None:
        self._open_wire = open_wire
        self._patience = patience
        self._gap_s = gap_s
        self._wire: Wire | None = None
        self._parser = FrameParser(shortest=4)
        self._chunk = memoryview(bytearray(_CHUNK))
        self._has_heard = False

    @property
    def bad_frames(self) -> int:
        """Frames thrown away for a wrong checksum or length."""
        return self._parser.bad_frames

    def exchange(self, command: Command) -> Reply:
        """The reader's answer, good or not, to be wiped by the caller.

        DeviceError reply_garbled when two askings brought nothing whole, reader_silent when the module does
        not even answer a reset, reader_restarted when it does, reader_gone when the wire is lost.
        """
        for _ in range(_ATTEMPTS):
            reply = self.try_once(command)
            if reply is not None and reply.code not in _GARBLED:
                return reply
            if reply is None and not self._has_heard:
                raise self._after_silence(command)
        raise FAULTS.error("reply_garbled", command.code.hex())

    def try_once(self, command: Command) -> Reply | None:
        """Send once and wait for the fitting answer; None when none came whole."""
        wire = self._wire = self._wire or self._open_wire()
        wire.drain()
        self._parser.clear()
        wire.send(build_frame(command.code))
        ends_at = time.monotonic() + command.limit_s * self._patience
        bad_before = self._parser.bad_frames
        self._has_heard = False
        while (left_s := ends_at - time.monotonic()) > 0:
            has_begun = self._parser.held_bytes > 0 or self._parser.bad_frames > bad_before
            count = wire.receive(self._chunk, min(left_s, self._gap_s) if has_begun else left_s)
            self._has_heard = self._has_heard or count > 0
            if reply := self._take(command, self._feed(count)):
                return reply
            if not count and has_begun:
                return None
        _wipe_all(self._parser.break_off())
        return None

    def set_wire_speed(self, baud: int) -> None:
        """Go on at another speed at this end of the wire."""
        wire = self._wire = self._wire or self._open_wire()
        wire.set_speed(baud)

    def close(self) -> None:
        """Let the wire go."""
        self._parser.clear()
        if self._wire:
            self._wire.close()
        self._wire = None

    def _feed(self, count: int) -> list[bytearray]:
        """The frames that so many bytes complete; without any, those behind a frame that never ended."""
        if not count:
            return self._parser.break_off()
        try:
            return self._parser.feed(self._chunk[:count])
        finally:
            wipe(self._chunk[:count])

    @staticmethod
    def _take(command: Command, bodies: list[bytearray]) -> Reply | None:
        """The reply that answers; all others are wiped."""
        fitting = next((body for body in bodies if _answers(command, Reply.of(body))), None)
        _wipe_all([body for body in bodies if body is not fitting])
        return Reply.of(fitting) if fitting is not None else None

    def _after_silence(self, command: Command) -> DeviceError:
        """Reset once; a module that does not even answer that is down."""
        if command is commands.RESET or self.try_once(commands.RESET) is None:
            return FAULTS.error("reader_silent", command.code.hex())
        return FAULTS.error("reader_restarted", command.code.hex())


def _answers(command: Command, reply: Reply) -> bool:
    """Whether a reply belongs to this command, not to an earlier one that came late."""
    if reply.code not in (commands.GOOD, commands.ITEM_ABSENT, commands.FOUND):
        return True
    fits = reply.code == commands.ITEM_ABSENT or len(reply.data) in command.data_lengths
    return fits and reply.code in command.good


def _wipe_all(bodies: list[bytearray]) -> None:
    for body in bodies:
        wipe(body)
