"""The driver for network scanners that speak eSCL (AirScan, Mopria), driverless over HTTP."""

import io
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

import requests
from PIL import Image

from devices.errors import DeviceError
from devices.pages.orientation import set_upright
from devices.pages.page import ScannedPage
from devices.scanner.escl_messages import (
    LARGEST_MESSAGE,
    BadMessage,
    ScannerStatus,
    SourceAbilities,
    parse_abilities,
    parse_status,
    scan_settings,
)
from devices.scanner.faults import FAULTS
from devices.scanner.port import ScanSource, ScanStopped
from devices.states import DeviceState, Health, HealthRecord
from devices.url import DeviceUrl

MOST_PAGES = 50
_CONNECT_LIMIT_S = 3.0
_ANSWER_LIMIT_S = 10.0
_RETRY_S = 0.5
_LARGEST_PAGE = 64 << 20
_MOST_PURGED = 3
_FEEDER_FAULTS = {
    "ScannerAdfJam": "paper_jam",
    "ScannerAdfMispick": "paper_jam",
    "ScannerAdfMultipickDetected": "double_feed",
    "ScannerAdfHatchOpen": "cover_open",
    "ScannerAdfDoorOpen": "cover_open",
    "ScannerAdfDuplexPageTooShort": "page_incomplete",
    "ScannerAdfDuplexPageTooLong": "page_incomplete",
    "ScannerAdfInputTrayFailed": "scanner_faulty",
    "ScannerAdfInputTrayOverloaded": "paper_jam",
}
_EMPTY = "ScannerAdfEmpty"
_Message = TypeVar("_Message")


@dataclass(frozen=True)
class _Answer:
    code: int
    location: str
    content: bytes


