"""Printing a result on the kiosk's A4 printer: fetched, printed, and the server told what came of it.

The document is held by the call that prints it and by nothing else: no file, no queue of ours, no journey.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable

from devices.a4_printer.port import Interruption
from devices.errors import DeviceError
from terminal_client import defects
from terminal_client.journey import events
from terminal_client.journey.effects import PrintResult
from terminal_client.journey.state import Printing, Sentence
from terminal_client.ports import KioskDevices, Server
from terminal_client.server_client import Request, ServerAway, ServerRefused

PDF = "application/pdf"
# Longer than the server waits until people may settle it themselves.
REPORT_PAUSES = (0.5, 1, 2, 5, 10, 20, 30, 60, 60, 60, 60)
NO_DOCUMENT = Sentence(
    "没有取到结果文件，没有打印。请稍后再试，或到窗口领取",
    "The document could not be fetched, nothing was printed. Try again later, or collect it at the window.",
)

log = logging.getLogger(__name__)

Tell = Callable[[events.Event], None]


class ResultPrinter:
    """One for the kiosk; safe for many threads, the printer's own lock keeps one document at a time."""

    def __init__(
        self,
        server: Server,
        devices: KioskDevices,
        tell: Tell,
        *,
        is_there: Callable[[int], bool],
        stopping: threading.Event,
    ) -> None:
        """`is_there` says whether a sitting still goes on."""
        self._is_there = is_there
        self._server = server
        self._devices = devices
        self._tell = tell
        self._stopping = stopping

    def print(self, wanted: PrintResult, token: str | None, language: str) -> None:
        """From the server's document to its word of what came of it; returns when the server was told."""
        ended = self._outcome(wanted, token, language)
        key = secrets.token_urlsafe(16)
        is_told = self._report(wanted.job, ended.outcome, key)
        self._tell(ended)
        for pause in REPORT_PAUSES:
            if is_told or self._stopping.wait(pause):
                return
            is_told = self._report(wanted.job, ended.outcome, key)

    def _outcome(self, wanted: PrintResult, token: str | None, language: str) -> events.ResultPrintEnded:
        try:
            request = Request("GET", wanted.path, token=token, language=language)
            document, media_type = self._server.read(request)
        except ServerRefused as refused:
            return events.ResultPrintEnded(wanted.job, Printing.FAILED, refused.why)
        except ServerAway as error:
            log.warning("a result's document did not come: %s", error)
            return events.ResultPrintEnded(wanted.job, Printing.FAILED, NO_DOCUMENT)
        if media_type.partition(";")[0] != PDF:
            return events.ResultPrintEnded(wanted.job, Printing.FAILED, NO_DOCUMENT)
        return self._print(document, wanted.job, wanted.sitting)

    def _print(self, document: bytes, job: str, sitting: int) -> events.ResultPrintEnded:
        try:
            printed = self._devices.print_document(
                document,
                job=job,
                on_interruption=lambda why: self._hold_up(job, why),
                is_wanted=lambda: self._is_there(sitting),
            )
        except DeviceError as error:
            return events.ResultPrintEnded(job, Printing.FAILED, Sentence(error.zh, error.en))
        except Exception as error:
            # whether paper came out is not known: the person is asked
            defects.note(error, "printing a result")
            return events.ResultPrintEnded(job, Printing.UNKNOWN)
        if printed.state == "printed":
            return events.ResultPrintEnded(job, Printing.PRINTED)
        return events.ResultPrintEnded(job, Printing.UNKNOWN, Sentence(printed.zh, printed.en))

    def _hold_up(self, job: str, why: Interruption) -> None:
        self._tell(events.ResultHeldUp(job, Sentence(why.zh, why.en) if why.reason else None))

    def _report(self, job: str, outcome: Printing, key: str) -> bool:
        """Whether the server needs no more telling."""
        body = {"outcome": outcome.value}
        request = Request("POST", f"/prints/{job}/outcome", body=body, idempotency_key=key)
        try:
            self._server.ask(request)
        except ServerAway as error:
            log.warning("the server was not told of print %s: %s", job, error)
            return False
        except ServerRefused as refused:
            log.warning("the server does not take the word of print %s: %s", job, refused.reason)
        return True
