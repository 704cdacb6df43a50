"""A USB bus without a kernel: devices of simulators, spoken to over TCP by `devices.usb_bus`.

A request is four bytes of length and JSON, `{"id", "op", ...}`; an answer is the request's id, an errno (0 is
good), a length and so many bytes. The errors are those that libusb gives on Linux.
"""

import contextlib
import errno
import json
import queue
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

ANSWER = struct.Struct(">III")
REQUEST = struct.Struct(">I")
LONGEST_REQUEST = 1 << 20
LANGUAGE = bytes([4, 3, 0x09, 0x04])

OnOut = Callable[[int, bytes], None]
OnControl = Callable[[int, int, int, int], bytes]


class UsbSaysNo(Exception):
    """A transfer that cannot be; `number` is its errno."""

    def __init__(self, number: int) -> None:
        super().__init__(errno.errorcode[number])
        self.number = number


@dataclass(frozen=True)
class UsbShape:
    """What a device says of itself: one configuration, one interface, bulk endpoints (IN has bit 7)."""

    vendor_id: int
    product_id: int
    serial_number: str
    product: str
    endpoints: tuple[int, ...]
    interface_class: int = 0xFF
    interface_subclass: int = 0
    interface_protocol: int = 0
    packet_bytes: int = 64

    def string(self, index: int) -> bytes:
        """The string descriptor: 0 languages, 1 product, 2 serial number. UsbSaysNo for another."""
        if index == 0:
            return LANGUAGE
        if index not in (1, 2):
            raise UsbSaysNo(errno.EPIPE)
        text = (self.product, self.serial_number)[index - 1].encode("utf-16-le")
        return bytes([len(text) + 2, 3]) + text


class SimulatedUsbDevice:
    """One device: `on_out` gets what the host writes, in a thread of the device's own; `give` answers.

    `on_control` answers class requests: (request type, request, value, index) to bytes. `refused_claim` is
    the errno with which whoever wants it is turned away, 0 for none.
    """

    def __init__(self, shape: UsbShape, on_out: OnOut, on_control: OnControl | None = None) -> None:
        self.shape = shape
        self.is_in = False
        self.claimed_by: object = None
        self.refused_claim = 0
        self._on_out = on_out
        self._on_control = on_control
        self._coming: queue.Queue[tuple[int, bytes]] = queue.Queue()
        self._waiting: dict[int, deque[bytes]] = {each: deque() for each in shape.endpoints if each & 0x80}
        self._changed = threading.Condition()
        threading.Thread(target=self._run, daemon=True).start()

    def give(self, endpoint: int, data: bytes) -> None:
        """Offer one IN transfer; the host gets it whole, or in pieces of its own buffer's size."""
        with self._changed:
            if data:
                self._waiting[endpoint].append(data)
            self._changed.notify_all()

    def take(self, endpoint: int, size: int, limit_s: float) -> bytes:
        """What a bulk read gets. UsbSaysNo: ETIMEDOUT, ENODEV, or EOVERFLOW when the buffer is too small."""
        with self._changed:
            waiting = self._waiting[endpoint]
            self._changed.wait_for(lambda: waiting or not self.is_in, limit_s)
            if not self.is_in:
                raise UsbSaysNo(errno.ENODEV)
            if not waiting:
                raise UsbSaysNo(errno.ETIMEDOUT)
            data = waiting.popleft()
            if len(data) > size and size % self.shape.packet_bytes:
                raise UsbSaysNo(errno.EOVERFLOW)
            if rest := data[size:]:
                waiting.appendleft(rest)
            return data[:size]

    def put(self, endpoint: int, data: bytes) -> None:
        """What a bulk write hands over. UsbSaysNo for an endpoint that is not there."""
        if endpoint not in self.shape.endpoints:
            raise UsbSaysNo(errno.ENOENT)
        self._coming.put((endpoint, data))

    def control(self, kind: int, request: int, value: int, index: int) -> bytes:
        """The answer to an IN control request. UsbSaysNo(EPIPE) when the device does not know it."""
        if (kind, request, value >> 8) == (0x80, 6, 3):
            return self.shape.string(value & 0xFF)
        if self._on_control is None:
            raise UsbSaysNo(errno.EPIPE)
        return self._on_control(kind, request, value, index)

    def change_plug(self, *, is_in: bool) -> None:
        """Be plugged in afresh, or be gone: a host that waits is told at once."""
        with self._changed:
            self.is_in = is_in
            self.claimed_by = None
            for waiting in self._waiting.values():
                waiting.clear()
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            endpoint, data = self._coming.get()
            if self.is_in:
                self._on_out(endpoint, data)