class EsclScanner:
    """A Scanner by its eSCL address, http://host:port/eSCL.

    `limit_s` bounds one page, `answer_limit_s` any other answer. `is_shared` tells that other programs scan
    with it too.
    """

    def __init__(
        self,
        address: str,
        *,
        limit_s: float = 60.0,
        retry_s: float = _RETRY_S,
        answer_limit_s: float = _ANSWER_LIMIT_S,
        sets_upright: bool = True,
        is_shared: bool = False,
    ) -> None:
        self._root = address.rstrip("/") + "/"
        self._limit_s = limit_s
        self._retry_s = retry_s
        self._answer_limit_s = answer_limit_s
        self._sets_upright = sets_upright
        self._is_shared = is_shared
        self._lock = threading.Lock()
        self._health = HealthRecord()
        self._session = requests.Session()
        self._session.trust_env = False  # a scanner in the hall is reached through no proxy
        self._abilities: dict[str, SourceAbilities] | None = None

    def check(self) -> Health:
        """See Scanner: its own status; busy while it scans for us."""
        if not self._lock.acquire(blocking=False):
            return self._health.observe(DeviceState.BUSY)
        try:
            self._raise_trouble(self._status())
        except DeviceError as error:
            return self._health.observe_error(error)
        finally:
            self._lock.release()
        return self._health.observe(DeviceState.READY)

    def scan(self, *, dpi: int, colour: bool, source: ScanSource) -> list[ScannedPage]:
        """See Scanner."""
        with self._lock:
            try:
                pages = self._scan(dpi, source, colour=colour)
            except DeviceError as error:
                self._abilities = None
                self._health.observe_error(error)
                raise
            self._health.observe(DeviceState.READY)
            return pages

    def clear(self) -> None:
        """See Scanner.

        Jobs that have not come to their good end are deleted, with what the scanner holds of them. An empty
        feeder is asked for a page: a sound scanner refuses, and what an unsound one still gives is an
        earlier person's, and thrown away.
        """
        with self._lock:
            try:
                self._end_earlier_jobs()
                for _ in range(_MOST_PURGED):
                    if not self._purge_feeder():
                        return
                raise FAULTS.error("scanner_faulty", "pages of an empty feeder")
            except DeviceError as error:
                self._health.observe_error(error)
                raise

    def close(self) -> None:
        """See Scanner."""
        self._session.close()

    def _scan(self, dpi: int, source: ScanSource, *, colour: bool) -> list[ScannedPage]:
        abilities = self._get_abilities(source)
        dpi = abilities.nearest(dpi)
        self._raise_trouble(self._end_earlier_jobs())
        job = self._begin(scan_settings(source, abilities, dpi=dpi, colour=colour))
        pages: list[ScannedPage] = []
        most = 1 if source == "flatbed" else MOST_PAGES
        try:
            for page in self._pages(job, dpi):
                pages.append(page)
                if len(pages) == most:
                    break
        except DeviceError as error:
            raise (ScanStopped(error, pages) if pages else error) from error
        finally:
            # whatever happened, the scanner is to keep nothing of this job for the next person
            self._delete_quietly(job)
        if not pages:
            raise FAULTS.error("no_documents", "no page in the job")
        return pages

    def _end_earlier_jobs(self) -> ScannerStatus:
        """The status; a job that is not ended while nobody scans is an earlier person's.

        With a shared scanner it may be somebody else's, so only those that are broken off are ended.
        """
        status = self._status()
        for job in status.list_unfinished_jobs(only_broken_off=self._is_shared):
            self._delete(self._own(job))
        return status

    def _get_abilities(self, source: str) -> SourceAbilities:
        if self._abilities is None:
            self._abilities = _understood(parse_abilities, self._get("ScannerCapabilities"))
        if source not in self._abilities:
            raise FAULTS.error("setting_refused", f"no {source}")
        return self._abilities[source]

    def _status(self) -> ScannerStatus:
        return _understood(parse_status, self._get("ScannerStatus"))

    @staticmethod
    def _raise_trouble(status: ScannerStatus) -> None:
        if reason := _FEEDER_FAULTS.get(status.feeder):
            raise FAULTS.error(reason, status.feeder)
        if status.state in ("Stopped", "Testing"):
            raise FAULTS.error("scanner_faulty", status.state)

    def _begin(self, settings: bytes) -> str:
        """The new job's address."""
        ends_at = time.monotonic() + self._limit_s
        while True:
            answer = self._ask("POST", "ScanJobs", settings)
            if answer.code == 201 and answer.location:
                return self._own(answer.location)
            if answer.code != 503 or time.monotonic() + self._retry_s > ends_at:
                raise self._refusal(answer.code)
            time.sleep(self._retry_s)

    def _refusal(self, code: int) -> DeviceError:
        status = self._status()
        self._raise_trouble(status)
        if code == 409:
            return FAULTS.error("no_documents" if status.feeder == _EMPTY else "scanner_busy", "409")
        reasons = {400: "setting_refused", 401: "scanner_denied", 403: "scanner_denied", 503: "scanner_busy"}
        return FAULTS.error(reasons.get(code, "scanner_faulty"), str(code))

    def _pages(self, job: str, dpi: int) -> Iterator[ScannedPage]:
        scan_id = secrets.token_hex(8)
        while (data := self._next_document(job)) is not None:
            page = replace(_page_of(data, dpi), scan_id=scan_id)
            yield set_upright(page) if self._sets_upright else page

    def _next_document(self, job: str) -> bytes | None:
        """The next page's bytes; None after the last one."""
        ends_at = time.monotonic() + self._limit_s
        while True:
            answer = self._ask("GET", f"{job}/NextDocument", limit_s=self._limit_s)
            if answer.code == 200:
                return answer.content
            # the end of the paper and the end by a jam look alike: only the status tells them apart
            status = self._status()
            self._raise_trouble(status)
            if answer.code != 503:
                self._raise_unended(status.jobs, job, answer.code)
                return None
            if time.monotonic() + self._retry_s > ends_at:
                raise FAULTS.error("scanner_silent", "503")
            time.sleep(self._retry_s)

    def _raise_unended(self, jobs: dict[str, str], job: str, code: int) -> None:
        state = next((state for path, state in jobs.items() if self._own(path) == job), "Completed")
        if state == "Canceled":
            raise FAULTS.error("scan_cancelled", state)
        if state == "Aborted":
            raise FAULTS.error("scanner_faulty", state)
        if code not in (404, 409, 410):
            raise FAULTS.error("scanner_faulty", str(code))

    def _purge_feeder(self) -> bool:
        """Whether an empty feeder gave a page."""
        if self._status().feeder != _EMPTY:
            return False
        abilities = self._get_abilities("feeder")
        settings = scan_settings("feeder", abilities, dpi=abilities.nearest(75), colour=False)
        answer = self._ask("POST", "ScanJobs", settings)
        if answer.code != 201 or not answer.location:
            return False
        job = self._own(answer.location)
        try:
            return self._ask("GET", f"{job}/NextDocument", limit_s=self._limit_s).code == 200
        finally:
            self._delete_quietly(job)

    def _delete(self, job: str) -> None:
        code = self._ask("DELETE", job).code
        if code not in (200, 204, 404, 410):
            raise FAULTS.error("scanner_faulty", f"DELETE {code}")

    def _delete_quietly(self, job: str) -> None:
        try:
            self._delete(job)
        except DeviceError as error:
            self._health.observe_error(error)

    def _own(self, location: str) -> str:
        """A job's address on this scanner, whatever name the scanner calls itself by.

        Two slashes would name another machine: a scanner has none to send us to.
        """
        try:
            path = urlsplit(location).path.strip("/")
        except ValueError as error:
            raise FAULTS.error("scanner_faulty", "Location") from error
        return urljoin(self._root, f"/{path}")

    def _get(self, path: str) -> bytes:
        answer = self._ask("GET", path)
        if answer.code != 200:
            reason = "scanner_busy" if answer.code == 503 else "scanner_faulty"
            raise FAULTS.error(reason, f"{path} {answer.code}")
        return answer.content

    def _ask(
        self, method: str, path: str, body: bytes | None = None, *, limit_s: float | None = None
    ) -> _Answer:
        limit_s = self._answer_limit_s if limit_s is None else limit_s
        ends_at = time.monotonic() + limit_s
        largest = _LARGEST_PAGE if path.endswith("NextDocument") else LARGEST_MESSAGE
        try:
            with self._session.request(
                method,
                urljoin(self._root, path),
                data=body,
                headers={"Content-Type": "text/xml"} if body else {},
                timeout=(_CONNECT_LIMIT_S, limit_s),
                allow_redirects=False,
                stream=True,
            ) as answer:
                content = _bounded(answer, largest, ends_at)
        except requests.Timeout as error:
            raise FAULTS.error("scanner_silent", f"{limit_s:g} s") from error
        except requests.RequestException as error:
            raise FAULTS.error(_reason_of(error), type(error).__name__) from error
        return _Answer(answer.status_code, answer.headers.get("Location", ""), content)


