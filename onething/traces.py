"""Where an exception happened, for the log: never what it says, for it may hold what somebody typed."""

from __future__ import annotations

import traceback
from typing import Any

_DEEPEST = 6


def describe(error: BaseException) -> dict[str, Any]:
    """Its type and the last functions it came through, as ``name:line``; no message and no variables."""
    frames = traceback.extract_tb(error.__traceback__)[-_DEEPEST:]
    return {"error": type(error).__name__, "frames": [f"{frame.name}:{frame.lineno}" for frame in frames]}
