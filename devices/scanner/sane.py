"""The driver for every scanner that SANE knows, through its own program `scanimage`.

A process of its own for each scan: a backend that hangs or crashes takes nothing else with it, and no page
of an earlier citizen is left in a buffer.
"""

import io
import os
import re
import secrets
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from devices.errors import DeviceError
from devices.pages.orientation import set_upright
from devices.pages.page import ScannedPage
from devices.scanner.faults import FAULTS
from devices.scanner.port import ScanSource, ScanStopped
from devices.scanner.sane_options import SaneOptions
from devices.states import DeviceState, Health, HealthRecord
from devices.url import BadDeviceUrl, DeviceUrl

MOST_PAGES = 50
_FORMATS = {"jpeg": "image/jpeg", "png": "image/png"}
_OPEN_LIMIT_S = 15.0
_END_LIMIT_S = 2.0
_LOOK_S = 1.0
_BATCH_ENDED = b"Batch terminated"
_ROUNDED = re.compile(r"rounded value of resolution from \S+ to ([0-9.]+)")

# SANE's status numbers, which are scanimage's exit codes too
_REASONS = {
    1: "setting_refused",
    2: "scan_cancelled",
    3: "scanner_busy",
    4: "setting_refused",
    5: "page_incomplete",
    6: "paper_jam",
    7: "no_documents",
    8: "cover_open",
    9: "scanner_faulty",
    10: "scanner_faulty",
    11: "scanner_denied",
    -signal.SIGABRT: "page_incomplete",  # libpng's way to say that rows are missing
}
# what scanimage says is surer than its exit code: a broken pipe between it and a backend ends it with 0, and
# 1 is also a device that cannot be opened
_PAGE_STATUS = re.compile(r"\(scanner status = ([0-9]+)\)")
_PAGE_GOOD = 5
_COMPLAINTS = (
    ("sane_start: Document feeder out of documents", "no_documents"),
    ("sane_start: Document feeder jammed", "paper_jam"),
    ("sane_start: Scanner cover is open", "cover_open"),
    ("sane_start: Device busy", "scanner_busy"),
    ("too few scanlines", "page_incomplete"),
    ("failed: Device busy", "scanner_busy"),
    ("failed: Access to resource has been denied", "scanner_denied"),
    ("open of device", "scanner_gone"),
)


@dataclass(frozen=True)
class _Run:
    code: int
    output: str
    complaint: str


class SaneScanner:
    """A Scanner by its SANE name. `limit_s` bounds one scan, feeder and all."""

    def __init__(
        self,
        device: str,
        *,
        limit_s: float = 120.0,
        picture_format: str = "jpeg",
        options: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
        purge: ScanSource | None = None,
        sets_upright: bool = True,
    ) -> None:
        self._device = device
        self._purge = purge
        self._sets_upright = sets_upright
        self._limit_s = limit_s
        self._format = picture_format
        self._extra = [f"--{name}={value}" for name, value in (options or {}).items()]
        self._environment = {**os.environ, **(environment or {}), "LC_ALL": "C.UTF-8"}
        self._lock = threading.Lock()
        self._health = HealthRecord()
        self._options: SaneOptions | None = None

    def check(self) -> Health:
        """See Scanner: whether the device can be opened; busy while it scans."""
        if not self._lock.acquire(blocking=False):
            return self._health.observe(DeviceState.BUSY)
        try:
            self._options = self._read_options()
        except DeviceError as error:
            return self._health.observe_error(error)
        finally:
            self._lock.release()
        return self._health.observe(DeviceState.READY)

    def scan(self, *, dpi: int, colour: bool, source: ScanSource) -> list[ScannedPage]:
        """See Scanner."""
        with self._lock:
            try:
                self._options = self._options or self._read_options()
                is_duplex, is_fed = source == "duplex", source != "flatbed"
                chosen = self._options.choose(dpi=dpi, colour=colour, feeder=is_fed, duplex=is_duplex)
                if chosen is None:
                    raise FAULTS.error("setting_refused", f"no {source}")
                pages = self._scan_pages(chosen, MOST_PAGES if is_fed else 1, dpi)
            except DeviceError as error:
                self._options = None
                self._health.observe_error(error)
                raise
            self._health.observe(DeviceState.READY)
            return pages

    def clear(self) -> None:
        """See Scanner.

        No process, and so no buffer of ours, outlives its scan. A device that keeps pages itself is purged
        by a scan whose page nobody sees; SANE cannot say whether a feeder is empty, so only who has set
        `purge` has that done, to the source it names.
        """
        if self._purge is None:
            return
        with self._lock:
            try:
                self._options = self._options or self._read_options()
                chosen = self._options.choose(dpi=75, colour=False, feeder=self._purge == "feeder")
                self._scan_pages(chosen or [], 1, 75)
            except DeviceError as error:
                if error.reason != "no_documents":
                    self._health.observe_error(error)
                    raise

    def close(self) -> None:
        """See Scanner; no process outlives its scan, so there is nothing to let go."""

    def _read_options(self) -> SaneOptions:
        run = self._run(["--all-options"], Path.cwd(), _OPEN_LIMIT_S)
        if failure := _error_of(run):
            raise failure
        return SaneOptions.parse(run.output)

    def _scan_pages(self, chosen: Sequence[str], most: int, dpi: int) -> list[ScannedPage]:
        with tempfile.TemporaryDirectory(prefix="scan-") as folder:
            # in batch mode a page bears its final name only when it is whole
            batch = [f"--format={self._format}", "--batch=page-%d", f"--batch-count={most}"]
            failure: DeviceError | None = None
            try:
                run = self._run([*chosen, *self._extra, *batch], Path(folder), self._limit_s)
                failure = _error_of(run)
                dpi = int(float(rounded[1])) if (rounded := _ROUNDED.search(run.complaint)) else dpi
            except DeviceError as error:
                failure = error
            scan_id = secrets.token_hex(8)
            pages = [self._page(path, dpi, scan_id) for path in _list_pages(Path(folder))]
        if failure:
            raise ScanStopped(failure, pages) if pages else failure
        if not pages:
            raise FAULTS.error("no_documents", "empty feeder")
        return pages

    def _page(self, path: Path, dpi: int, scan_id: str) -> ScannedPage:
        data = path.read_bytes()
        try:
            with Image.open(io.BytesIO(data), formats=[self._format.upper()]) as picture:
                picture.load()
                kind = _FORMATS[self._format]
                page = ScannedPage(data, kind, picture.width, picture.height, dpi, scan_id)
        except OSError as error:
            raise FAULTS.error("page_incomplete", path.name) from error
        return set_upright(page) if self._sets_upright else page

    def _run(self, arguments: Sequence[str], folder: Path, limit_s: float) -> _Run:
        command = ["scanimage", "--device-name", self._device, *arguments]
        try:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                start_new_session=True,
            )
        except OSError as error:
            raise FAULTS.error("scanner_gone", "scanimage is not installed") from error
        with process:
            output, complaint = _wait_for(process, limit_s)
        return _Run(process.returncode, output, complaint)


