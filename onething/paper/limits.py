"""How much paper is taken in at once."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class PaperLimits:
    """Limits for one upload. Sizes in bytes, times in seconds, lengths in pixels.

    `seconds` is wall time and `cpu_seconds` processor time of the confined process; `memory_bytes` is its
    whole address space (the libraries alone map about 300 MiB). `long_side` is the longer side of a page
    as it is kept: 3508 pixels is A4 at 300 dots an inch. `at_once` bounds the files decoded side by side
    by one server process.
    """

    size_bytes: int = 20 * MIB
    pixels: int = 40_000_000
    pages: int = 20
    seconds: float = 20.0
    cpu_seconds: int = 15
    memory_bytes: int = 1024 * MIB
    long_side: int = 3508
    jpeg_quality: int = 70
    at_once: int = 2
