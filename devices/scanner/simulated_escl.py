"""A network scanner without hardware: the paper in it, its jobs, and how it is told to fail."""

import io
import threading
import time
from dataclasses import dataclass, field, fields
from typing import Any

from PIL import Image

from devices.scanner.escl_messages import THREE_HUNDREDTHS

# the moments of a scan at which a fault can happen, in their order
MOMENTS = ("capabilities", "status", "begin", "before_page", "inside_page", "after_page", "delete")
_FEEDER_STATES = {
    "jam": "ScannerAdfJam",
    "double_feed": "ScannerAdfMultipickDetected",
    "cover": "ScannerAdfDoorOpen",
}
_KEPT_JOBS = 8


@dataclass(frozen=True)
class EsclFaults:
    """How the scanner misbehaves; the plain value is a well one.

    `fault` (jam, double_feed, cover, cancel, abort, drop, freeze, busy, status) happens at the moment `at`,
    of the page `page` (from 1) where the moment has one, `times` times (0: always). `at_byte` says where
    inside a page. The two
    last say what an unsound scanner keeps of a job that was left in the middle.
    """

    at: str = ""
    fault: str = ""
    page: int = 1
    at_byte: int = 100
    times: int = 1
    status: int = 500
    freeze_s: float = 5.0
    calls_itself: str = ""
    keeps_abandoned_page: bool = False
    gives_kept_page_from_empty_feeder: bool = False

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "EsclFaults":
        """Faults from the control door. ValueError for a name or moment that is none."""
        if unknown := set(values) - {each.name for each in fields(cls)}:
            raise ValueError(f"no such fault: {', '.join(sorted(unknown))}")
        faults = cls(**values)
        if faults.at and faults.at not in MOMENTS:
            raise ValueError(f"at is one of {', '.join(MOMENTS)}")
        return faults


@dataclass
class Job:
    """One scan job: what it asked for, and how far it is."""

    number: int
    source: str
    dpi: int
    width: int
    height: int
    is_colour: bool
    state: str = "Processing"
    given: int = 0


@dataclass
class SimulatedEscl:
    """The state behind the simulator's door; safe to use from several threads.

    Paper is a list of colours, one a side: `feeder` in the order it goes in, `glass` the sheet on the glass.
    """

    lock: threading.RLock = field(default_factory=threading.RLock)
    faults: EsclFaults = field(default_factory=EsclFaults)
    glass: tuple[int, int, int] | None = (230, 230, 230)
    feeder: list[tuple[int, int, int]] = field(default_factory=list)
    jobs: dict[int, Job] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    trouble: str = ""
    _kept: tuple[int, int, int] | None = None
    _happened: int = 0
    _numbers: int = 1000

    def set_faults(self, faults: EsclFaults) -> None:
        """Replace all faults; trouble is over."""
        with self.lock:
            self.faults, self._happened, self.trouble = faults, 0, ""

    def happens(self, at: str, page: int = 1) -> EsclFaults | None:
        """The fault that is due at this moment; a feeder's trouble stays until faults are set anew."""
        with self.lock:
            due = self.faults
            if due.at != at or due.page != page or (due.times and self._happened >= due.times):
                return None
            self._happened += 1
            self.trouble = due.fault if due.fault in _FEEDER_STATES else self.trouble
            return due

    @property
    def feeder_state(self) -> str:
        """AdfState."""
        if self.trouble:
            return _FEEDER_STATES[self.trouble]
        return "ScannerAdfLoaded" if self.feeder else "ScannerAdfEmpty"

    def begin(self, source: str, *, dpi: int, size: tuple[int, int], is_colour: bool) -> Job | None:
        """A new job; None when there is no paper for it."""
        with self.lock:
            has_kept = self._kept is not None and self.faults.gives_kept_page_from_empty_feeder
            if self.trouble or (source == "Feeder" and not self.feeder and not has_kept):
                return None
            self._numbers += 1
            width, height = (length * dpi // THREE_HUNDREDTHS for length in size)
            job = Job(self._numbers, source, dpi, width, height, is_colour)
            self.jobs[job.number] = job
            for number in list(self.jobs)[:-_KEPT_JOBS]:
                del self.jobs[number]
            return job

    def take_sheet(self, job: Job) -> tuple[int, int, int] | None:
        """What the job's next page shows; None when there is no more paper."""
        with self.lock:
            if self._kept is not None:
                kept, self._kept = self._kept, None
                return kept
            if job.source == "Platen":
                return self.glass if job.given == 0 else None
            return self.feeder.pop(0) if self.feeder else None

    def page(self, job: Job, colour: tuple[int, int, int]) -> bytes:
        """The picture of a page, as JPEG."""
        mode = "RGB" if job.is_colour else "L"
        picture = Image.new("RGB", (job.width, job.height), colour).convert(mode)
        held = io.BytesIO()
        picture.save(held, "JPEG", quality=85, dpi=(job.dpi, job.dpi))
        return held.getvalue()

    def abandon(self, colour: tuple[int, int, int]) -> None:
        """A page was scanned and not fetched to its end; an unsound scanner keeps it."""
        with self.lock:
            if self.faults.keeps_abandoned_page or self.faults.gives_kept_page_from_empty_feeder:
                self._kept = colour

    def end(self, job: Job, state: str) -> None:
        """The job has ended; a deleted one takes along what was kept of it, unless the scanner is unsound."""
        with self.lock:
            if job.state == "Processing":
                job.state = state
            if state == "Canceled" and not self.faults.gives_kept_page_from_empty_feeder:
                self._kept = None


def freeze(faults: EsclFaults) -> None:
    """Hang, as firmware does."""
    time.sleep(faults.freeze_s)
