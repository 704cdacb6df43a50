"""What the running program says of itself to whoever looks on the same machine."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STATUS_FILE = "status.json"
FRESH_SECONDS = 60.0


@dataclass(frozen=True)
class Status:
    """Facts by name, and each device's health as text by kind; `is_fresh` when a program says so now."""

    lines: Mapping[str, str]
    devices: Mapping[str, Mapping[str, str]]
    is_fresh: bool

    def to_json(self) -> dict[str, Any]:
        """Both, as the file has them."""
        return {"lines": dict(self.lines), "devices": dict(self.devices)}


def find_status(folder: Path) -> Status | None:
    """What was said last; None when nothing was, or only half of it is there."""
    path = folder / STATUS_FILE
    try:
        age = time.time() - path.stat().st_mtime
        said = json.loads(path.read_text(encoding="utf-8"))
        return Status(said["lines"], said["devices"], -FRESH_SECONDS < age < FRESH_SECONDS)
    except (OSError, ValueError, KeyError, TypeError):
        return None
