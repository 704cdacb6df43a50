"""The kiosk at work: one journey, the events that move it, and the doing of what it asks."""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from devices.errors import DeviceError
from terminal_client import defects
from terminal_client.journey import events, times
from terminal_client.journey.effects import (
    CallStaff,
    ClearDevices,
    Effect,
    EndSession,
    KeepIntake,
    Print,
    PrintIntake,
    PrintResult,
    Scan,
)
from terminal_client.journey.failing import failed
from terminal_client.journey.state import AskServer, Journey, Printing, Screen, Sentence, Times
from terminal_client.journey.step import step
from terminal_client.journey.steps import Step
from terminal_client.offline.port import Offline
from terminal_client.opening import Opening
from terminal_client.outbox.store import OutboxFailed
from terminal_client.ports import KioskDevices, Server
from terminal_client.result_printer import ResultPrinter
from terminal_client.server_client import Request, ServerAway, ServerRefused

TICK_SECONDS = 0.25
REFRESH_SECONDS = 60.0
REFRESH_WHEN_AWAY_SECONDS = 4.0
LANGUAGES = {"zh": "zh-CN", "en": "en"}
UNTIMED = (Screen.IDLE, Screen.OFFLINE, Screen.CLOSED)

log = logging.getLogger(__name__)


class Kiosk:
    """Holds the one journey of this machine. Every method may be called from any thread."""

    def __init__(
        self,
        server: Server,
        devices: KioskDevices,
        *,
        limits: Times | None = None,
        clock: Callable[[], float] = time.monotonic,
        opening: Opening | None = None,
        offline: Offline | None = None,
    ) -> None:
        self._opening = opening or Opening()
        self._opening.listen(self._look_at_opening)
        self._look_again = threading.Event()
        self.last_ended_at: datetime | None = None
        self.catalog_revision = 0
        self._server = server
        self._devices = devices
        self._clock = clock
        self._offline = offline or Offline()
        self._journey = Journey(
            times=limits or Times(),
            touched_at=clock(),
            now=clock(),
            things=self._offline.guides.list_things(),
            takes_intakes=self._offline.intakes is not None,
        )
        self._changed = threading.Condition()
        self._version = 0
        self._keys: dict[tuple[int, str], str] = {}
        self._stopping = threading.Event()
        self._results = ResultPrinter(
            server,
            devices,
            self.handle,
            is_there=lambda sitting: self._token(sitting) is not None,
            stopping=self._stopping,
        )
        self._hands = ThreadPoolExecutor(max_workers=8, thread_name_prefix="kiosk")
        self._threads: list[threading.Thread] = []

    @property
    def journey(self) -> Journey:
        """The journey as it is now."""
        return self._journey

    @property
    def now(self) -> float:
        """The monotonic second the journey's times are counted in."""
        return self._clock()

    def start(self) -> None:
        """Begin to tick, to watch the devices and to fetch the things on offer."""
        for work in (self._tick, self._keep_things):
            thread = threading.Thread(target=work, name=work.__name__, daemon=True)
            thread.start()
            self._threads.append(thread)
        self._devices.start(self.handle)

    def stop(self) -> None:
        """End the sitting, at the server too, and let everything go."""
        self._stopping.set()
        self._look_again.set()
        with self._changed:
            self._version += 1
            self._changed.notify_all()
        self._devices.stop()
        if self._journey.citizen is not None:
            self._end_session(EndSession(self._journey.citizen.token, "cancelled"))
        for thread in self._threads:
            thread.join(timeout=2)
        self._hands.shutdown(wait=False, cancel_futures=True)

    @property
    def is_free(self) -> bool:
        """Whether nobody is being served, nor on the way to it."""
        return self._journey.citizen is None and self._journey.screen in UNTIMED

    def print_again(self) -> bool:
        """Print the present person's receipt again, marked as such; False when there is none."""
        journey = self._journey
        if journey.citizen is None or not journey.citizen.receipt:
            return False
        self._begin(Print(journey.citizen.receipt, journey.sitting, reprint=True))
        return True

    def use_limits(self, limits: Times) -> None:
        """Use other times from now on."""
        with self._changed:
            self._journey = replace(self._journey, times=limits)

    @property
    def is_stopping(self) -> bool:
        """Whether the process is on its way out."""
        return self._stopping.is_set()

    def handle(self, event: events.Event) -> None:
        """Take one event, and begin to do what follows from it."""
        try:
            self._change(lambda before: step(before, event, self._clock()))
        except Exception as error:
            self.fail(error, f"taking {type(event).__name__}")

    def fail(self, error: BaseException, doing: str, *, seen: int | None = None) -> None:
        """Log a defect of ours, end the sitting and say so; not when version `seen` has passed."""
        number = defects.note(error, doing)
        is_over = seen is not None and seen != self._version
        if not is_over and self._journey.screen is not Screen.DEFECT:
            self._change(lambda before: failed(before, number))

    def _change(self, move: Callable[[Journey], Step]) -> None:
        with self._changed:
            before = self._journey
            self._journey, effects = move(before)
            if _looks_other(before, self._journey):
                self._version += 1
                self._changed.notify_all()
            if before.sitting != self._journey.sitting:
                self._keys.clear()
            if before.citizen is not None and self._journey.citizen is None:
                self.last_ended_at = datetime.now(UTC)
            if _has_begun_or_ended(before, self._journey):
                effects = (ClearDevices(), *effects)
        for effect in effects:
            self._begin(effect)

    def wait(self, seen: int, seconds: float) -> tuple[int, Journey]:
        """Wait until the journey is newer than version `seen`, or for that long; return both as they are."""
        with self._changed:
            self._changed.wait_for(lambda: self._version != seen, timeout=seconds)
            return self._version, self._journey

    def read_file(self, path: str) -> tuple[bytes, str]:
        """Bytes from the server in the citizen's name: a preview, a chart. ServerAway, ServerRefused."""
        citizen = self._journey.citizen
        language = LANGUAGES[self._journey.language]
        token = citizen.token if citizen else None
        return self._server.read(Request("GET", path, token=token, language=language))

    def _begin(self, effect: Effect) -> None:
        if self.is_stopping and not isinstance(effect, EndSession):
            return
        try:
            self._hands.submit(self._do, effect)
        except RuntimeError:
            log.info("not done, the kiosk is stopping: %s", type(effect).__name__)

    def _do(self, effect: Effect) -> None:
        try:
            match effect:
                case AskServer():
                    self._ask(effect)
                case Scan():
                    self._scan(effect)
                case Print() | PrintIntake():
                    self._print(effect)
                case PrintResult():
                    language = LANGUAGES[self._journey.language]
                    self._results.print(effect, self._token(effect.sitting), language)
                case KeepIntake():
                    self._keep_intake(effect)
                case EndSession():
                    self._end_session(effect)
                case CallStaff():
                    self._call_staff(effect)
                case ClearDevices():
                    self._clear_devices()
        except Exception as error:
            defects.note(error, type(effect).__name__)

    def _ask(self, asked: AskServer) -> None:
        ended = self._outcome(asked.call, asked.sitting, lambda: self._server.ask(self._request(asked)))
        self.handle(self._kept_guide(asked, ended) or ended)

    def _kept_guide(self, asked: AskServer, ended: events.Event) -> events.Event | None:
        """The guide as it was kept, for one that the server is too far away to give."""
        if asked.call != "read_guide" or not isinstance(ended, events.Away):
            return None
        guide = self._offline.guides.find_guide(asked.path.split("/")[2])
        self.handle(events.Away("list_things", 0))
        return events.Answered(asked.call, guide, asked.sitting) if guide is not None else None

    def _outcome(self, call: str, sitting: int, act: Callable[[], Any]) -> events.Event:
        try:
            return events.Answered(call, act(), sitting)
        except ServerAway as error:
            log.warning("no answer to %s: %s", call, error)
            return events.Away(call, sitting)
        except ServerRefused as error:
            log.info("refused %s: %s", call, error.reason)
            return events.Refused(call, error.reason, error.why, error.errors, sitting, error.status)
        except Exception as error:
            # a defect of ours must not leave the person before a screen that waits for ever
            defects.note(error, f"asking {call}")
            return events.Away(call, sitting)

    def _request(self, asked: AskServer) -> Request:
        language = self._journey.language
        return Request(
            asked.method,
            asked.path,
            body=asked.body,
            token=self._token(asked.sitting),
            idempotency_key=self._key(asked),
            language=LANGUAGES[language],
        )

    def _token(self, sitting: int) -> str | None:
        """The token of that sitting's citizen; None once it is over: nobody acts in the next one's name."""
        journey = self._journey
        return journey.citizen.token if journey.citizen and journey.sitting == sitting else None

    def _key(self, asked: AskServer) -> str | None:
        if asked.method not in ("POST",):
            return None
        if asked.once is None:
            return secrets.token_urlsafe(16)
        with self._changed:
            return self._keys.setdefault((asked.sitting, asked.once), secrets.token_urlsafe(16))

    def _scan(self, wanted: Scan) -> None:
        try:
            page, media_type = self._devices.scan_page()
        except DeviceError as error:
            self.handle(events.ScanFailed(Sentence(error.zh, error.en), wanted.sitting))
            return
        except Exception as error:
            defects.note(error, "scanning")
            self.handle(events.ScanFailed(defects.SCANNING, wanted.sitting))
            return
        request = Request(
            "POST",
            wanted.path,
            page=page,
            media_type=media_type,
            token=self._token(wanted.sitting),
            idempotency_key=secrets.token_urlsafe(16),
        )
        self.handle(self._outcome("take_page", wanted.sitting, lambda: self._send_page(request)))

    def _send_page(self, request: Request) -> Any:
        """Send a page, and once more under the same key if no answer came: it is kept once."""
        try:
            return self._server.ask(request)
        except ServerAway:
            return self._server.ask(request)

    def _keep_intake(self, wanted: KeepIntake) -> None:
        ended: events.Event = events.IntakeFailed(wanted.sitting)
        try:
            if self._offline.intakes is not None:
                ended = events.IntakeKept(self._offline.intakes.take(wanted.said), wanted.sitting)
        except OutboxFailed as error:
            log.warning("an intake was not kept: %s", error)
        except Exception as error:
            defects.note(error, "keeping an intake")
        self.handle(ended)

    def _print(self, wanted: Print | PrintIntake) -> None:
        how: dict[str, Any] = {"sitting": wanted.sitting, "reprint": wanted.reprint}
        try:
            if isinstance(wanted, PrintIntake):
                ended = self._devices.print_intake(wanted.slip, **how)
            else:
                ended = self._devices.print_receipt(wanted.receipt, **how)
        except Exception as error:
            # whether paper came out is not known: the person is asked
            defects.note(error, "printing")
            ended = events.PrintEnded(Printing.UNKNOWN, wanted.sitting)
        self.handle(ended)

    def _end_session(self, ended: EndSession) -> None:
        body = {"cause": ended.cause if ended.cause in SERVER_CAUSES else "cancelled"}
        request = Request(
            "POST",
            "/sessions/current/ending",
            body=body,
            token=ended.token,
            idempotency_key=secrets.token_urlsafe(16),
        )
        self._outcome("end_session", 0, lambda: self._server.ask(request))

    def _clear_devices(self) -> None:
        try:
            self._devices.clear()
        except DeviceError as error:
            # the scanner gives nobody a page until it has
            log.warning("%s has not forgotten the person before: %s", error.device, error.reason)

    def _call_staff(self, called: CallStaff) -> None:
        body = {"screen": called.screen, "reason": called.reason}
        request = Request("POST", "/calls-for-staff", body=body, idempotency_key=secrets.token_urlsafe(16))
        self._outcome("call_staff", 0, lambda: self._server.ask(request))

    def _tick(self) -> None:
        while not self._stopping.wait(TICK_SECONDS):
            self.handle(events.Ticked())
            if (usable := self._devices.can_print_documents()) != self._journey.prints_here:
                self.handle(events.DocumentPrinterWatched(usable))

    def _keep_things(self) -> None:
        while True:
            self._look_again.clear()
            if self.is_stopping:
                return
            try:
                listed = self._list_things()
                self.handle(listed)
                if isinstance(listed, events.Answered):
                    self._offline.guides.keep(listed.body, self._read_guide)
            except Exception as error:
                # this thread is what finds the server again
                defects.note(error, "listing the things")
            away = self._journey.server_away or not self._journey.things
            is_soon = away or self._opening.find_reason() is not None
            self._look_again.wait(REFRESH_WHEN_AWAY_SECONDS if is_soon else REFRESH_SECONDS)

    def _list_things(self) -> events.Event:
        why = self._opening.find_reason()
        if why is not None:
            return events.Refused("list_things", "closed", why)
        request = Request("GET", "/things", language=LANGUAGES["zh"])
        listed = self._outcome("list_things", 0, lambda: self._server.ask(request))
        if isinstance(listed, events.Answered):
            self.catalog_revision = int(listed.body.get("revision", 0))
        return listed

    def _read_guide(self, code: str) -> Any:
        return self._server.ask(Request("GET", f"/things/{code}/guide", language=LANGUAGES["zh"]))

    def _look_at_opening(self) -> None:
        self._look_again.set()


SERVER_CAUSES = ("finished", "idle", "card_removed", "swapped", "cancelled")


def _has_begun_or_ended(before: Journey, after: Journey) -> bool:
    return before.sitting != after.sitting or (before.citizen is None) != (after.citizen is None)


def _looks_other(before: Journey, after: Journey) -> bool:
    if times.seconds_left(before) != times.seconds_left(after):
        return True
    return replace(before, now=0, touched_at=0) != replace(after, now=0, touched_at=0)
