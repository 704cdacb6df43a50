"""Finding a USB device by its numbers and its serial number, on the machine's bus or on a simulator's."""

import array
import errno
import itertools
import json
import os
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import usb.backend
import usb.core
import usb.util

from devices.simulated_usb import ANSWER, REQUEST
from devices.url import BadDeviceUrl, DeviceUrl

_NAME = re.compile(r"(?P<vendor>[0-9A-Fa-f]{4}):(?P<product>[0-9A-Fa-f]{4})(?::(?P<serial>.+))?")
_MARGIN_S = 0.15
_CONNECT_LIMIT_S = 2.0


@dataclass(frozen=True)
class UsbName:
    """Which device is meant: vendor, product, and, where two of a kind may hang, the serial number.

    `bus` is empty for the machine's own bus, else a simulator's `host:port`.
    """

    vendor_id: int
    product_id: int
    serial_number: str = ""
    bus: str = ""

    @classmethod
    def of(cls, url: DeviceUrl) -> "UsbName":
        """`KIND+usb://0400:C35A:SERIAL?bus=127.0.0.1:4000`, serial and bus optional. BadDeviceUrl."""
        match = _NAME.fullmatch(url.target)
        if not match:
            raise BadDeviceUrl(f"{url.target!r} is no VENDOR:PRODUCT in four hexadecimal digits each")
        vendor_id, product_id = (int(match[part], 16) for part in ("vendor", "product"))
        return cls(vendor_id, product_id, match["serial"] or "", url.options.get("bus", ""))


def find_usb_device(name: UsbName) -> Any:
    """The `usb.core.Device` of that name, None when it is not plugged in.

    Whoever claims it lets it go with `usb.util.dispose_resources`. usb.core.USBError when the bus cannot be
    asked, usb.core.NoBackendError when there is no libusb.
    """
    backend = SocketBackend(name.bus) if name.bus else None
    found = usb.core.find(find_all=True, backend=backend, idVendor=name.vendor_id, idProduct=name.product_id)
    return next((each for each in found if _has_serial(each, name.serial_number)), None)


def _has_serial(device: Any, serial_number: str) -> bool:
    if not serial_number:
        return True
    try:
        return bool(device.serial_number == serial_number)
    except (usb.core.USBError, ValueError):
        # another reader of the kind, unplugged this moment or not ours to open, is not the one we want
        return False
    finally:
        usb.util.dispose_resources(device)


