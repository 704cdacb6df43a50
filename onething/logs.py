"""Log lines: JSON with ids, times and reasons, never people."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog

_CITIZEN_NUMBER = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}\d{4}\d{3}[\dXx](?!\d)")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
# Both hold one: most values are let through by the first look.
_LONG_NUMBER = re.compile(r"\d{11}")
_DEEPEST = 6


def configure_log(level: str) -> None:
    """Write every log line of the process as JSON to its standard error stream."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_people,
            structlog.processors.JSONRenderer(serializer=_as_text),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def without_people(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A second net: what looks like a citizen's or a mobile number is taken out of every line."""
    return {name: _masked(value) for name, value in event.items()}


def describe(error: BaseException) -> dict[str, Any]:
    """An error's type and the last functions it came through, as ``name:line``.

    No message and no variables: they may hold what somebody typed.
    """
    frames = traceback.extract_tb(error.__traceback__)[-_DEEPEST:]
    return {"error": type(error).__name__, "frames": [f"{frame.name}:{frame.lineno}" for frame in frames]}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        if not _LONG_NUMBER.search(value):
            return value
        return _MOBILE.sub("[mobile]", _CITIZEN_NUMBER.sub("[number]", value))
    if isinstance(value, list | tuple):
        return [_masked(each) for each in value]
    if isinstance(value, dict):
        return {name: _masked(each) for name, each in value.items()}
    return value


def _as_text(event: Any, **_options: Any) -> str:
    return orjson.dumps(event, default=repr).decode()
