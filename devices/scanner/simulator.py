"""The simulated network scanner as a process: eSCL over HTTP, controlled over HTTP.

    python -m devices.scanner.simulator [--with-parent]

Control: PUT /feeder [[r, g, b], ...] (one colour a side), PUT /glass [r, g, b], PUT /faults {faults},
GET /state, GET /log, DELETE /log.
"""

import argparse
import contextlib
import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from devices.scanner import escl_documents
from devices.scanner.simulated_escl import EsclFaults, Job, SimulatedEscl, freeze
from devices.simulation import ControlReply, ControlServer, run_until_ended

_JOB = re.compile(r"/eSCL/ScanJobs/([0-9]+)(/NextDocument)?/?")


def _number(text: str, name: str, default: int) -> int:
    found = re.search(rf"{name}>\s*([0-9]+)", text)
    return int(found[1]) if found else default


class _Door(BaseHTTPRequestHandler):
    """One request to the scanner."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are written apart
    scanner: SimulatedEscl

    def do_GET(self) -> None:
        """Capabilities, status, or a job's next page."""
        self._note()
        if self.path.endswith("/ScannerCapabilities"):
            self._say("capabilities", escl_documents.capabilities())
        elif self.path.endswith("/ScannerStatus"):
            self._say("status", escl_documents.status(self.scanner))
        elif (job := self._job()) is not None:
            self._give_page(job)
        else:
            self._answer(404)

    def do_POST(self) -> None:
        """A new job."""
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self._note()
        if self._fails("begin"):
            return
        job = self.scanner.begin(
            "Feeder" if ">Feeder<" in text else "Platen",
            dpi=_number(text, "XResolution", 300),
            size=(_number(text, "pwg:Width", 2480), _number(text, "pwg:Height", 3508)),
            is_colour="RGB24" in text,
        )
        if job is None:
            self._answer(409)
        else:
            # some name themselves by what they are called in another network
            host = self.scanner.faults.calls_itself or self.headers["Host"]
            self._answer(201, location=f"http://{host}/eSCL/ScanJobs/{job.number}")

    def do_DELETE(self) -> None:
        """The end of a job."""
        self._note()
        job = self._job()
        if self._fails("delete"):
            return
        if job is not None:
            self.scanner.end(job, "Canceled")
        self._answer(404 if job is None else 200)

    def _give_page(self, job: Job) -> None:
        number = job.given + 1
        if job.state != "Processing":
            self._answer(410)
            return
        if self._fails("before_page", number, job):
            return
        sheet = self.scanner.take_sheet(job)
        if sheet is None:
            self.scanner.end(job, "Completed")
            self._answer(404)
            return
        data = self.scanner.page(job, sheet)
        inside = self.scanner.happens("inside_page", number)
        try:
            if inside is not None:
                self._answer_in_part(data, inside, job)
                self.scanner.abandon(sheet)
                return
            self._answer(200, data, "image/jpeg")
        except OSError:
            self.scanner.abandon(sheet)
            raise
        job.given = number
        after = self.scanner.happens("after_page", number)
        if after is not None:
            self.scanner.end(job, {"cancel": "Canceled"}.get(after.fault, "Aborted"))

    def _answer_in_part(self, data: bytes, fault: EsclFaults, job: Job) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "image/jpeg")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[: fault.at_byte])
        self.wfile.flush()
        if fault.fault == "freeze":
            freeze(fault)
        self.scanner.end(job, "Aborted")
        self._drop()

    def _fails(self, at: str, page: int = 1, job: Job | None = None) -> bool:
        """Whether a fault happened that has answered, or not answered, already."""
        fault = self.scanner.happens(at, page)
        if fault is None:
            return False
        if fault.fault == "drop":
            self._drop()
        elif fault.fault == "freeze":
            freeze(fault)
            self._drop()
        elif fault.fault == "busy":
            self._answer(503)
        elif fault.fault == "status":
            self._answer(fault.status)
        else:
            if job is not None:
                self.scanner.end(job, "Canceled" if fault.fault == "cancel" else "Aborted")
            self._answer(409)
        return True

    def _drop(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _say(self, at: str, document: bytes) -> None:
        if not self._fails(at):
            self._answer(200, document, "text/xml")

    def _answer(self, code: int, body: bytes = b"", kind: str = "text/plain", location: str = "") -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def _job(self) -> Job | None:
        found = _JOB.fullmatch(self.path)
        return self.scanner.jobs.get(int(found[1])) if found else None

    def _note(self) -> None:
        self.scanner.log.append(f"{self.command} {self.path}")

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet: stdout carries the ready line and nothing else."""


def _colour(value: Any) -> tuple[int, int, int]:
    red, green, blue = (int(each) for each in value)
    return red, green, blue


def _routes(scanner: SimulatedEscl) -> ControlServer:
    def put_feeder(_: str, value: Any) -> ControlReply:
        with scanner.lock:
            scanner.feeder = [_colour(each) for each in value]
        return ControlReply()

    def put_glass(_: str, value: Any) -> ControlReply:
        scanner.glass = _colour(value)
        return ControlReply()

    def put_faults(_: str, value: Any) -> ControlReply:
        scanner.set_faults(EsclFaults.from_json(value or {}))
        return ControlReply()

    def get_state(_: str, __: Any) -> ControlReply:
        with scanner.lock:
            states = [job.state for job in scanner.jobs.values()]
            return ControlReply.of({"feeder": scanner.feeder, "jobs": states})

    def delete_log(_: str, __: Any) -> ControlReply:
        scanner.log.clear()
        return ControlReply()

    return ControlServer(
        {
            ("PUT", "/feeder"): put_feeder,
            ("PUT", "/glass"): put_glass,
            ("PUT", "/faults"): put_faults,
            ("GET", "/state"): get_state,
            ("GET", "/log"): lambda _, __: ControlReply.of(scanner.log),
            ("DELETE", "/log"): delete_log,
        }
    )


def main() -> None:
    """Open the scanner's door and the control door, say where they are, and wait for the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--with-parent", action="store_true", help="end when stdin closes")
    options = parser.parse_args()
    scanner = SimulatedEscl()
    door = type("Door", (_Door,), {"scanner": scanner})
    server = ThreadingHTTPServer(("127.0.0.1", 0), door)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that hangs up is no news
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    control = _routes(scanner)
    control.start()
    address = f"127.0.0.1:{server.server_address[1]}/eSCL"
    urls = {"url": f"scanner+escl://{address}", "escl": f"http://{address}", "control": control.url}
    run_until_ended(urls, with_parent=options.with_parent)


if __name__ == "__main__":
    main()
