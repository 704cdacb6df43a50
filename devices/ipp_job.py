"""One job on an IPP queue, followed to its end; what came of it is said only as far as it is known."""

import contextlib
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from devices.ipp_queue import IppQueue, JobFacts, JobState, JobUnknown, QueueAway, QueueSaysNo

_FIRST_LOOK_S, _LAST_LOOK_S = 0.1, 1.0
_CANCEL_GRACE_S = 5.0
_AWAY_LIMIT_S = 30.0
_BUSY_LIMIT_S, _BUSY_PAUSE_S = 10.0, 0.5
_BUSY = (0x0505, 0x0507)  # server-error-temporary-error, server-error-busy

Cause = Literal["", "busy", "refused", "stopped", "lost", "gone", "stuck", "unwanted"]
OnLook = Callable[[JobFacts], None]
IsWanted = Callable[[], bool]


class Ending(StrEnum):
    """What can be said of the paper: all of it, none of it, or nobody knows."""

    COMPLETED = "completed"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class JobEnd:
    """How a job ended, the cause in one word unless it is completed, and what the wire said."""

    ending: Ending
    cause: Cause = ""
    raw: str = ""


@dataclass(frozen=True)
class Document:
    """What is to be printed, and the job attributes that say how (RFC 8011, 5.2)."""

    content: bytes
    media_type: str
    attributes: Mapping[str, Any]


@dataclass(frozen=True)
class _Handed:
    """A job the queue has, and why it may not have all of the document: nothing, refused or gone."""

    number: int
    doubt: Cause = ""


class IppJob:
    """A job from its handing over to its end, at most `patience_s` long; then it is cancelled."""

    def __init__(
        self,
        queue: IppQueue,
        *,
        patience_s: float,
        on_look: OnLook,
        is_wanted: IsWanted = lambda: True,
    ) -> None:
        """`on_look` is called with each look at a job that goes on; it may raise QueueAway, QueueSaysNo.

        `is_wanted` is asked after it; a job that nobody wants any more is cancelled.
        """
        self._queue = queue
        self._patience_s = patience_s
        self._on_look = on_look
        self._is_wanted = is_wanted

    def run(self, document: Document) -> JobEnd:
        """Print a document and wait for its end.

        The job is made first and empty, so that its number is known before anything can be on paper.
        """
        title = f"onething-{secrets.token_hex(8)}"  # other people can read a queue's titles: nobody's name
        try:
            number = self._create(title, document)
        except QueueAway as error:
            # an empty job prints nothing, and the queue drops it by itself
            return JobEnd(Ending.NOTHING, "gone", str(error))
        except QueueSaysNo as error:
            return JobEnd(Ending.NOTHING, "busy" if error.status in _BUSY else "refused", str(error))
        return self._follow(self._send(number, document)) if number else self._print_whole(title, document)

    def _create(self, title: str, document: Document) -> int:
        """Some printers take one job at a time, and are busy for a moment after its end."""
        ends_at = time.monotonic() + min(_BUSY_LIMIT_S, self._patience_s)
        while True:
            try:
                return self._queue.create(title, document.attributes)
            except QueueSaysNo as error:
                if error.status not in _BUSY or time.monotonic() > ends_at:
                    raise
            time.sleep(_BUSY_PAUSE_S)

    def _send(self, number: int, document: Document) -> _Handed:
        try:
            self._queue.send(number, document.content, document.media_type)
        except QueueAway:
            return _Handed(number, "gone")
        except QueueSaysNo:
            return _Handed(number, "refused")
        return _Handed(number)

    def _print_whole(self, title: str, document: Document) -> JobEnd:
        """For queues without Create-Job: if the answer is lost, the job is looked for by its title."""
        try:
            number = self._queue.print_whole(
                title, document.attributes, document.content, document.media_type
            )
        except QueueSaysNo as error:
            return JobEnd(Ending.NOTHING, "refused", str(error))
        except QueueAway as error:
            number = self._find_again(title)
            if not number:
                return JobEnd(Ending.UNKNOWN, "gone", str(error))
        return self._follow(_Handed(number))

    def _find_again(self, title: str) -> int:
        try:
            return self._queue.find(title)
        except (QueueAway, QueueSaysNo):
            return 0

    def _follow(self, handed: _Handed) -> JobEnd:
        began_at, pause_s = time.monotonic(), _FIRST_LOOK_S
        away, seen_at = "", began_at
        while (now := time.monotonic()) < min(began_at + self._patience_s, seen_at + _AWAY_LIMIT_S):
            try:
                facts = self._queue.ask_job(handed.number)
                if facts.is_ended:
                    return _end_of(facts)
                if handed.doubt and facts.state is not JobState.PROCESSING:
                    return self._cancel(handed, handed.doubt)
                self._on_look(facts)
                away, seen_at = "", now
                if not self._is_wanted():
                    return self._cancel(handed, "unwanted")
            except JobUnknown as error:
                return JobEnd(Ending.UNKNOWN, "lost", str(error))
            except (QueueAway, QueueSaysNo) as error:
                away = str(error)
            time.sleep(pause_s)
            pause_s = min(pause_s * 1.5, _LAST_LOOK_S)
        return JobEnd(Ending.UNKNOWN, "gone", away) if away else self._cancel(handed, "stuck")

    def _cancel(self, handed: _Handed, cause: Cause) -> JobEnd:
        """End the job, and find out whether any of it can be on paper."""
        ends_at = time.monotonic() + _CANCEL_GRACE_S
        try:
            with contextlib.suppress(QueueSaysNo):  # it may have ended in this very moment
                self._queue.cancel(handed.number)
            while time.monotonic() < ends_at:
                facts = self._queue.ask_job(handed.number)
                if facts.is_ended:
                    return _end_of(facts, cause)
                time.sleep(_FIRST_LOOK_S)
        except JobUnknown as error:
            return JobEnd(Ending.UNKNOWN, "lost", str(error))
        except (QueueAway, QueueSaysNo) as error:
            return JobEnd(Ending.UNKNOWN, cause, str(error))
        return JobEnd(Ending.UNKNOWN, cause, "not cancelled")


def _end_of(facts: JobFacts, cause: Cause = "") -> JobEnd:
    """Completed is all of it; an end before the beginning is nothing; all else nobody knows."""
    raw = ",".join((facts.state.name.lower(), *facts.reasons))
    if facts.state is JobState.COMPLETED:
        if "job-completed-with-errors" in facts.reasons:
            return JobEnd(Ending.UNKNOWN, "stopped", raw)
        return JobEnd(Ending.COMPLETED, "", raw)
    if facts.has_begun:
        return JobEnd(Ending.UNKNOWN, cause or "stopped", raw)
    is_refused = facts.state is JobState.ABORTED
    return JobEnd(Ending.NOTHING, cause or ("refused" if is_refused else "stopped"), raw)
