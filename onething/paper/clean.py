"""What is kept of a page."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CleanPage:
    """One page as it is kept: a JPEG without metadata, its size in pixels, and the turn taken out of it.

    `skew_degrees` is clockwise positive; `sha256` is the hex digest of `jpeg`.
    """

    jpeg: bytes
    width: int
    height: int
    sha256: str
    skew_degrees: float
