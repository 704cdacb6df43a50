"""One row of the table of bounds, and the fair comparison behind it."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

# returns processor seconds spent for it in other processes, if any
Work = Callable[[], float | None]


@dataclass(frozen=True)
class Row:
    """A measured thing: `value` is held against `bound` (at most), both in `unit`.

    Without a bound it is for information.
    """

    name: str
    bound: float | None
    value: float
    unit: str
    note: str

    @property
    def holds(self) -> bool:
        """Whether the bound is kept."""
        return self.bound is None or self.value <= self.bound


@dataclass(frozen=True)
class Comparison:
    """Medians over the rounds: the ratio ours / limit, and both in processor milliseconds."""

    ratio: float
    limit_ms: float
    ours_ms: float


def compare(limit: Work, ours: Work, rounds: int = 15) -> Comparison:
    """Run both in turn, so that a busy machine slows both alike, and take medians of each round's ratio.

    Processor time is this process's own plus whatever the work returns. One round before is not counted.
    """
    limits: list[float] = []
    own: list[float] = []
    for _ in range(rounds + 1):
        limits.append(_cpu_seconds(limit))
        own.append(_cpu_seconds(ours))
    ratios = [b / a for a, b in zip(limits[1:], own[1:], strict=True)]
    return Comparison(
        statistics.median(ratios), statistics.median(limits[1:]) * 1000, statistics.median(own[1:]) * 1000
    )


def _cpu_seconds(work: Work) -> float:
    gc.collect()
    started = time.process_time()
    elsewhere = work() or 0.0
    return time.process_time() - started + elsewhere
