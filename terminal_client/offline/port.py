"""What the kiosk needs to be of use while the server is away."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from terminal_client.journey.state import Json


class KeepsGuides(Protocol):
    """The things and guides as the server last had them."""

    def list_things(self) -> tuple[Json, ...]:
        """The things on offer; empty when none were ever read."""

    def find_guide(self, code: str) -> Json | None:
        """The guide of a thing."""

    def keep(self, listed: Json, read_guide: Callable[[str], Any]) -> None:
        """Keep what the server lists, and each thing's guide."""


class TakesIntakes(Protocol):
    """Keeps what people leave."""

    def take(self, said: Json) -> Json:
        """Keep it; what the slip says of it. OutboxFailed: nothing is kept."""


class NoGuides:
    """A kiosk that keeps no guides."""

    def list_things(self) -> tuple[Json, ...]:
        """None."""
        return ()

    def find_guide(self, code: str) -> Json | None:  # noqa: ARG002
        """None."""
        return None

    def keep(self, listed: Json, read_guide: Callable[[str], Any]) -> None:
        """Nothing is kept."""


@dataclass(frozen=True)
class Offline:
    """Guides to show and, where the kiosk can seal to its server, a way to take intakes."""

    guides: KeepsGuides = field(default_factory=NoGuides)
    intakes: TakesIntakes | None = None
