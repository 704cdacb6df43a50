"""From a device URL to an open device; drivers of other makers come in by entry point."""

from importlib.metadata import EntryPoint, entry_points
from typing import Any

from devices.url import BadDeviceUrl, DeviceUrl

GROUP = "onething.devices"


class UnknownDriver(BadDeviceUrl):
    """No installed driver answers to the URL's scheme."""

    reason = "unknown_driver"


def list_schemes() -> list[str]:
    """The schemes of all installed drivers, in alphabetical order."""
    return sorted({entry.name for entry in entry_points(group=GROUP)})


def open_device(url: str) -> Any:
    """Open the device a URL names; the port of its kind says what can be asked of it.

    BadDeviceUrl when the text is wrong, UnknownDriver when no driver has that scheme. A device that is
    switched off or not plugged in is no error here: it is found out, and said, at its first use.
    """
    parsed = DeviceUrl.parse(url)
    return _get_driver(parsed.scheme).load()(parsed)


def _get_driver(scheme: str) -> EntryPoint:
    found = sorted(entry_points(group=GROUP, name=scheme), key=lambda entry: entry.value)
    if not found:
        known = ", ".join(list_schemes()) or "none"
        raise UnknownDriver(f"no driver is installed for {scheme!r}; installed are: {known}")
    return found[0]
