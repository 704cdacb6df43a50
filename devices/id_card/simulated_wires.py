"""The cables of the simulated card reader: a pty, TCP connections, and two kinds of USB."""

import contextlib
import os
import pty
import select
import socket
import termios
import threading
import time
import tty
from collections.abc import Callable
from functools import partial
from pathlib import Path

from devices.id_card.frames import PREAMBLE, FrameParser
from devices.id_card.simulated_reader import Answer, SimulatedReader
from devices.simulated_usb import SimulatedUsbBus, SimulatedUsbDevice, UsbShape

SPLIT_ENDPOINTS = (0x02, 0x06, 0x81, 0x85)
PAIR_ENDPOINTS = (0x03, 0x83)
_BITS_PER_BYTE = 10  # start, eight data, stop
_CHUNK = 64
_TERMIOS_SPEEDS = {
    termios.B9600: 9600,
    termios.B19200: 19200,
    termios.B38400: 38400,
    termios.B57600: 57600,
    termios.B115200: 115200,
}

Send = Callable[[bytes], object]


class Unplugged(Exception):
    """The reader was pulled out in the middle of an answer."""


def deliver(reader: SimulatedReader, answer: Answer, send: Send) -> None:
    """Send an answer, in pieces and at a speed if so told, stopping where the fault says. Unplugged."""
    faults, data = answer.faults, answer.data
    time.sleep(faults.delay_s)
    if faults.lift_after_bytes is not None:
        data = data[: faults.lift_after_bytes]
    if faults.unplug_after_bytes is not None:
        data = data[: faults.unplug_after_bytes]
    piece = faults.piece_bytes or (_CHUNK if faults.baud else len(data) or 1)
    begun = time.monotonic()
    for start in range(0, len(data), piece):
        part = data[start : start + piece]
        if faults.baud:
            due = begun + (start + len(part)) * _BITS_PER_BYTE / faults.baud
            time.sleep(max(0.0, due - time.monotonic()))
        send(part)
        if faults.piece_bytes:
            time.sleep(0)  # let the other end see the piece by itself
    if faults.lift_after_bytes is not None:
        reader.lift()
    if faults.unplug_after_bytes is not None:
        raise Unplugged


def _serve(
    reader: SimulatedReader, descriptor: int, ended: threading.Event, find_speed: Callable[[], int | None]
) -> None:
    """Answer what comes on one wire until it, or the simulator, ends.

    What comes at another speed than the reader's is noise to it.
    """
    parser = FrameParser(shortest=3)
    while not ended.is_set():
        ready, _, _ = select.select([descriptor], [], [], 0.1)
        if not ready:
            continue
        data = os.read(descriptor, 4096)
        if not data:
            return
        if find_speed() not in (None, reader.speed):
            continue
        for request in parser.feed(data):
            answer = reader.answer(bytes(request))
            if answer:
                deliver(reader, answer, lambda part: os.write(descriptor, part))


class SerialPlug:
    """The reader's serial cable: a pty that can be pulled out and put back as another one."""

    def __init__(self, reader: SimulatedReader, link: Path | None) -> None:
        self._reader = reader
        self._link = link
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self.path = ""

    def put_in(self) -> None:
        """Open a new pty, and point the link at it as udev would."""
        with self._lock:
            if self._thread and not self._ended.is_set():
                return
            if self._thread:
                self._thread.join(5)
            controller, worker = pty.openpty()
            tty.setraw(worker)
            self.path = os.ttyname(worker)
            if self._link:
                fresh = self._link.with_name(self._link.name + ".new")
                fresh.unlink(missing_ok=True)
                fresh.symlink_to(self.path)
                fresh.rename(self._link)
            self._ended = threading.Event()
            args = (controller, worker, self._ended)
            self._thread = threading.Thread(target=self._run, args=args, daemon=True)
            self._thread.start()

    def pull_out(self) -> None:
        """Close the pty: whoever holds the other end sees the device vanish."""
        with self._lock:
            self._ended.set()
            if self._thread:
                self._thread.join(5)

    def _run(self, controller: int, worker: int, ended: threading.Event) -> None:
        def find_speed() -> int | None:
            # what the other end has set this line to
            return _TERMIOS_SPEEDS.get(termios.tcgetattr(worker)[5])

        with contextlib.suppress(Unplugged, OSError):
            _serve(self._reader, controller, ended, find_speed)
        ended.set()
        if self._link:
            self._link.unlink(missing_ok=True)
        os.close(worker)
        os.close(controller)


class UsbPlug:
    """The reader's USB cable: its requests from any OUT endpoint, its answers as its kind frames them."""

    def __init__(self, reader: SimulatedReader, bus: SimulatedUsbBus, shape: UsbShape) -> None:
        self._reader = reader
        self._bus = bus
        self._parser = FrameParser(shortest=3)
        self._device = SimulatedUsbDevice(shape, self._obey)
        self._is_split = shape.endpoints == SPLIT_ENDPOINTS
        name = f"{shape.vendor_id:04X}:{shape.product_id:04X}:{shape.serial_number}"
        self.url = f"idcard+usb://{name}?bus={bus.address}"

    def put_in(self) -> None:
        """Plug it in, under a new number."""
        self._parser.clear()
        self._bus.plug_in(self._device)

    def pull_out(self) -> None:
        """Unplug it."""
        self._bus.pull_out(self._device)

    def _obey(self, _: int, data: bytes) -> None:
        for request in self._parser.feed(data):
            answer = self._reader.answer(bytes(request))
            if answer is None:
                continue
            try:
                deliver(self._reader, answer, self._sender(answer))
            except Unplugged:
                self.pull_out()

    def _sender(self, answer: Answer) -> Send:
        if self._is_split:
            return _SplitAnswer(self._device, answer.data)
        # an answer sent as one is filled up to whole chunks, as these readers do; pieces are sent as they are
        is_whole = not answer.faults.piece_bytes and not answer.faults.baud
        return self._send_padded if is_whole else partial(self._device.give, PAIR_ENDPOINTS[1])

    def _send_padded(self, part: bytes) -> None:
        for start in range(0, len(part), _CHUNK):
            self._device.give(PAIR_ENDPOINTS[1], part[start : start + _CHUNK].ljust(_CHUNK, b"\0"))


class _SplitAnswer:
    """Sends one answer's bytes, piece by piece: up to the length by one endpoint, the rest by the other."""

    def __init__(self, device: SimulatedUsbDevice, data: bytes) -> None:
        self._device = device
        begun_at = data.find(PREAMBLE)
        self._head_left = begun_at + len(PREAMBLE) + 2 if begun_at >= 0 else len(data)

    def __call__(self, part: bytes) -> None:
        head, rest = part[: self._head_left], part[self._head_left :]
        self._head_left -= len(head)
        self._device.give(SPLIT_ENDPOINTS[2], head)
        self._device.give(SPLIT_ENDPOINTS[3], rest)


def serve_tcp(reader: SimulatedReader, listener: socket.socket) -> None:
    """Answer every connection in a thread of its own; never returns."""
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_serve_connection, args=(reader, connection), daemon=True).start()


def _serve_connection(reader: SimulatedReader, connection: socket.socket) -> None:
    with connection, contextlib.suppress(Unplugged, OSError):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _serve(reader, connection.fileno(), threading.Event(), lambda: None)
