"""An A4 printer without hardware: its jobs, its tray of printed sheets, and how it is told to fail."""

import io
import threading
import time
from dataclasses import dataclass, field, fields, replace
from typing import Any

import pypdfium2

from devices.simulated_ipp import HangUp, IppAnswer, IppRequest

PRINT_JOB, CREATE_JOB, SEND_DOCUMENT, CANCEL_JOB = 0x0002, 0x0005, 0x0006, 0x0008
GET_JOB, GET_JOBS, GET_PRINTER = 0x0009, 0x000A, 0x000B
NAMES = {
    PRINT_JOB: "print-job",
    CREATE_JOB: "create-job",
    SEND_DOCUMENT: "send-document",
    CANCEL_JOB: "cancel-job",
    GET_JOB: "get-job-attributes",
    GET_JOBS: "get-jobs",
    GET_PRINTER: "get-printer-attributes",
}
PENDING, HELD, PROCESSING, STOPPED, CANCELED, ABORTED, COMPLETED = range(3, 10)
RAW, RASTER = "application/vnd.cups-raw", "image/pwg-raster"
_ENDED = (CANCELED, ABORTED, COMPLETED)
_BAD_REQUEST, _NOT_POSSIBLE, _NOT_FOUND, _BAD_FORMAT, _NO_OPERATION = 0x400, 0x404, 0x406, 0x40A, 0x501


@dataclass(frozen=True)
class A4Faults:
    """How the printer misbehaves; the plain value is a well one.

    `reasons` are what it says of itself and stop it when they are errors; `at_page` has a reason arise when
    so many sheets of a job are out. `lose` cuts the connection at an operation, `lose_before` it is carried
    out or after; `cut_after_bytes` of any request. `refuse` answers an operation with a status.
    """

    reasons: tuple[str, ...] = ()
    at_page: int | None = None
    at_page_reason: str = "media-empty-error"
    abort_at_page: int | None = None
    restart_at_page: int | None = None
    lose: str = ""
    lose_before: bool = False
    cut_after_bytes: int | None = None
    refuse: str = ""
    refuse_status: int = 0x0507
    is_silent: bool = False
    no_create_job: bool = False
    formats: tuple[str, ...] = ("application/pdf", RAW)
    page_s: float = 0.02

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "A4Faults":
        """Faults from the control door. ValueError for a name that is none."""
        if unknown := set(values) - {each.name for each in fields(cls)}:
            raise ValueError(f"no such fault: {', '.join(sorted(unknown))}")
        lists: dict[str, Any] = {
            name: tuple(values[name]) for name in ("reasons", "formats") if name in values
        }
        return cls(**values | lists)

    def stops(self) -> bool:
        """Whether it can not print now."""
        return any(reason.endswith("-error") for reason in self.reasons)


@dataclass
class Job:
    """One job and how far it came."""

    number: int
    name: str
    user: str
    copies: int = 1
    state: int = HELD
    reasons: str = "job-incoming"
    pages: int = 0
    is_begun: bool = False
    out: int = 0
    document: bytes = b""

    def to_json(self) -> dict[str, object]:
        """For the control door."""
        return {"number": self.number, "name": self.name, "state": self.state, "sheets": self.out}


