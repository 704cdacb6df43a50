"""A device's address: one URL that names its kind, its wire and its settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote


class BadDeviceUrl(ValueError):
    """The text is no device URL; the message says what is wrong with it."""

    reason = "bad_device_url"


@dataclass(frozen=True)
class DeviceUrl:
    """`idcard+serial:/dev/ttyUSB0?baud=115200` in its parts.

    `target` is everything between scheme and settings: a path, `host:port`, or a name of the maker's own.
    """

    scheme: str
    target: str
    options: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> "DeviceUrl":
        """Take a URL apart. BadDeviceUrl when it has no scheme or no target."""
        head, _, query = text.partition("?")
        scheme, colon, target = head.partition(":")
        if not colon or not scheme:
            raise BadDeviceUrl(f"{text!r} has no scheme; an example is idcard+serial:/dev/ttyUSB0")
        target = unquote(target.removeprefix("//"))
        if not target:
            raise BadDeviceUrl(f"{text!r} names no device after {scheme}:")
        return cls(scheme.lower(), target, dict(parse_qsl(query, keep_blank_values=True)))

    def host_and_port(self, default_port: int) -> tuple[str, int]:
        """The target as a network address. BadDeviceUrl when the port is no port."""
        host, colon, port = self.target.rpartition(":")
        if not colon:
            return self.target, default_port
        if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
            raise BadDeviceUrl(f"{self.target!r} has no valid port")
        return host.strip("[]"), int(port)

    def number(self, option: str, default: float) -> float:
        """A setting as a number. BadDeviceUrl when it is none or below 0."""
        text = self.options.get(option)
        if text is None:
            return default
        try:
            value = float(text)
        except ValueError as error:
            raise BadDeviceUrl(f"{option}={text!r} is no number") from error
        if not 0 <= value < float("inf"):
            raise BadDeviceUrl(f"{option}={text!r} is out of range")
        return value
