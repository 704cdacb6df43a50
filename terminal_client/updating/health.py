"""The gate behind an update: the kiosk's own page has to say, for a while, that it is well and new."""

import json
import time
import urllib.error
import urllib.request
from typing import Any

from terminal_client.updating.refusals import UpdateRefused

ANSWER_SECONDS = 5
PAUSE_SECONDS = 0.5


def prove_health(pages: str, version: str, *, within_seconds: float, settle_seconds: float) -> None:
    """Return when the program answered as that version, and well, for `settle_seconds` without a break.

    UpdateRefused "does_not_start", "other_version" or "unwell" when that has not come within the time.
    """
    until = time.monotonic() + within_seconds
    well_since: float | None = None
    reason = "does_not_start"
    while time.monotonic() < until:
        reason = _find_trouble(pages, version)
        if reason:
            well_since = None
        else:
            well_since = well_since or time.monotonic()
            if time.monotonic() - well_since >= settle_seconds:
                return
        time.sleep(PAUSE_SECONDS)
    raise UpdateRefused(reason or "unwell", f"within {within_seconds:.0f} s")


def _find_trouble(pages: str, version: str) -> str:
    said = _ask(pages)
    if said is None:
        return "does_not_start"
    if said.get("version") != version:
        return "other_version"
    return "" if said.get("is_well") is True else "unwell"


def _ask(pages: str) -> dict[str, Any] | None:
    try:
        with urllib.request.urlopen(f"{pages}/live", timeout=ANSWER_SECONDS) as answer:  # noqa: S310 - ours
            said = json.loads(answer.read(4096))
    except (OSError, ValueError, urllib.error.URLError):
        return None
    return said if isinstance(said, dict) else None