@dataclass
class SimulatedA4Printer:
    """The state behind the simulator's port; `sheets` are the job numbers of what lies in the tray."""

    uri: str = ""
    sheets: list[int] = field(default_factory=list)
    faults: A4Faults = field(default_factory=A4Faults)
    lock: threading.RLock = field(default_factory=threading.RLock)
    jobs: dict[int, Job] = field(default_factory=dict)
    _made: int = 0

    def cut_after(self) -> int | None:
        """After how many bytes of a request to cut the line."""
        return self.faults.cut_after_bytes

    def answer(self, request: IppRequest) -> IppAnswer:
        """Obey one request. HangUp when told to."""
        name = NAMES.get(request.operation, "")
        while self.faults.is_silent:
            time.sleep(0.05)
        if name and self.faults.lose == name and self.faults.lose_before:
            raise HangUp
        if name and self.faults.refuse == name:
            return IppAnswer(self.faults.refuse_status)
        with self.lock:
            answer = self._obey(request)
        if name and self.faults.lose == name:
            raise HangUp
        return answer

    def _obey(self, request: IppRequest) -> IppAnswer:
        match request.operation:
            case 0x000B:
                return IppAnswer(0, [("printer", self._describe())])
            case 0x0005 if not self.faults.no_create_job:
                return self._show(self._make(request))
            case 0x0002:
                return self._take_document(self._make(request), request)
            case 0x000A:
                return self._list(request)
        if request.operation not in (SEND_DOCUMENT, CANCEL_JOB, GET_JOB):
            return IppAnswer(_NO_OPERATION)
        job = self.jobs.get(request.attributes.get("job-id", 0))
        if job is None:
            return IppAnswer(_NOT_FOUND)
        if request.operation == SEND_DOCUMENT:
            return self._take_document(job, request)
        return self._cancel(job) if request.operation == CANCEL_JOB else self._show(job)

    def _describe(self) -> dict[str, Any]:
        busy = any(job.state == PROCESSING for job in self.jobs.values())
        operations = [code for code in NAMES if code != CREATE_JOB or not self.faults.no_create_job]
        return {
            "printer-uri-supported": self.uri,
            "uri-security-supported": "none",
            "uri-authentication-supported": "none",
            "printer-name": "simulated",
            "printer-state": 5 if self.faults.stops() else 4 if busy else 3,
            "printer-state-reasons": list(self.faults.reasons) or "none",
            "printer-is-accepting-jobs": True,
            "printer-up-time": int(time.monotonic()) + 1,
            "queued-job-count": sum(job.state not in _ENDED for job in self.jobs.values()),
            "ipp-versions-supported": ["1.1", "2.0"],
            "operations-supported": operations,
            "charset-configured": "utf-8",
            "charset-supported": "utf-8",
            "natural-language-configured": "en",
            "generated-natural-language-supported": "en",
            "document-format-default": self.faults.formats[0],
            "document-format-supported": list(self.faults.formats),
            "compression-supported": "none",
            "pdl-override-supported": "not-attempted",
        }

    def _make(self, request: IppRequest) -> Job:
        self._made += 1
        asked = request.attributes
        user = str(asked.get("requesting-user-name", ""))
        job = Job(self._made, str(asked.get("job-name", "")), user, int(asked.get("copies", 1)))
        self.jobs[job.number] = job
        return job

    def _take_document(self, job: Job, request: IppRequest) -> IppAnswer:
        if job.state != HELD:
            return IppAnswer(_NOT_POSSIBLE)
        job.document = request.document
        if request.attributes.get("document-format") == RAW:  # a queue that hands on what it gets
            job.pages, job.state, job.reasons = 1, PENDING, "none"
            return self._show(job)
        if request.attributes.get("document-format") == RASTER:
            job.pages, job.state, job.reasons = request.document.count(b"PwgRaster\0"), PENDING, "none"
            return self._show(job)
        try:
            with pypdfium2.PdfDocument(io.BytesIO(request.document)) as document:
                job.pages = len(document) * job.copies
        except pypdfium2.PdfiumError:
            job.state, job.reasons = ABORTED, "document-format-error"
            return IppAnswer(_BAD_FORMAT)
        job.state, job.reasons = PENDING, "none"
        return self._show(job)

    def _cancel(self, job: Job) -> IppAnswer:
        if job.state in _ENDED:
            return IppAnswer(_NOT_POSSIBLE)
        job.state, job.reasons = CANCELED, "job-canceled-by-user"
        return IppAnswer()

    def _list(self, request: IppRequest) -> IppAnswer:
        wants_ended = request.attributes.get("which-jobs") == "completed"
        listed = [job for job in self.jobs.values() if (job.state in _ENDED) is wants_ended]
        return IppAnswer(0, [("job", self._facts(job)) for job in listed])

    def _show(self, job: Job) -> IppAnswer:
        return IppAnswer(0, [("job", self._facts(job))])

    def _facts(self, job: Job) -> dict[str, Any]:
        return {
            "job-id": job.number,
            "job-uri": f"{self.uri}/{job.number}",
            "job-printer-uri": self.uri,
            "job-name": job.name,
            "job-originating-user-name": job.user,
            "job-state": job.state,
            "job-state-reasons": job.reasons,
            "job-printer-up-time": int(time.monotonic()) + 1,
            "time-at-creation": 1,
            "time-at-processing": 1 if job.is_begun else None,
            "time-at-completed": 1 if job.state in _ENDED else None,
        }

    def work(self) -> None:
        """Put the next sheet into the tray, if there is one to print and nothing stops it."""
        with self.lock:
            job = next((each for each in self.jobs.values() if each.state in (PENDING, PROCESSING)), None)
            if job is None or self.faults.stops():
                return
            job.state, job.is_begun = PROCESSING, True
            if self._fails_at(job):
                return
            job.out += 1
            self.sheets.append(job.number)
            if job.out >= job.pages:
                job.state, job.reasons = COMPLETED, "job-completed-successfully"

    def _fails_at(self, job: Job) -> bool:
        faults = self.faults
        if faults.at_page == job.out:
            self.faults = replace(faults, reasons=(faults.at_page_reason,), at_page=None)
            return True
        if faults.abort_at_page == job.out:
            job.state, job.reasons = ABORTED, "aborted-by-system"
            return True
        if faults.restart_at_page == job.out:
            self.jobs.clear()
            return True
        return False
