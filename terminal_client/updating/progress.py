"""How the last update stands, in one small file that the program, its screen and the technician read."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from terminal_client.durable import write_durably

State = Literal["none", "waiting", "installing", "proving", "confirmed", "rolled_back", "refused"]
FILE = "progress.json"
# While one of these, the kiosk's health is "updating".
UNDER_WAY = ("installing", "proving")


@dataclass(frozen=True)
class Progress:
    """The last update: its state since when, and the versions this kiosk gave up with the reason of each."""

    state: State = "none"
    version: str = ""
    since_at: str = ""
    reason: str = ""
    given_up: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_under_way(self) -> bool:
        """Whether the kiosk is being changed now."""
        return self.state in UNDER_WAY


def read_progress(folder: Path) -> Progress:
    """What stands there; "none" when nothing does or it cannot be read."""
    try:
        return Progress(**json.loads((folder / FILE).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return Progress()


def write_progress(folder: Path, state: State, version: str, reason: str = "") -> None:
    """Put a new state down, since now; a version that failed is given up until it is offered no more."""
    before = read_progress(folder)
    given_up = dict(before.given_up)
    if state in ("rolled_back", "refused"):
        given_up[version] = reason
    now_at = datetime.now(UTC).isoformat(timespec="seconds")
    written = replace(before, state=state, version=version, since_at=now_at, reason=reason, given_up=given_up)
    write_durably(folder / FILE, json.dumps(asdict(written)).encode(), mode=0o644)
