"""What the server configures, checked as a whole before any of it is used."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, timezone
from typing import Any

from devices.registry import list_schemes
from devices.url import BadDeviceUrl, DeviceUrl
from terminal_client.config import Config, DeviceUrls
from terminal_client.journey.state import Times

SCHEMES = {
    "id_card": ("idcard",),
    "receipt_printer": ("receipt",),
    "scanner": ("scanner", "documentcamera"),
    "qr": ("qr",),
    "a4_printer": ("a4",),
}
KINDS = tuple(SCHEMES)
CHANNELS = ("test", "early", "stable")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
COLUMNS = (32, 42, 48)
EXAMPLE = '{"weekday": 0, "from": "08:30", "to": "17:30"}'
CHINA = timezone(timedelta(hours=8))


class BadSettings(Exception):
    """The settings are refused as a whole; the message names the first that is wrong."""

    reason = "bad_settings"


@dataclass(frozen=True)
class Hours:
    """One stretch of opening on one day of the week, Monday being 0."""

    weekday: int
    begins: time
    ends: time


@dataclass(frozen=True)
class Settings:
    """One configuration of the server's, parsed."""

    hall_zh: str
    hall_en: str
    devices: DeviceUrls
    columns: int
    times: Times
    hours: tuple[Hours, ...]
    log_level: str
    update_channel: str
    expected_devices: tuple[str, ...]
    removed_devices: frozenset[str]

    def apply_to(self, config: Config) -> Config:
        """The kiosk's own settings with these in their place; a device not spoken of stays as it is."""
        own = config.devices.by_kind()
        kept = {kind: url for kind, url in own.items() if kind not in self.removed_devices}
        return replace(
            config,
            hall_zh=self.hall_zh,
            hall_en=self.hall_en,
            devices=DeviceUrls(**{**kept, **self.devices.by_kind()}),
            columns=self.columns,
        )

    def is_open(self, at: datetime) -> bool:
        """Whether the hall is open at a moment (aware); without any hours it always is."""
        here = at.astimezone(CHINA)
        return not self.hours or any(
            each.weekday == here.weekday() and each.begins <= here.time() < each.ends for each in self.hours
        )


def parse_settings(given: Mapping[str, Any]) -> Settings:
    """Check and parse; members not known here are left alone. BadSettings."""
    channel = _one_of(given, "update_channel", CHANNELS, "stable")
    devices = _devices(given.get("devices", {}))
    expected = given.get("expected_devices", list(devices.by_kind()))
    if not isinstance(expected, list) or not set(expected) <= set(KINDS):
        raise BadSettings(f"expected_devices may name {', '.join(KINDS)}")
    hall_zh = _text(given, "hall_zh")
    return Settings(
        hall_zh=hall_zh,
        hall_en=_text(given, "hall_en") if given.get("hall_en") else hall_zh,
        devices=devices,
        columns=int(_one_of(given, "columns", COLUMNS, 48)),
        times=_times(given),
        hours=_hours(given.get("opening_hours", [])),
        log_level=str(_one_of(given, "log_level", LEVELS, "INFO")),
        update_channel=str(channel),
        expected_devices=tuple(expected),
        removed_devices=frozenset(kind for kind, url in given.get("devices", {}).items() if not url),
    )


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadSettings(f"{name} must be a text")
    return value


def _one_of(given: Mapping[str, Any], name: str, known: tuple[Any, ...], default: Any) -> Any:
    value = given.get(name, default)
    value = value.upper() if name == "log_level" and isinstance(value, str) else value
    if value not in known or isinstance(value, bool):
        raise BadSettings(f"{name} must be one of {', '.join(str(each) for each in known)}")
    return value


def _devices(given: Any) -> DeviceUrls:
    if not isinstance(given, Mapping) or not set(given) <= set(KINDS):
        raise BadSettings(f"devices may name {', '.join(KINDS)}")
    for kind, url in given.items():
        if url is not None and not isinstance(url, str):
            raise BadSettings(f"devices.{kind} must be a text")
        if url:
            _check_url(kind, url)
    return DeviceUrls(**{kind: url or None for kind, url in given.items()})


def _check_url(kind: str, url: str) -> None:
    try:
        scheme = DeviceUrl.parse(url).scheme
    except BadDeviceUrl as error:
        raise BadSettings(f"devices.{kind}: {error}") from error
    if scheme.partition("+")[0] not in SCHEMES[kind]:
        raise BadSettings(f"devices.{kind}: {scheme} is another kind of device")
    if scheme not in list_schemes():
        raise BadSettings(f"devices.{kind}: no driver is installed for {scheme}")


def _times(given: Mapping[str, Any]) -> Times:
    idle = _seconds(given, "idle_seconds", 120, 20, 3600)
    warning = _seconds(given, "warning_seconds", 30, 5, 600)
    if warning >= idle:
        raise BadSettings("warning_seconds must be less than idle_seconds")
    sitting = _seconds(given, "longest_session_seconds", 1800, 60, 4 * 3600)
    elder = Times()
    return Times(
        idle=idle,
        warning=warning,
        elder_idle=max(elder.elder_idle, idle),
        elder_warning=max(elder.elder_warning, warning) if idle > elder.elder_warning else warning,
        sitting=sitting,
    )


def _seconds(given: Mapping[str, Any], name: str, default: int, least: int, most: int) -> int:
    value = given.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise BadSettings(f"{name} must be a whole number from {least} to {most}")
    return value


def _hours(given: Any) -> tuple[Hours, ...]:
    if not isinstance(given, list):
        raise BadSettings("opening_hours must be a list")
    return tuple(_stretch(each) for each in given)


def _stretch(each: Any) -> Hours:
    try:
        hours = Hours(each["weekday"], time.fromisoformat(each["from"]), time.fromisoformat(each["to"]))
    except (KeyError, TypeError, ValueError) as error:
        raise BadSettings(f"opening_hours must look like {EXAMPLE}") from error
    if hours.weekday not in range(7) or hours.begins >= hours.ends:
        raise BadSettings("opening_hours: weekday is 0 (Monday) to 6, and from is before to")
    return hours
