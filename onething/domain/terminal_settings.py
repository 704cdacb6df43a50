"""A terminal's settings as a technician makes them: what may stand in them, and what is left out means."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from onething.domain.dictionary import Label
from onething.domain.errors import FieldError, Refusal

DEVICE_KINDS = ("id_card", "receipt_printer", "scanner", "qr", "a4_printer", "document_camera")
CHANNELS = ("stable", "early", "test")
LOG_LEVELS = ("debug", "info", "warning", "error")
_DEVICE_URL = re.compile(r"[a-z][a-z0-9]*\+[a-z0-9]+:[\x21-\x7e]{1,300}")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_SECONDS = {
    "idle_seconds": (10, 900),
    "warning_seconds": (5, 300),
    "longest_session_seconds": (60, 7200),
}


class BadSettings(Refusal):
    """Some settings cannot be right; ``fields`` name them."""

    reason = "bad_terminal_settings"
    text = Label("有几项配置不正确，请改正", "Some settings need to be corrected")


_WRONG = Label("不正确", "Not right")


def usual_settings(hall_zh: str, hall_en: str) -> dict[str, Any]:
    """What a new terminal has until somebody says otherwise."""
    return {
        "hall_zh": hall_zh,
        "hall_en": hall_en,
        "devices": {},
        "columns": 48,
        "idle_seconds": 120,
        "warning_seconds": 30,
        "longest_session_seconds": 1800,
        "opening_hours": [{"weekday": day, "from": "08:30", "to": "17:30"} for day in range(5)],
        "log_level": "info",
        "update_channel": "stable",
        "expected_devices": ["id_card", "receipt_printer", "scanner", "qr"],
    }


def check_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings, every one known and in its bounds; raises ``BadSettings``.

    Devices are URLs by kind; seconds are whole; weekdays count from 0 = Monday.
    """
    wrong = sorted(set(_CHECKS) ^ set(settings))
    wrong += [name for name, check in _CHECKS.items() if name in settings and not check(settings[name])]
    if wrong:
        raise BadSettings(fields=[FieldError(name, "invalid", _WRONG) for name in wrong])
    return dict(settings)


def _is_whole(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and low <= value <= high


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 120 and value.isprintable()


def _are_devices(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        kind in DEVICE_KINDS and isinstance(url, str) and _DEVICE_URL.fullmatch(url)
        for kind, url in value.items()
    )


def _are_hours(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= 28 and all(_is_hours(each) for each in value)


def _is_hours(value: Any) -> bool:
    if not isinstance(value, Mapping) or set(value) != {"weekday", "from", "to"}:
        return False
    times = (value["from"], value["to"])
    if not all(isinstance(each, str) and _TIME.fullmatch(each) for each in times):
        return False
    return type(value["weekday"]) is int and 0 <= value["weekday"] <= 6 and times[0] < times[1]


def _are_kinds(value: Any) -> bool:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return False
    return len(set(value)) == len(value) and set(value) <= set(DEVICE_KINDS)


_CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "hall_zh": lambda value: _is_text(value) and bool(value),
    "hall_en": _is_text,
    "devices": _are_devices,
    "columns": _is_whole(24, 64),
    **{name: _is_whole(*bounds) for name, bounds in _SECONDS.items()},
    "opening_hours": _are_hours,
    "log_level": lambda value: value in LOG_LEVELS,
    "update_channel": lambda value: value in CHANNELS,
    "expected_devices": _are_kinds,
}