class SimulatedUsbBus:
    """The bus that devices are plugged into; `address` (host:port) is what a device URL's `bus=` names."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._devices: dict[int, SimulatedUsbDevice] = {}
        self._next_number = 1
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def plug_in(self, device: SimulatedUsbDevice) -> None:
        """Put a device in; it gets another number on the bus each time."""
        with self._lock:
            if device in self._devices.values():
                return
            device.change_plug(is_in=True)
            self._devices[self._next_number] = device
            self._next_number += 1

    def pull_out(self, device: SimulatedUsbDevice) -> None:
        """Take a device out; every handle on it is dead."""
        with self._lock:
            self._devices = {number: each for number, each in self._devices.items() if each is not device}
            device.change_plug(is_in=False)

    def list_devices(self) -> list[dict[str, Any]]:
        """Each device's shape, with its present number."""
        with self._lock:
            return [{"number": number} | asdict(each.shape) for number, each in self._devices.items()]

    def get_device(self, number: int) -> SimulatedUsbDevice:
        """The device with that number. UsbSaysNo(ENODEV) when it is out."""
        with self._lock:
            if number not in self._devices:
                raise UsbSaysNo(errno.ENODEV)
            return self._devices[number]

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            threading.Thread(target=_Host(self, connection).serve, daemon=True).start()


class _Host:
    """One connected host; what it claimed is free again when it goes."""

    def __init__(self, bus: SimulatedUsbBus, connection: socket.socket) -> None:
        self._bus = bus
        self._connection = connection
        self._claimed: set[SimulatedUsbDevice] = set()

    def serve(self) -> None:
        """Answer until the host goes."""
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._connection, contextlib.suppress(OSError, EOFError, ValueError):
            while True:
                asked = json.loads(self._receive(REQUEST.unpack(self._receive(REQUEST.size))[0]))
                self._answer(asked)
        for device in self._claimed:
            if device.claimed_by is self:
                device.claimed_by = None

    def _receive(self, size: int) -> bytes:
        if size > LONGEST_REQUEST:
            raise ValueError("a request too long")
        data = b""
        while len(data) < size:
            piece = self._connection.recv(size - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def _answer(self, asked: dict[str, Any]) -> None:
        try:
            number, payload = 0, self._obey(asked)
        except UsbSaysNo as refusal:
            number, payload = refusal.number, b""
        self._connection.sendall(ANSWER.pack(asked["id"], number, len(payload)) + payload)

    def _obey(self, asked: dict[str, Any]) -> bytes:
        if asked["op"] == "list":
            return json.dumps(self._bus.list_devices()).encode()
        device = self._bus.get_device(asked["number"])
        match asked["op"]:
            case "claim":
                self._claim(device)
            case "release":
                device.claimed_by = None if device.claimed_by is self else device.claimed_by
            case "write":
                self._insist_on_claim(device)
                device.put(asked["endpoint"], bytes.fromhex(asked["data"]))
            case "read":
                self._insist_on_claim(device)
                return device.take(asked["endpoint"], asked["size"], asked["limit_s"])
            case "control":
                answer = device.control(asked["kind"], asked["request"], asked["value"], asked["index"])
                return answer[: asked["size"]]
        return b""

    def _claim(self, device: SimulatedUsbDevice) -> None:
        if device.refused_claim:
            raise UsbSaysNo(device.refused_claim)
        if device.claimed_by not in (None, self):
            raise UsbSaysNo(errno.EBUSY)
        device.claimed_by = self
        self._claimed.add(device)

    def _insist_on_claim(self, device: SimulatedUsbDevice) -> None:
        if device.claimed_by is not self:
            raise UsbSaysNo(errno.EBUSY)
