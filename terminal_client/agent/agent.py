"""The agent: it tells the server how the kiosk is, and does what the server has a right to ask."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from terminal_client import opening
from terminal_client.agent import machine
from terminal_client.agent.commands import Commands
from terminal_client.agent.configuring import Configuring
from terminal_client.agent.heartbeat import Moment, WatchedDevices, make_heartbeat
from terminal_client.agent.journal import Journal, JournalFailed, Result
from terminal_client.agent.renewal import Renewal, is_key_refused
from terminal_client.opening import Opening
from terminal_client.outbox.store import Depth, Outbox, OutboxFailed
from terminal_client.server_client import Request, ServerAway, ServerClient, ServerRefused

BEAT_SECONDS = 30.0
STEP_SECONDS = 1.0
LEAST_FREE_MIB = 2
UNKNOWN_AFTER = 3
# a terminal that may not say how it is yet is told its state by the refusal
STATE_REFUSALS = {"terminal_in_lobby": "lobby", "terminal_suspended": "suspended"}
FULL = Depth(0, 0, 0)

log = logging.getLogger(__name__)


class WatchedKiosk(Protocol):
    """The kiosk as far as the agent tells of it."""

    last_ended_at: datetime | None
    catalog_revision: int


@dataclass(frozen=True)
class Parts:
    """What the agent works with."""

    folder: Path
    client: ServerClient
    kiosk: WatchedKiosk
    devices: WatchedDevices
    opening: Opening
    journal: Journal
    renewal: Renewal
    configuring: Configuring | None = None
    commands: Commands | None = None
    outbox: Outbox | None = None


class Agent:
    """A thread that beats every `beat_seconds`; nothing a citizen waits for goes through it.

    A kiosk that was enrolled by its public key alone knows no key of the server's: it beats, and takes
    neither configuration nor command.
    """

    def __init__(
        self,
        parts: Parts,
        check_words: str,
        *,
        beat_seconds: float = BEAT_SECONDS,
        step_seconds: float = STEP_SECONDS,
        is_updating: Callable[[], bool] = lambda: False,
        list_given_up: Callable[[], list[str]] = list,
        also: Callable[[], None] = lambda: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._parts = parts
        self._words = check_words
        self._beat_seconds = beat_seconds
        self._step_seconds = step_seconds
        self._is_updating = is_updating
        self._list_given_up = list_given_up
        self._also = also
        self._monotonic = monotonic
        self._offset_ms = 0
        self._refusals = 0
        self._configuration_wanted = 0
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self.state = "unknown"
        self.last_beat_at: datetime | None = None
        self.last_trouble = ""

    def start(self) -> None:
        """Begin to beat; waits for nothing."""
        self._parts.journal.close_interrupted()
        self._parts.renewal.start()
        self._thread = threading.Thread(target=self._run, name="agent", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Beat no more."""
        self._ended.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout=2)

    @property
    def clock_offset_ms(self) -> int:
        """How far this machine's clock was before (+) or behind (-) the server's at the last heartbeat."""
        return self._offset_ms

    def beat(self) -> None:
        """Send one heartbeat and heed the answer; what goes wrong is noted and tried again at the next."""
        try:
            answer = self._parts.client.ask(Request("POST", "/terminal/heartbeats", body=self._make_body()))
        except ServerAway as error:
            self._note_trouble(f"server away: {error}")
        except ServerRefused as error:
            self._note_refusal(error)
        except (JournalFailed, OSError) as error:
            self._note_trouble(f"state folder: {error}")
        else:
            self._note_beat()
            self._heed(answer)

    def step(self) -> None:
        """What needs no server: commands and configurations that waited, room on the disk, the hours."""
        parts = self._parts
        if parts.commands is not None:
            parts.commands.step(parts.client.clock.now())
        if parts.configuring is not None:
            parts.configuring.step()
            settings = parts.configuring.settings
            is_shut = settings is not None and not settings.is_open(parts.client.clock.now())
            parts.opening.set("hours", opening.OUT_OF_HOURS, is_closed=is_shut)
        parts.opening.set("disk_full", opening.DISK_FULL, is_closed=not self._has_room())

    def suspend(self) -> None:
        """Close the kiosk until the server says that it is active."""
        self._parts.opening.close("state", opening.SUSPENDED)

    def report(self) -> None:
        """Tell the server what became of commands and configurations. ServerAway, ServerRefused."""
        for result in self._parts.journal.list_unreported():
            self._report_result(result)
        if self._parts.configuring is not None:
            self._report_configurations(self._parts.configuring)

    def _run(self) -> None:
        beats_at = self._monotonic()
        while not self._ended.is_set():
            try:
                if self._monotonic() >= beats_at:
                    beats_at = self._monotonic() + self._beat_seconds
                    self.beat()
                self.step()
                self._also()
            except (JournalFailed, OSError) as error:
                self._note_trouble(f"state folder: {error}")
            except Exception:
                # a defect of ours must not make the kiosk silent for ever
                log.exception("the agent failed")
            self._ended.wait(self._step_seconds)

    def _make_body(self) -> dict[str, Any]:
        parts, depth = self._parts, self._measure()
        moment = Moment(
            counter=parts.journal.next_counter(),
            configuration=parts.configuring.revision if parts.configuring is not None else 0,
            catalog=parts.kiosk.catalog_revision,
            clock_offset_ms=self._offset_ms,
            outbox_depth=depth.waiting + depth.parked,
            outbox_oldest_age_seconds=depth.oldest_age_seconds,
            last_session_ended_at=parts.kiosk.last_ended_at,
            is_updating=self._is_updating(),
            given_up=self._list_given_up(),
        )
        return make_heartbeat(parts.folder, parts.devices, moment)

    def _measure(self) -> Depth:
        try:
            return self._parts.outbox.measure() if self._parts.outbox is not None else FULL
        except OutboxFailed:
            return FULL

    def _has_room(self) -> bool:
        if self._parts.outbox is not None:
            return self._parts.outbox.has_room()
        return machine.free_mib(self._parts.folder) >= LEAST_FREE_MIB

    def _note_beat(self) -> None:
        self._refusals, self.last_trouble = 0, ""
        self.last_beat_at = self._parts.client.clock.now()
        self._parts.renewal.note_accepted()

    def _note_trouble(self, said: str) -> None:
        if said != self.last_trouble:
            log.warning("no heartbeat: %s", said)
        self.last_trouble = said

    def _note_refusal(self, error: ServerRefused) -> None:
        if error.reason in STATE_REFUSALS:
            self.last_trouble = ""
            self._follow_state(STATE_REFUSALS[error.reason])
            return
        self._note_trouble(f"refused: {error}")
        if not is_key_refused(error):
            return
        self._refusals += 1
        self._parts.renewal.note_refused()
        if self._refusals >= UNKNOWN_AFTER:
            self.state = "unknown"
            self._parts.opening.close("state", opening.SUSPENDED)

    def _heed(self, answer: Any) -> None:
        self._offset_ms = self._parts.client.clock.measure_offset_ms(str(answer.get("server_time"))) or 0
        self._follow_state(str(answer.get("state", "active")))
        try:
            # before all that the server may refuse: a stolen kiosk is told to wipe itself and nothing else
            self._take_commands(answer.get("commands") or ())
            self._parts.renewal.announce_again()
            self._take_configuration(answer.get("configuration"))
            if answer.get("renew_key"):
                self._parts.renewal.renew()
            self.report()
        except (ServerAway, ServerRefused) as error:
            self._note_trouble(f"after the heartbeat: {error}")

    def _follow_state(self, state: str) -> None:
        self.state = state
        if state == "lobby":
            self._parts.opening.close("state", opening.waiting_for_activation(self._words))
        elif state == "active":
            self._parts.opening.lift("state")
        else:
            self._parts.opening.close("state", opening.SUSPENDED)

    def _take_configuration(self, revision: Any) -> None:
        configuring = self._parts.configuring
        if configuring is None or not isinstance(revision, int) or not configuring.wants(revision):
            return
        configuring.stage(self._parts.client.ask(Request("GET", "/terminal/configuration")))
        configuring.step()

    def _take_commands(self, given: Any) -> None:
        if self._parts.commands is None:
            return
        for each in given:
            self._parts.commands.take(each, self._parts.client.clock.now())

    def _report_result(self, result: Result) -> None:
        body = {
            "command": result.command,
            "outcome": result.outcome,
            "detail": result.detail,
            "attachment": result.attachment,
        }
        request = Request(
            "POST", "/terminal/command-results", body=body, idempotency_key=f"result:{result.command}"
        )
        try:
            self._parts.client.ask(request)
        except ServerRefused as error:
            if error.status in (401, 403, 429):
                raise
            # the server will never take it: telling it for ever would hide the next one
            log.warning("the result of command %s was refused: %s", result.command, error.reason)
        self._parts.journal.note_reported(result.command)

    def _report_configurations(self, configuring: Configuring) -> None:
        reports = configuring.take_reports()
        while reports:
            report = reports[0]
            body = {
                "revision": report.revision,
                "outcome": report.outcome,
                "reason": report.reason,
                "detail": report.detail,
            }
            key = f"configuration:{report.revision}:{report.outcome}"
            request = Request("POST", "/terminal/configuration-reports", body=body, idempotency_key=key)
            try:
                self._parts.client.ask(request)
            except (ServerAway, ServerRefused):
                configuring.put_back(reports)
                raise
            reports.pop(0)
