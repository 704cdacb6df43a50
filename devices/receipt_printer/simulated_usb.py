"""The simulated printer on a USB bus, as a device of the printer class (7, subclass 1, protocol 2)."""

import errno
import threading
import time

from devices.receipt_printer.simulated_printer import CutOff, Died, SimulatedPrinter
from devices.receipt_printer.simulated_wires import TICK_S
from devices.simulated_usb import SimulatedUsbBus, SimulatedUsbDevice, UsbSaysNo, UsbShape

_OUT, _IN = 0x01, 0x82
_AWAY_S = 0.1
_NAME = b"MFG:Onething;MDL:Simulated;CMD:ESC/POS;CLS:PRINTER;"
SHAPE = UsbShape(
    vendor_id=0x1209,
    product_id=0x0001,  # pid.codes keeps this number for tests
    serial_number="SIMULATED1",
    product="Simulated receipt printer",
    endpoints=(_OUT, _IN),
    interface_class=7,
    interface_subclass=1,
    interface_protocol=2,
)


class UsbCable:
    """The cable; a printer that loses its power, or is cut off, leaves the bus and comes back to it."""

    def __init__(self, printer: SimulatedPrinter) -> None:
        self._printer = printer
        self._device = SimulatedUsbDevice(SHAPE, self._take, _control)
        self._bus = SimulatedUsbBus()
        self._is_in = threading.Event()

    @property
    def target(self) -> str:
        """What a device URL names it by, without the scheme."""
        return f"{SHAPE.vendor_id:04x}:{SHAPE.product_id:04x}:{SHAPE.serial_number}?bus={self._bus.address}"

    def put_in(self) -> None:
        """Plug it in."""
        self._is_in.set()
        self._bus.plug_in(self._device)

    def pull_out(self) -> None:
        """Unplug it: whoever holds it sees it vanish."""
        self._is_in.clear()
        self._bus.pull_out(self._device)

    def serve(self) -> None:
        """Print for ever."""
        while True:
            time.sleep(TICK_S)
            try:
                self._device.give(_IN, self._printer.work())
            except Died:
                self._printer.lose_power()
                self._reappear()

    def _take(self, _: int, data: bytes) -> None:
        while not self._printer.has_room and self._is_in.is_set():
            time.sleep(TICK_S)
        try:
            self._device.give(_IN, self._printer.receive(data))
        except CutOff:
            # this is the device's own thread: what comes after the cut must find the device gone
            self._reappear()

    def _reappear(self) -> None:
        self.pull_out()
        threading.Timer(_AWAY_S, self.put_in).start()


def _control(kind: int, request: int, _: int, __: int) -> bytes:
    """GET_DEVICE_ID and GET_PORT_STATUS of the printer class."""
    if (kind, request) == (0xA1, 0):
        return (len(_NAME) + 2).to_bytes(2, "big") + _NAME
    if (kind, request) == (0xA1, 1):
        return b"\x18"
    raise UsbSaysNo(errno.EPIPE)
