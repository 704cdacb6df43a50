"""One print queue over IPP (RFC 8011): what its printer says of itself, and jobs from creation to end."""

import asyncio
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from pyipp import IPP, IPPConnectionError, IPPError, IPPParseError, IPPResponseError
from pyipp.enums import IppOperation

from devices.url import BadDeviceUrl, DeviceUrl

_USER = "onething"
_ANSWER_LIMIT_S = 5
_NOT_FOUND = (0x0406, 0x0407)
_UNKNOWN_OPERATION = 0x0501
_PRINTER_FACTS = [
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "document-format-supported",
    "pwg-raster-document-resolution-supported",
]
_JOB_FACTS = ["job-id", "job-name", "job-state", "job-state-reasons", "time-at-processing"]
_SUFFIXES = ("-report", "-warning", "-error")


class QueueAway(Exception):
    """Nobody answers, or the answer cannot be understood; the text is the raw cause.

    Whether the queue got what was sent to it is not known.
    """


class QueueSaysNo(Exception):
    """The queue refuses; `status` is the IPP status code, and nothing of what was asked has happened."""

    def __init__(self, status: int) -> None:
        super().__init__(f"IPP {status:#06x}")
        self.status = status


class JobUnknown(QueueSaysNo):
    """The queue has no such job, or has forgotten it."""


class JobState(IntEnum):
    """RFC 8011, 5.3.7."""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


@dataclass(frozen=True)
class Reason:
    """One of printer-state-reasons (RFC 8011, 5.4.12): the keyword, and report, warning or error."""

    keyword: str
    severity: str

    @classmethod
    def parse(cls, text: str) -> "Reason":
        """`media-empty-error` in its parts; a keyword without a severity means an error."""
        for suffix in _SUFFIXES:
            if text.endswith(suffix):
                return cls(text.removesuffix(suffix), suffix[1:])
        return cls(text, "error")


@dataclass(frozen=True)
class PrinterFacts:
    """What the printer says of itself now.

    `formats` are the media types that it takes, none if it does not say; `raster_dpi` the resolutions.
    """

    is_stopped: bool
    is_accepting: bool
    reasons: tuple[Reason, ...]
    formats: tuple[str, ...] = ()
    raster_dpi: tuple[int, ...] = ()


@dataclass(frozen=True)
class JobFacts:
    """What the printer says of one job; `has_begun` is False only when it says that it never processed it."""

    state: JobState
    reasons: tuple[str, ...]
    has_begun: bool

    @property
    def is_ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in (JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED)


@dataclass(frozen=True)
class QueueAddress:
    """Where the queue is: `host:port/path`, and whether over TLS."""

    host: str
    port: int
    path: str
    is_tls: bool = False

    @classmethod
    def of(cls, url: DeviceUrl, default_path: str) -> "QueueAddress":
        """`KIND+ipp://10.0.0.9:631/ipp/print`. BadDeviceUrl when the port is none."""
        place, slash, path = url.target.partition("/")
        host, port = DeviceUrl(url.scheme, place).host_and_port(631)
        if not host:
            raise BadDeviceUrl(f"{url.target!r} names no host")
        return cls(host, port, f"/{path}" if slash and path else default_path, url.scheme.endswith("ipps"))