def _wait_for(process: "subprocess.Popen[str]", limit_s: float) -> tuple[str, str]:
    """Its output and complaints. DeviceError when it has not done its work in time."""
    ends_at = time.monotonic() + limit_s
    while True:
        try:
            return process.communicate(timeout=min(_LOOK_S, max(ends_at - time.monotonic(), 0.01)))
        except subprocess.TimeoutExpired as waited:
            if _BATCH_ENDED in (waited.stderr or b""):
                return _end(process)  # the pages are there; only the backend does not let go
            if time.monotonic() >= ends_at:
                _end(process)
                raise FAULTS.error("scanner_silent", f"{limit_s:g} s") from waited


def _end(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """First as a person would cancel, so that the scanner's lamp and carriage come to rest; then at once."""
    os.killpg(process.pid, signal.SIGTERM)
    try:
        return process.communicate(timeout=_END_LIMIT_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.communicate()


def _list_pages(folder: Path) -> list[Path]:
    whole = [
        path for path in folder.iterdir() if re.fullmatch("page-[0-9]+", path.name) and path.stat().st_size
    ]
    return sorted(whole, key=lambda path: int(path.name.removeprefix("page-")))


def _error_of(run: _Run) -> DeviceError | None:
    """What went wrong with a run; None when all its pages are good."""
    lines = run.complaint.strip().splitlines()
    raw = f"exit {run.code}: {lines[-1] if lines else ''}"
    statuses = [int(number) for number in _PAGE_STATUS.findall(run.complaint)]
    if statuses and statuses[-1] != _PAGE_GOOD:
        return FAULTS.error(_REASONS.get(statuses[-1], "scanner_faulty"), raw)
    for words, reason in _COMPLAINTS:
        if words in run.complaint:
            # a feeder that has run empty after good pages has done its work
            return None if statuses and reason == "no_documents" else FAULTS.error(reason, raw)
    if run.code == 0 or (statuses and _BATCH_ENDED.decode() in run.complaint):
        return None
    return FAULTS.error(_REASONS.get(run.code, "scanner_faulty"), raw)


def sane_test_environment(folder: Path) -> dict[str, str]:
    """The environment in which SANE knows its own test device only: `test:0`, pages with a grid.

    Writes SANE's configuration into the folder; nothing under /etc is touched.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dll.conf").write_text("test\n")
    (folder / "test.conf").write_text("number_of_devices 1\nmode Color\ntest-picture Grid\n")
    return {"SANE_CONFIG_DIR": str(folder)}


def open_sane(url: DeviceUrl) -> SaneScanner:
    """`scanner+sane:test:0?limit_s=120&format=jpeg&purge=feeder&config=FOLDER&option.test-picture=Grid`.

    `purge` names the source of a device that keeps an earlier person's page (feeder or flatbed), `config` is
    a folder for SANE_CONFIG_DIR; `upright=no` leaves pages as they lie; every `option.NAME` is handed to
    scanimage.
    """
    purges: dict[str, ScanSource | None] = {"": None, "feeder": "feeder", "flatbed": "flatbed"}
    if (purge := url.options.get("purge", "")) not in purges:
        raise BadDeviceUrl("purge is feeder or flatbed")
    picture_format = url.options.get("format", "jpeg")
    if picture_format not in _FORMATS:
        raise ValueError("format is jpeg or png")
    config = url.options.get("config")
    options = {
        name.removeprefix("option."): value
        for name, value in url.options.items()
        if re.fullmatch(r"option\.[a-z-]+", name)
    }
    return SaneScanner(
        url.target,
        limit_s=url.number("limit_s", 120.0),
        picture_format=picture_format,
        options=options,
        environment={"SANE_CONFIG_DIR": config} if config else None,
        purge=purges[purge],
        sets_upright=url.options.get("upright", "yes") == "yes",
    )
