"""What a step of the journey asks to be done."""

from dataclasses import dataclass, field

from terminal_client.journey.state import AskServer, Json


@dataclass(frozen=True)
class Print:
    """Print a receipt; the outcome comes back as PrintEnded."""

    receipt: Json = field(repr=False)
    sitting: int
    reprint: bool = False


@dataclass(frozen=True)
class PrintResult:
    """Fetch a result's document and print it on A4; comes back as ResultHeldUp and one ResultPrintEnded."""

    path: str
    job: str
    sitting: int


@dataclass(frozen=True)
class KeepIntake:
    """Keep what somebody leaves, sealed; comes back as IntakeKept or IntakeFailed."""

    said: Json = field(repr=False)
    sitting: int


@dataclass(frozen=True)
class PrintIntake:
    """Print the slip of what was kept; the outcome comes back as PrintEnded."""

    slip: Json
    sitting: int
    reprint: bool = False


@dataclass(frozen=True)
class Scan:
    """Scan the page that lies on the glass and send it to a path, as the answer to `take_page`."""

    path: str
    sitting: int


@dataclass(frozen=True)
class EndSession:
    """Tell the server that the citizen's session is over, and why."""

    token: str = field(repr=False)
    cause: str


@dataclass(frozen=True)
class CallStaff:
    """Ask for a person to come to this kiosk."""

    screen: str
    reason: str


@dataclass(frozen=True)
class ClearDevices:
    """Make the devices forget what they still hold of the person before."""


Effect = (
    AskServer | Print | PrintResult | KeepIntake | PrintIntake | Scan | EndSession | CallStaff | ClearDevices
)
