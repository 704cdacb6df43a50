"""Stands behind the rules' paper port."""

from .clean import CleanPage
from .intake import DEFAULT_LIMITS, take_page, take_photograph, take_signature
from .limits import PaperLimits


class ConfinedPaper:
    """Takes uploads apart in a confined process (ports.Paper)."""

    def __init__(self, limits: PaperLimits = DEFAULT_LIMITS) -> None:
        self._limits = limits

    def take(self, data: bytes) -> tuple[CleanPage, ...]:
        """Return the clean pages of a JPEG, PNG or PDF. Raises: PaperRefused."""
        return take_page(data, limits=self._limits).pages

    def take_photograph(self, data: bytes) -> tuple[CleanPage, ...]:
        """Return the clean pages of what a camera took. Raises: PaperRefused, also when nothing is read."""
        return take_photograph(data, limits=self._limits).pages

    def take_signature(self, data: bytes) -> CleanPage:
        """Return a signature as a clean PNG. Raises: PaperRefused, also when it is empty."""
        return take_signature(data)
