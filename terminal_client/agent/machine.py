"""What the machine says of itself: its boot, its disk, its warmth, its serial numbers; nothing of people."""

import os
import time
from pathlib import Path

from terminal_client.updating.version import get_version

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
WARMTH = Path("/sys/class/thermal/thermal_zone0/temp")
DMI = Path("/sys/class/dmi/id")
SERIALS = {"machine": "product_serial", "board": "board_serial", "uuid": "product_uuid"}
MIB = 1024 * 1024


def agent_version() -> str:
    """The version of this program."""
    return get_version()


def read_boot_id() -> str:
    """The kernel's name for this run of the machine."""
    return _read(BOOT_ID) or "unknown"


def read_serials() -> dict[str, str]:
    """The machine's serial numbers, those that can be read."""
    return {name: text for name, file in SERIALS.items() if (text := _read(DMI / file))}


def read_uptime_seconds() -> int:
    """Whole seconds since the machine was switched on."""
    return int(time.clock_gettime(time.CLOCK_BOOTTIME))


def read_temperature_c() -> float | None:
    """Degrees Celsius of the first sensor, where there is one."""
    text = _read(WARMTH)
    try:
        return int(text) / 1000
    except ValueError:
        return None


def free_mib(folder: Path) -> int:
    """Whole MiB that this user may still write in a folder's file system. OSError."""
    room = os.statvfs(folder)
    return room.f_bavail * room.f_frsize // MIB


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
