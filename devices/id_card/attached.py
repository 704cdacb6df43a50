"""Which card readers hang on this machine, as device URLs for a technician to choose from."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import usb.core
import usb.util

from devices.usb_bus import SocketBackend

# vendor and product numbers that public drivers for SAM-V readers name
KNOWN_READERS = {
    (0x0400, 0xC35A): "standard SAM-V reader",
    (0x0483, 0x5652): "SAM-V reader",
    (0x10C4, 0x8A1B): "信通 reader",
    (0x2015, 0x0008): "森锐 reader",
    (0x9573, 0x4836): "亿数 reader",
    (0x2B19, 0x0200): "捷宇 reader",
    (0x0103, 0x6066): "捷宇 reader",
}
SERIAL_LINES = Path("/dev/serial/by-id")


@dataclass(frozen=True)
class AttachedReader:
    """A device URL, and what is known of what it opens; `is_sure` is False for a serial line of any use."""

    url: str
    about: str
    is_sure: bool


def list_attached(*, bus: str = "", serial_lines: Path = SERIAL_LINES) -> list[AttachedReader]:
    """Known readers on USB, then serial lines by their serial numbers, each in the order of its URL.

    `bus` is a simulator's in place of the machine's. A machine without USB has no USB readers: no error.
    """
    lines = sorted(serial_lines.iterdir()) if serial_lines.is_dir() else []
    found = [AttachedReader(f"idcard+serial:{line}", line.name, is_sure=False) for line in lines]
    return sorted(_on_usb(bus), key=lambda reader: reader.url) + found


def _on_usb(bus: str) -> list[AttachedReader]:
    try:
        backend = SocketBackend(bus) if bus else None
        devices = list(usb.core.find(find_all=True, backend=backend, custom_match=_is_known))
    except (usb.core.USBError, usb.core.NoBackendError):
        return []
    return [_describe(device, bus) for device in devices]


def _is_known(device: Any) -> bool:
    return (device.idVendor, device.idProduct) in KNOWN_READERS


def _describe(device: Any, bus: str) -> AttachedReader:
    name = f"{device.idVendor:04X}:{device.idProduct:04X}"
    about = KNOWN_READERS[device.idVendor, device.idProduct]
    try:
        serial_number, product = device.serial_number, device.product
    except (usb.core.USBError, ValueError):
        # not ours to open, or gone this moment: its numbers are all that is known
        serial_number, product = None, None
    finally:
        usb.util.dispose_resources(device)
    url = f"idcard+usb://{name}" + (f":{serial_number}" if serial_number else "")
    return AttachedReader(url + (f"?bus={bus}" if bus else ""), product or about, is_sure=True)
