"""What the outside world remembers over a restart: one line for each change, the last one of a key wins."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO


class Journal:
    """Entries by kind and key; without a file nothing outlives the process."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lines: TextIO | None = None
        self._entries: dict[tuple[str, str], Any] = {}
        if file is not None:
            self._entries = _read(file)
            self._rewrite(file)

    def list_entries(self, kind: str) -> list[Any]:
        """What was written before this start, in the order in which it was first written."""
        return [value for (of, _), value in self._entries.items() if of == kind]

    def write(self, kind: str, key: str, make_value: Callable[[], Any]) -> None:
        """Keep what ``make_value`` makes; it is out of this process when this returns."""
        if self._lines is not None:
            self._lines.write(_line(kind, key, make_value()))
            self._lines.flush()

    def close(self) -> None:
        if self._lines is not None:
            self._lines.close()
            self._lines = None

    def _rewrite(self, file: Path) -> None:
        """Begin anew with one line for each key; a crash leaves the old file or the new one."""
        draft = file.with_name(file.name + ".new")
        with draft.open("w", encoding="utf-8") as lines:
            lines.writelines(_line(kind, key, value) for (kind, key), value in self._entries.items())
        os.replace(draft, file)
        self._lines = file.open("a", encoding="utf-8")


def _line(kind: str, key: str, value: Any) -> str:
    return json.dumps([kind, key, value]) + "\n"


def _read(file: Path) -> dict[tuple[str, str], Any]:
    entries: dict[tuple[str, str], Any] = {}
    text = file.read_text("utf-8", errors="replace") if file.exists() else ""
    for line in text.splitlines(keepends=True):
        # The last line may have been cut off by a kill; nobody was answered on its strength.
        if line.endswith("\n"):
            kind, key, value = json.loads(line)
            entries[kind, key] = value
    return entries
