"""Taking people's details while the server is away: sealed, on the disk, and only then acknowledged."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from terminal_client.journey.state import Json
from terminal_client.outbox.store import Outbox

LETTERS = "BCDFGHJKMNPQRSTVWXYZ23456789"


def _now_utc() -> datetime:
    return datetime.now(UTC)


@dataclass
class Intakes:
    """Puts what somebody leaves into the outbox; `hall_zh` is what the slip says of the place."""

    outbox: Outbox
    hall_zh: str = ""
    clock: Callable[[], datetime] = _now_utc

    def take(self, said: Json) -> dict[str, Any]:
        """Keep `thing`, `thing_zh`, `thing_en`, `name` and `phone`; what the slip says of it. OutboxFailed.

        Whatever this returns lies on the disk, sealed to the server. The slip names nobody in full.
        """
        number, taken_at = make_number(), self.clock().isoformat(timespec="seconds")
        wanted = ("thing", "thing_zh", "name", "phone")
        content = {name: said[name] for name in wanted} | {"number": number, "taken_at": taken_at}
        self.outbox.put("intake", content)
        return {
            "number": number,
            "thing_zh": said["thing_zh"],
            "thing_en": said["thing_en"],
            "name_masked": mask_name(said["name"]),
            "phone_masked": f"{said['phone'][:3]}****{said['phone'][-4:]}",
            "taken_at": taken_at,
            "hall_zh": self.hall_zh,
            "papers_zh": list(said["papers_zh"]),
        }


def make_number() -> str:
    """What people name at a window: eight letters and digits that nobody confuses (38 bits)."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


def mask_name(name: str) -> str:
    """The first character and, of a longer name, the last: what the server shows of names."""
    return f"{name[:1]}*{name[-1:]}" if len(name) > 2 else f"{name[:1]}*"
