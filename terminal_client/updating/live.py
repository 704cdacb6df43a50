"""What the kiosk's own page says of itself, for the gate behind an update and for the watchdog."""

from typing import Any, Protocol

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from terminal_client.updating.version import get_version

# The kiosk ticks four times a second; one that has not for this long stands still.
STANDS_STILL_SECONDS = 5.0

blueprint = Blueprint("live", __name__)


class Ticking(Protocol):
    """What is asked of the kiosk."""

    @property
    def now(self) -> float:
        """The monotonic second it is."""

    @property
    def journey(self) -> Any:
        """The journey, with the second it was last moved."""

    @property
    def is_stopping(self) -> bool:
        """Whether it is on its way out."""


def is_ticking(kiosk: Ticking) -> bool:
    """Whether the kiosk's one journey still moves with the clock."""
    return not kiosk.is_stopping and bool(kiosk.now - kiosk.journey.now < STANDS_STILL_SECONDS)


@blueprint.get("/live")
def show_life() -> ResponseReturnValue:
    """The version, and whether the kiosk moves."""
    # before it is enrolled, a kiosk has the technician's pages and no journey
    kiosk: Ticking | None = current_app.extensions.get("kiosk")
    return jsonify(version=get_version(), is_well=kiosk is None or is_ticking(kiosk))
