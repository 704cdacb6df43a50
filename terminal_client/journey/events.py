"""What can happen at a kiosk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from terminal_client.journey.state import Json, Printing, Sentence


@dataclass(frozen=True)
class Touched:
    """A button was touched; `values` are what the page sent with it."""

    act: str
    values: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class CardPlaced:
    """A card was read whole."""

    card: Json = field(repr=False)


@dataclass(frozen=True)
class CardRemoved:
    """The reader no longer finds a card."""


@dataclass(frozen=True)
class CardUnreadable:
    """There is a card, and it could not be read."""

    why: Sentence


@dataclass(frozen=True)
class CodeRead:
    """The code reader has read something."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class CodesWatched:
    """Whether this kiosk has a code reader to sign in with."""

    is_there: bool


@dataclass(frozen=True)
class ReaderChanged:
    """The reader can or cannot be used; `trouble` is None when it can."""

    trouble: Sentence | None


@dataclass(frozen=True)
class Answered:
    """The server did what was asked."""

    call: str
    body: Any = field(repr=False)
    sitting: int


@dataclass(frozen=True)
class Refused:
    """The server understood and said no."""

    call: str
    reason: str
    why: Sentence
    errors: Mapping[str, Sentence] = field(default_factory=dict, repr=False)
    sitting: int = 0
    status: int = 0


@dataclass(frozen=True)
class Away:
    """The server could not be reached, or did not answer in time."""

    call: str
    sitting: int


@dataclass(frozen=True)
class ScanFailed:
    """No page came out of the scanner."""

    why: Sentence
    sitting: int


@dataclass(frozen=True)
class PrintEnded:
    """What is known of the slip now."""

    outcome: Printing
    sitting: int
    trouble: Sentence | None = None


@dataclass(frozen=True)
class DocumentPrinterWatched:
    """Whether this kiosk has an A4 printer that can be used now."""

    is_usable: bool


@dataclass(frozen=True)
class ResultHeldUp:
    """A result's print stands still, and why; None when it goes on."""

    job: str
    why: Sentence | None


@dataclass(frozen=True)
class ResultPrintEnded:
    """What is known of a result's paper; `printed` only on the printer's own word."""

    job: str
    outcome: Printing
    trouble: Sentence | None = None


@dataclass(frozen=True)
class IntakeKept:
    """What somebody left lies on the disk; `slip` says of it what may be printed."""

    slip: Json
    sitting: int


@dataclass(frozen=True)
class IntakeFailed:
    """Nothing was kept."""

    sitting: int


@dataclass(frozen=True)
class Ticked:
    """Time went by."""


Event = (
    Touched
    | CardPlaced
    | CardRemoved
    | CardUnreadable
    | CodeRead
    | CodesWatched
    | ReaderChanged
    | Answered
    | Refused
    | Away
    | ScanFailed
    | PrintEnded
    | DocumentPrinterWatched
    | ResultHeldUp
    | ResultPrintEnded
    | IntakeKept
    | IntakeFailed
    | Ticked
)
