"""A SAM-V reader on USB, in both framings that are sold: split over four endpoints, or one pair.

Split (0400:C35A and its kin): preamble and length go to endpoint 0x02 and come from 0x81, the rest goes to
0x06 and comes from 0x85. One pair: the whole frame in chunks of 64 bytes, whatever fills up the last one.
"""

import array
import contextlib
import errno
import time
from collections.abc import Callable, Iterator
from typing import Any

import usb.core
import usb.util

from devices.errors import DeviceError
from devices.id_card.faults import FAULTS
from devices.id_card.frames import PREAMBLE, wipe
from devices.id_card.wire import gone, not_opened
from devices.usb_bus import UsbName, find_usb_device

HEAD = len(PREAMBLE) + 2
FRAMINGS = ("auto", "split", "pair")
_WRITE_LIMIT_MS = 500
_CHUNK = 64
# a multiple of every packet size, so that no answer overflows it
_BUFFER = 4096
# the shortest limit there is: libusb takes 0 for ever
_NO_WAIT_MS = 1


class UsbWire:
    """One claimed reader. The buffers of what came are its own, and wiped as soon as they are handed on."""

    def __init__(self, name: UsbName, framing: str = "auto", pause_s: float = 0.0) -> None:
        """Find it and claim it; `pause_s` is the rest that this firmware wants after each request."""
        self._pause_s = pause_s
        self._buffer = array.array("B", bytes(_BUFFER))
        self._rest, self._head = 0, b""
        with _usb_errors(not_opened):
            self._device = find_usb_device(name)
            if self._device is None:
                raise gone("ENODEV")
            interface = self._claim_or_close()
        outs, ins = _endpoints(interface)
        is_pair = framing == "pair" or (framing == "auto" and min(len(outs), len(ins)) < 2)
        if min(len(outs), len(ins)) < (1 if is_pair else 2):
            self.close()
            raise FAULTS.error("reader_faulty", f"{len(outs)} + {len(ins)} endpoints")
        self._head_out, self._rest_out = (outs[0], outs[0]) if is_pair else outs[:2]
        self._head_in, self._rest_in = (ins[0], ins[0]) if is_pair else ins[:2]
        self._is_pair = is_pair

    def send(self, data: bytes) -> None:
        """See Wire."""
        parts = _chunks(data) if self._is_pair else [data[:HEAD], data[HEAD:]]
        with _usb_errors(gone):
            for number, part in enumerate(parts):
                try:
                    (self._rest_out if number else self._head_out).write(part, _WRITE_LIMIT_MS)
                except usb.core.USBTimeoutError as error:
                    raise FAULTS.error("reader_silent", "write timed out") from error
        time.sleep(self._pause_s)

    def receive(self, into: memoryview, limit_s: float) -> int:
        """See Wire. The head says how many bytes the other endpoint holds."""
        endpoint = self._rest_in if self._rest > 0 else self._head_in
        count = self._read(endpoint, max(_NO_WAIT_MS, int(limit_s * 1000)))
        got = memoryview(self._buffer)[:count]
        if self._rest > 0:
            self._rest -= count
        elif not self._is_pair:
            self._note_head(bytes(got))
        into[:count] = got
        wipe(got)
        return count

    def drain(self) -> None:
        """See Wire."""
        self._rest, self._head = 0, b""
        for endpoint in {each.bEndpointAddress: each for each in (self._head_in, self._rest_in)}.values():
            while count := self._read(endpoint, _NO_WAIT_MS):
                wipe(memoryview(self._buffer)[:count])

    def set_speed(self, baud: int) -> None:
        """See Wire. USB has a speed of its own."""
        del baud

    def close(self) -> None:
        """See Wire."""
        with contextlib.suppress(usb.core.USBError):
            usb.util.dispose_resources(self._device)

    def _claim_or_close(self) -> Any:
        try:
            return _claim(self._device)
        except usb.core.USBError:
            self.close()
            raise

    def _note_head(self, data: bytes) -> None:
        """Once preamble and length are there, however they came, the other endpoint has its turn."""
        self._head += data
        begun_at = self._head.rfind(PREAMBLE)
        behind = len(self._head) - begun_at - HEAD
        if begun_at >= 0 and behind >= 0:
            length_at = begun_at + len(PREAMBLE)
            self._rest = int.from_bytes(self._head[length_at : length_at + 2], "big") - behind
        if self._rest > 0 or len(self._head) > _BUFFER:
            self._head = b""

    def _read(self, endpoint: Any, limit_ms: int) -> int:
        with _usb_errors(gone):
            try:
                return int(endpoint.read(self._buffer, limit_ms))
            except usb.core.USBTimeoutError:
                return 0
            except usb.core.USBError as error:
                if error.errno != errno.EPIPE:
                    raise
            # the reader halted the pipe: it can be used again, what was in it is lost
            self._device.clear_halt(endpoint.bEndpointAddress)
        return 0


@contextlib.contextmanager
def _usb_errors(mean: Callable[[object], DeviceError]) -> Iterator[None]:
    """Tell what libusb says as a DeviceError."""
    try:
        yield
    except (usb.core.USBError, usb.core.NoBackendError) as error:
        raise mean(error) from error


def _claim(device: Any) -> Any:
    """The first interface with endpoints both ways, taken for us. USBError."""
    try:
        configuration = device.get_active_configuration()
    except usb.core.USBError:
        device.set_configuration()
        configuration = device.get_active_configuration()
    interface = next((each for each in configuration if all(_endpoints(each))), configuration[(0, 0)])
    number = interface.bInterfaceNumber
    with contextlib.suppress(NotImplementedError):
        if device.is_kernel_driver_active(number):
            device.detach_kernel_driver(number)
    usb.util.claim_interface(device, number)
    return interface


def _endpoints(interface: Any) -> tuple[list[Any], list[Any]]:
    """Its endpoints by address: those out of this machine, those into it."""
    ordered = sorted(interface.endpoints(), key=lambda each: each.bEndpointAddress)
    outs = [each for each in ordered if not each.bEndpointAddress & 0x80]
    return outs, [each for each in ordered if each.bEndpointAddress & 0x80]


def _chunks(data: bytes) -> list[bytes]:
    return [data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK)]
