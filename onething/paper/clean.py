"""What is kept of a page."""

from dataclasses import dataclass

from onething import ports


@dataclass(frozen=True)
class CleanPage(ports.CleanPage):
    """A page with the turn that was taken out of it, in degrees, clockwise positive."""

    skew_degrees: float = 0.0
