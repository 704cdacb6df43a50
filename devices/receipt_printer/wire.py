"""What the driver needs of a cable, whatever it is made of."""

from collections.abc import Callable
from typing import Protocol


class WireLost(Exception):
    """The cable, or who was at its other end, is not there any more; the text is the raw cause.

    `may_have_taken` says that bytes were on their way when it happened, and nobody knows how many arrived.
    """

    def __init__(self, cause: str, *, may_have_taken: bool = False) -> None:
        super().__init__(cause)
        self.may_have_taken = may_have_taken


class Wire(Protocol):
    """One open connection to a printer."""

    def exchange(self, data: bytes, limit_s: float) -> tuple[int, bytes]:
        """Send what the printer takes and collect what it says, until one of both happens or time is up.

        Returns the count of bytes taken and what came. WireLost when the printer is gone; never instead of
        saying that bytes were taken.
        """

    def close(self) -> None:
        """Let the cable go."""


OpenWire = Callable[[], Wire]
"""Opens the cable. WireLost when nobody is there."""
