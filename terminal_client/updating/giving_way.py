"""The kiosk's side of the lock between sittings and updates: it gives way only when it serves nobody."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from terminal_client.journey.state import Sentence
from terminal_client.opening import Opening
from terminal_client.updating.progress import UNDER_WAY, read_progress
from terminal_client.updating.sitting_lock import SittingLock

LOCK = Path("/run/onething-terminal/sitting.lock")
FOLDER = Path("/var/lib/onething-update")
LOOK_SECONDS = 0.5
# For how long the kiosk stays closed for an installer that does not come.
PATIENCE_SECONDS = 60.0
# as many as a heartbeat may name
MOST_GIVEN_UP = 16
REASON = "updating"
UPDATING = Sentence("这台机器正在更新，请稍候", "This kiosk is being updated. Please wait a moment.")


class Serving(Protocol):
    """What is asked of the kiosk."""

    @property
    def is_free(self) -> bool:
        """Whether nobody is being served, nor on the way to it."""


class GivingWay:
    """Holds the lock as long as the kiosk may serve; closes the kiosk first, and lets the lock go then.

    In this order nobody can begin a sitting between the one and the other. Where there is no folder for the
    lock, as on a developer's desk, nothing is updated and nothing is done.
    """

    def __init__(
        self,
        kiosk: Serving,
        opening: Opening,
        *,
        lock: Path = LOCK,
        folder: Path = FOLDER,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._kiosk = kiosk
        self._opening = opening
        self._lock = SittingLock(lock)
        self._is_needed = lock.parent.is_dir()
        self._folder = folder
        self._clock = clock
        self._gave_way_at: float | None = None
        self._asked_at = ""
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def is_updating(self) -> bool:
        """Whether an update is being installed or proven now."""
        return read_progress(self._folder).is_under_way

    def list_given_up(self) -> list[str]:
        """The versions that this kiosk went back from or refused, those it met last."""
        return list(read_progress(self._folder).given_up)[-MOST_GIVEN_UP:]

    def start(self) -> None:
        """Take the lock, or stay closed until the installer is done; then look again and again."""
        if self._is_needed:
            self.look()
            self._thread = threading.Thread(target=self._keep_looking, name="giving-way", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Look no more; the lock is free."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=2)
        self._lock.let_go()

    def look(self) -> None:
        """One look at the update, the kiosk and the lock."""
        if self._lock.is_held:
            if self._is_waited_for():
                self._give_way()
        elif not self._is_still_wanted():
            self._take_back()

    def _give_way(self) -> None:
        if not self._kiosk.is_free:
            return
        self._opening.close(REASON, UPDATING)
        if not self._is_still_free():
            # somebody touched the screen in this very moment, and goes first
            self._opening.lift(REASON)
            return
        self._gave_way_at = self._clock()
        self._asked_at = read_progress(self._folder).since_at
        self._lock.let_go()

    def _take_back(self) -> None:
        if self._lock.hold():
            self._gave_way_at = None
            self._opening.lift(REASON)
        else:
            self._opening.close(REASON, UPDATING)

    def _is_still_free(self) -> bool:
        return self._kiosk.is_free

    def _is_waited_for(self) -> bool:
        progress = read_progress(self._folder)
        # an installer that asked and did not come may not close the kiosk again and again
        return progress.state == "waiting" and progress.since_at != self._asked_at

    def _is_still_wanted(self) -> bool:
        if read_progress(self._folder).state not in ("waiting", *UNDER_WAY):
            return False
        return self._gave_way_at is not None and self._clock() - self._gave_way_at < PATIENCE_SECONDS

    def _keep_looking(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            self.look()
