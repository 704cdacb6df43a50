"""What has never met real hardware; said by `doctor`, by the report and by docs/untried-hardware.md."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Untried:
    """A driver that only simulators and judges have seen, in both languages."""

    scheme: str
    kind: str
    zh: str
    en: str


def list_untried() -> list[Untried]:
    """Every driver that never met the device it is for, in the order of the file."""
    text = Path(__file__).with_name("untried.json").read_text(encoding="utf-8")
    return [Untried(**each) for each in json.loads(text)]