class IppQueue:
    """A queue; every call is one question with a time limit, and keeps no connection.

    All raise QueueAway and QueueSaysNo.
    """

    def __init__(self, address: QueueAddress) -> None:
        self._address = address

    def ask(self) -> PrinterFacts:
        """How the printer is."""
        asked = {"requested-attributes": _PRINTER_FACTS}
        said = _first(self._execute(IppOperation.GET_PRINTER_ATTRIBUTES, asked), "printers")
        reasons = (Reason.parse(text) for text in _texts(said.get("printer-state-reasons")) if text != "none")
        accepting = said.get("printer-is-accepting-jobs", True)
        return PrinterFacts(
            int(said.get("printer-state", 3)) == 5,
            bool(accepting),
            tuple(reasons),
            tuple(_texts(said.get("document-format-supported"))),
            _resolutions(said.get("pwg-raster-document-resolution-supported")),
        )

    def create(self, title: str, attributes: Mapping[str, Any]) -> int:
        """A new job that has no document yet; returns its number. Nothing can be on paper before `send`.

        0 when the queue knows no such operation: `print_whole` is for those.
        """
        try:
            said = self._execute(IppOperation.CREATE_JOB, {"job-name": title}, attributes)
        except QueueSaysNo as refusal:
            if refusal.status == _UNKNOWN_OPERATION:
                return 0
            raise
        return _job_number(said)

    def send(self, job: int, document: bytes, media_type: str) -> None:
        """Give a job its only document."""
        asked = {"job-id": job, "document-format": media_type, "last-document": True}
        self._execute(IppOperation.SEND_DOCUMENT, asked, document=document)

    def print_whole(self, title: str, attributes: Mapping[str, Any], document: bytes, media_type: str) -> int:
        """A job and its document in one; returns its number."""
        asked = {"job-name": title, "document-format": media_type}
        return _job_number(self._execute(IppOperation.PRINT_JOB, asked, attributes, document))

    def ask_job(self, job: int) -> JobFacts:
        """How a job is. JobUnknown."""
        asked = {"job-id": job, "requested-attributes": _JOB_FACTS}
        said = _first(self._execute(IppOperation.GET_JOB_ATTRIBUTES, asked), "jobs")
        try:
            state = JobState(said["job-state"])
        except (KeyError, ValueError) as error:
            raise QueueAway("no job-state") from error
        # no-value arrives as an empty text, and is the printer's word that it never began
        has_begun = said.get("time-at-processing", 1) != ""
        return JobFacts(state, tuple(_texts(said.get("job-state-reasons"))), has_begun)

    def find(self, title: str) -> int:
        """The number of our job of that title, 0 when the queue has none, not even an ended one."""
        for which in ("not-completed", "completed"):
            asked = {"which-jobs": which, "my-jobs": True, "requested-attributes": _JOB_FACTS}
            for said in self._execute(IppOperation.GET_JOBS, asked)["jobs"]:
                if said.get("job-name") == title:
                    return int(said["job-id"])
        return 0

    def cancel(self, job: int) -> None:
        """Have a job end as soon as it can; QueueSaysNo when it has ended already."""
        self._execute(IppOperation.CANCEL_JOB, {"job-id": job})

    def _execute(
        self,
        operation: IppOperation,
        asked: Mapping[str, Any],
        attributes: Mapping[str, Any] | None = None,
        document: bytes = b"",
    ) -> dict[str, Any]:
        message = {"operation-attributes-tag": {"requesting-user-name": _USER, **asked}}
        if attributes:
            message["job-attributes-tag"] = dict(attributes)
        try:
            return _run_apart(self._ask_over_http(operation, message, document))
        except TimeoutError as error:
            raise QueueAway("TimeoutError") from error
        except (IPPConnectionError, IPPParseError, IPPResponseError, OSError) as error:
            raise QueueAway(type(error.__cause__ or error).__name__) from error
        except IPPError as error:
            status = _status_of(error)
            raise (JobUnknown if status in _NOT_FOUND else QueueSaysNo)(status) from error

    async def _ask_over_http(
        self, operation: IppOperation, message: dict[str, Any], document: bytes
    ) -> dict[str, Any]:
        where = self._address
        limit_s = _ANSWER_LIMIT_S + len(document) / 100_000
        async with (
            asyncio.timeout(limit_s),
            IPP(
                host=where.host,
                port=where.port,
                base_path=where.path,
                tls=where.is_tls,
                request_timeout=int(limit_s) + 1,
                user_agent="onething-terminal",
            ) as client,
        ):
            whole: dict[str, Any] = message | ({"data": document} if document else {})
            said: dict[str, Any] = await client.execute(operation, whole)
            return said


def _run_apart(asking: Coroutine[Any, Any, dict[str, Any]]) -> dict[str, Any]:
    """Wait for an answer on a thread of its own: the caller's may have a loop running already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asking).result()


def _first(said: Mapping[str, Any], group: str) -> dict[str, Any]:
    found: dict[str, Any] = next(iter(said.get(group) or ()), {})
    if not found:
        raise QueueAway(f"no {group}")
    return found


def _job_number(said: Mapping[str, Any]) -> int:
    number = _first(said, "jobs").get("job-id")
    if not isinstance(number, int):
        raise QueueAway("no job-id")
    return number


def _texts(value: object) -> list[str]:
    """An attribute of one or many keywords."""
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str) and text]


def _resolutions(value: object) -> tuple[int, ...]:
    """An attribute of one or many resolutions, each (across, down, 3 for dots an inch)."""
    values = value if isinstance(value, list) else [value]
    return tuple(
        int(each[0]) for each in values if isinstance(each, tuple) and len(each) == 3 and each[2] == 3
    )


def _status_of(error: IPPError) -> int:
    told = error.args[1] if len(error.args) > 1 else {}
    return int(told.get("status-code", 0x0400)) if isinstance(told, dict) else 0x0400