def _reason_of(error: requests.RequestException) -> str:
    if isinstance(error, requests.exceptions.ChunkedEncodingError) or "Read timed out" in str(error):
        return "page_incomplete"  # requests' name for every answer that ends before its end
    return "scanner_gone" if isinstance(error, requests.ConnectionError) else "scanner_faulty"


def _bounded(answer: requests.Response, largest: int, ends_at: float) -> bytes:
    """The answer's body, within a size and a time: a scanner may drip for ever."""
    held = bytearray()
    for piece in answer.iter_content(1 << 16):
        held += piece
        if len(held) > largest:
            raise FAULTS.error("page_incomplete", f"more than {largest} bytes")
        if time.monotonic() > ends_at:
            raise FAULTS.error("scanner_silent", "dripping")
    return bytes(held)


def _understood(parse: Callable[[bytes], _Message], text: bytes) -> _Message:
    try:
        return parse(text)
    except BadMessage as error:
        raise FAULTS.error("scanner_faulty", type(error).__name__) from error


def _page_of(data: bytes, dpi: int) -> ScannedPage:
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
            picture.load()
            return ScannedPage(data, "image/jpeg", picture.width, picture.height, dpi)
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise FAULTS.error("page_incomplete", type(error).__name__) from error


def open_escl(url: DeviceUrl) -> EsclScanner:
    """`scanner+escl://10.0.0.8:80/eSCL?limit_s=60&upright=yes&shared=no`.

    `upright=no` leaves pages as they lie; with `shared=yes` jobs of other programs are let run.
    """
    sets_upright = url.options.get("upright", "yes") == "yes"
    return EsclScanner(
        f"http://{url.target}",
        limit_s=url.number("limit_s", 60.0),
        sets_upright=sets_upright,
        is_shared=url.options.get("shared", "no") == "yes",
    )