class SocketBackend(usb.backend.IBackend):  # type: ignore[misc]
    """A pyusb backend (see `usb.backend.IBackend`) whose devices are a simulator's.

    Answers that come too late are thrown away, so a simulator that hangs costs each transfer its own time
    limit and no more. It is connected while a device is open, and else for one question at a time.
    """

    def __init__(self, address: str) -> None:
        self._host, _, self._port = address.rpartition(":")
        self._numbers = itertools.count(1)
        self._handles = 0
        self._connection: socket.socket | None = None

    def enumerate_devices(self) -> Iterator[dict[str, Any]]:
        """What is plugged in."""
        listed = array.array("B", bytes(1 << 16))
        size = self._ask({"op": "list"}, _CONNECT_LIMIT_S, listed)
        yield from json.loads(listed[:size].tobytes())

    def get_parent(self, dev: dict[str, Any]) -> None:
        """There is no hub."""

    def get_device_descriptor(self, dev: dict[str, Any]) -> SimpleNamespace:
        """USB 2.0, chapter 9.6.1."""
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x0200, bDeviceClass=0, bDeviceSubClass=0,
            bDeviceProtocol=0, bMaxPacketSize0=64, idVendor=dev["vendor_id"], idProduct=dev["product_id"],
            bcdDevice=0x0100, iManufacturer=0, iProduct=1, iSerialNumber=2 if dev["serial_number"] else 0,
            bNumConfigurations=1, bus=0, address=dev["number"], port_number=None, port_numbers=None, speed=2,
        )  # fmt: skip

    def get_configuration_descriptor(self, _dev: dict[str, Any], config: int) -> SimpleNamespace:
        """Chapter 9.6.3. IndexError for any but the first."""
        _insist_on_first(config)
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=0, bNumInterfaces=1, bConfigurationValue=1,
            iConfiguration=0, bmAttributes=0x80, bMaxPower=100, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(
        self, dev: dict[str, Any], intf: int, alt: int, config: int
    ) -> SimpleNamespace:
        """Chapter 9.6.5. IndexError for any but the first."""
        _insist_on_first(intf, alt, config)
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0,
            bNumEndpoints=len(dev["endpoints"]), bInterfaceClass=dev["interface_class"],
            bInterfaceSubClass=dev["interface_subclass"], bInterfaceProtocol=dev["interface_protocol"],
            iInterface=0, extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(
        self, dev: dict[str, Any], ep: int, intf: int, alt: int, config: int
    ) -> SimpleNamespace:
        """Chapter 9.6.6: all of them bulk."""
        _insist_on_first(intf, alt, config)
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=dev["endpoints"][ep], bmAttributes=2,
            wMaxPacketSize=dev["packet_bytes"], bInterval=0, bRefresh=0, bSynchAddress=0,
            extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: dict[str, Any]) -> int:
        """A handle: the device's number on the bus."""
        if not self._handles:
            self._connection = self._connect()
        self._handles += 1
        return int(dev["number"])

    def close_device(self, _handle: int) -> None:
        """Let go of the simulator with the last handle."""
        self._handles -= 1
        if not self._handles and self._connection:
            self._connection.close()

    def get_configuration(self, _handle: int) -> int:
        """The only one."""
        return 1

    def set_configuration(self, dev_handle: int, config_value: int) -> None:
        """It is set already."""

    def claim_interface(self, dev_handle: int, _intf: int) -> None:
        """Take the device for this host. USBError EBUSY when another has it."""
        self._ask({"op": "claim", "number": dev_handle}, _CONNECT_LIMIT_S)

    def release_interface(self, dev_handle: int, _intf: int) -> None:
        """Give it free."""
        self._ask({"op": "release", "number": dev_handle}, _CONNECT_LIMIT_S)

    def is_kernel_driver_active(self, _handle: int, _intf: int) -> bool:
        """A simulator has no kernel."""
        return False

    def clear_halt(self, dev_handle: int, ep: int) -> None:
        """Nothing halts here."""

    def bulk_write(self, dev_handle: int, ep: int, _intf: int, data: Any, timeout: int) -> int:
        """Bytes written, within `timeout` milliseconds. USBError."""
        self._ask(
            {"op": "write", "number": dev_handle, "endpoint": ep, "data": data.tobytes().hex()},
            timeout / 1000,
        )
        return len(data)

    def bulk_read(self, dev_handle: int, ep: int, _intf: int, buff: Any, timeout: int) -> int:
        """Bytes read into `buff`, within `timeout` milliseconds. USBError."""
        asked = {"op": "read", "number": dev_handle, "endpoint": ep, "size": len(buff)}
        return self._ask(asked | {"limit_s": timeout / 1000}, timeout / 1000, buff)

    def ctrl_transfer(
        self, dev_handle: int, kind: int, request: int, value: int, index: int, data: Any, timeout: int
    ) -> int:
        """An IN control request's answer into `data`. USBError."""
        asked = {"op": "control", "number": dev_handle, "kind": kind, "request": request}
        asked |= {"value": value, "index": index, "size": len(data)}
        return self._ask(asked, timeout / 1000, data)

    def _connect(self) -> socket.socket:
        try:
            connection = socket.create_connection((self._host, int(self._port)), timeout=_CONNECT_LIMIT_S)
        except OSError as error:
            raise _usb_error(errno.ENODEV) from error
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def _ask(self, asked: dict[str, Any], limit_s: float, into: Any = None) -> int:
        """Ask, and put the answer into a buffer; returns its length."""
        if self._handles and self._connection:
            return self._ask_over(self._connection, asked, limit_s, into)
        with self._connect() as connection:
            return self._ask_over(connection, asked, limit_s, into)

    def _ask_over(self, connection: socket.socket, asked: dict[str, Any], limit_s: float, into: Any) -> int:
        number = next(self._numbers)
        request = json.dumps({"id": number} | asked).encode()
        buffer = memoryview(into if into is not None else bytearray())
        try:
            connection.settimeout(limit_s + _MARGIN_S)
            connection.sendall(REQUEST.pack(len(request)) + request)
            refusal, size = _receive_answer(connection, number, buffer)
        except TimeoutError as error:
            raise _usb_error(errno.ETIMEDOUT) from error
        except OSError as error:
            raise _usb_error(errno.ENODEV) from error
        if refusal:
            raise _usb_error(refusal)
        return size


def _receive_answer(connection: socket.socket, number: int, into: memoryview) -> tuple[int, int]:
    """The errno and the length of the answer to one request; those before it came too late."""
    while True:
        head = memoryview(bytearray(ANSWER.size))
        _fill(connection, head, has_begun=False)
        answers, refusal, size = ANSWER.unpack(head)
        _fill(connection, into[:size] if answers == number else memoryview(bytearray(size)))
        if answers == number:
            return int(refusal), int(size)


def _fill(connection: socket.socket, into: memoryview, *, has_begun: bool = True) -> None:
    while len(into):
        try:
            count = connection.recv_into(into)
        except TimeoutError:
            # half an answer cannot be skipped later: this connection is of no more use
            if has_begun:
                connection.close()
            raise
        if not count:
            raise OSError(errno.ENODEV, "the simulator has ended")
        has_begun, into = True, into[count:]


def _insist_on_first(*indexes: int) -> None:
    # pyusb walks on until it is told that there is no more
    if any(indexes):
        raise IndexError("there is only one")


def _usb_error(number: int) -> Exception:
    kind = usb.core.USBTimeoutError if number == errno.ETIMEDOUT else usb.core.USBError
    error: Exception = kind(os.strerror(number), None, number)
    return error
