"""Defects of our own: a number that a person can read out, and a log line that holds nothing of theirs."""

import logging
import secrets
import traceback

from terminal_client.journey.state import Sentence

log = logging.getLogger(__name__)

SCANNING = Sentence("扫描没有成功，请再试一次", "Scanning did not work. Please try again.")


def note(error: BaseException, doing: str) -> str:
    """Log where it happened, and return the number under which it stands there.

    What the exception says is left out: it may hold what the person typed.
    """
    number = secrets.token_hex(3).upper()
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    log.error("defect %s in %s: %s at %s", number, doing, type(error).__name__, places)
    return number


def _short(path: str) -> str:
    return "/".join(path.split("/")[-2:])
