"""A printer of the USB printer class (USB Device Class Definition for Printing Devices 1.1)."""

import contextlib
import errno
import time
from typing import Any

import usb.core
import usb.util

from devices.receipt_printer.wire import WireLost
from devices.usb_bus import UsbName, find_usb_device

_PRINTER_CLASS = 7
_CHUNK_BYTES = 4096
_WRITE_SLICE_MS = 50
_READ_SLICE_MS = 20
_NO_WAIT_MS = 1  # libusb takes 0 for ever
_USB_ERRORS = (usb.core.USBError, usb.core.NoBackendError, NotImplementedError)


class UsbWire:
    """One claimed printer interface: a bulk pipe each way, no interrupts."""

    def __init__(self, name: UsbName) -> None:
        """Find the printer and claim it. WireLost when it is not there or somebody else holds it."""
        self._device: Any = None
        try:
            self._device = find_usb_device(name)
            if self._device is None:
                raise usb.core.USBError("not plugged in", None, errno.ENODEV)
            self._interface, self._out, self._in = _claim(self._device)
        except _USB_ERRORS as error:
            self._let_go()
            raise WireLost(_cause(error)) from error

    def exchange(self, data: bytes, limit_s: float) -> tuple[int, bytes]:
        """See Wire. USB has no select: the two directions take turns in small slices of the time."""
        ends_at = time.monotonic() + max(limit_s, 0)
        while True:
            taken = self._write(data[:_CHUNK_BYTES]) if data else 0
            if taken:
                return taken, b""  # what it says of them is for the next time: asking now might fail
            said = self._read(_READ_SLICE_MS if not data else _NO_WAIT_MS)
            if said or time.monotonic() >= ends_at:
                return 0, said

    def _read(self, limit_ms: int) -> bytes:
        """What the printer says; an empty answer is no end, USB printers give many of them."""
        try:
            return bytes(self._in.read(self._in.wMaxPacketSize, limit_ms))
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as error:
            raise WireLost(_cause(error)) from error

    def _write(self, data: bytes) -> int:
        try:
            return int(self._out.write(data, _WRITE_SLICE_MS))
        except usb.core.USBTimeoutError:
            return 0
        except usb.core.USBError as error:
            raise WireLost(_cause(error), may_have_taken=True) from error

    def close(self) -> None:
        """See Wire."""
        with contextlib.suppress(usb.core.USBError):
            usb.util.release_interface(self._device, self._interface)
        self._let_go()

    def _let_go(self) -> None:
        if self._device is not None:
            with contextlib.suppress(usb.core.USBError):
                usb.util.dispose_resources(self._device)


def _claim(device: Any) -> tuple[int, Any, Any]:
    """The number of the printer interface, its pipe to the printer, and its pipe back."""
    for interface in device.get_active_configuration():
        if interface.bInterfaceClass != _PRINTER_CLASS:
            continue
        pipes = {usb.util.endpoint_direction(each.bEndpointAddress): each for each in interface}
        if {usb.util.ENDPOINT_IN, usb.util.ENDPOINT_OUT} <= set(pipes):
            _hold(device, interface.bInterfaceNumber)
            return interface.bInterfaceNumber, pipes[usb.util.ENDPOINT_OUT], pipes[usb.util.ENDPOINT_IN]
    raise usb.core.USBError("no printer interface that answers", None, errno.ENXIO)


def _hold(device: Any, number: int) -> None:
    if device.is_kernel_driver_active(number):  # usblp takes every printer it sees
        device.detach_kernel_driver(number)
    usb.util.claim_interface(device, number)


def _cause(error: Exception) -> str:
    number = getattr(error, "errno", None)
    return f"{type(error).__name__} {number}" if number else type(error).__name__
