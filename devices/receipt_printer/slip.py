"""What stands on a slip, from top to bottom, without a word about any printer."""

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Text:
    """One paragraph, wrapped at the paper's width; `double` doubles width and height."""

    text: str
    bold: bool = False
    double: bool = False
    align: Align = "left"


@dataclass(frozen=True)
class Pair:
    """A label at the left edge and its value at the right; on lines of their own when too long."""

    left: str
    right: str
    bold: bool = False


@dataclass(frozen=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True)
class Qr:
    """A QR code; printable ASCII only, because readers disagree about everything else."""

    data: str
    module_dots: int = 6

    def __post_init__(self) -> None:
        """ValueError for text that is not 1 to 300 printable ASCII characters."""
        if not 0 < len(self.data) <= 300 or not all(" " <= char <= "~" for char in self.data):
            raise ValueError("a QR code on a slip carries 1 to 300 printable ASCII characters")
        if not 1 <= self.module_dots <= 16:
            raise ValueError("a QR module is 1 to 16 dots wide")


@dataclass(frozen=True)
class Feed:
    """Empty lines."""

    lines: int = 1


@dataclass(frozen=True)
class Cut:
    """Feed to the cutter and cut."""


Element = Text | Pair | Rule | Qr | Feed | Cut
