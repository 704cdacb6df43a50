"""The county's things and their guides as the server last had them: nobody's data, kept on the disk."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from terminal_client.durable import write_durably
from terminal_client.journey.state import Json
from terminal_client.server_client import ServerAway, ServerRefused

GUIDES_FILE = "guides.json"

log = logging.getLogger(__name__)


class Guides:
    """One revision's things, each with its guide; a newer revision takes its place as a whole."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / GUIDES_FILE
        self._kept = self._read()

    @property
    def revision(self) -> int:
        """The catalog revision that is kept; 0 when there is none."""
        return int(self._kept.get("revision", 0))

    def list_things(self) -> tuple[Json, ...]:
        """The things on offer, in the server's order."""
        return tuple(self._kept.get("things", ()))

    def find_guide(self, code: str) -> Json | None:
        """The guide of a thing. How long it takes these days is not in it: that was true another day."""
        guide = self._kept.get("guides", {}).get(code)
        return {**guide, "waiting": None} if guide is not None else None

    def keep(self, listed: Json, read_guide: Callable[[str], Any]) -> None:
        """Keep what the server lists, with the guide of each thing, unless it is kept already.

        When the server goes away in the middle, or the disk is full, the older revision stays.
        """
        revision = int(listed.get("revision", 0))
        if revision == self.revision:
            return
        try:
            guides = {thing["code"]: read_guide(thing["code"]) for thing in listed["things"]}
            kept = {"revision": revision, "things": list(listed["things"]), "guides": guides}
            write_durably(self._path, json.dumps(kept, ensure_ascii=False).encode())
        except (ServerAway, ServerRefused, OSError) as error:
            log.warning("the guides of revision %s are not kept: %s", revision, type(error).__name__)
            return
        self._kept = kept

    def _read(self) -> dict[str, Any]:
        try:
            kept = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}
