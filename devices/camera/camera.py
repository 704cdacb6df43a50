"""One camera: opened when somebody looks, closed when nobody does, and never a frame of before the look."""

import math
import threading
import time
from collections.abc import Callable

from devices.camera.feeds import CameraLost, Feed, Pixels, open_feed, reach

_FLUSHED = 2


class Camera:
    """The newest frame of a feed, on demand.

    A thread of its own takes every frame as it comes, so that none is old, and decodes only those that are
    wanted. `linger_s` after the last look the camera is let go: nobody is filmed who did not ask for it.
    `flushed` frames are passed over after opening, for what a driver had kept from before.
    """

    def __init__(
        self,
        target: str,
        *,
        linger_s: float = 10.0,
        flushed: int = _FLUSHED,
        frame_every_s: float = 300.0,
        open_feed: Callable[[str], Feed] = open_feed,
        reach: Callable[[str], None] = reach,
    ) -> None:
        self._target = target
        self._linger_s = linger_s
        self._flushed = flushed
        self._frame_every_s = frame_every_s
        self._open_feed = open_feed
        self._reach = reach
        self._changed = threading.Condition()
        self._is_wanted = False
        self._last_wanted = 0.0
        self._frame: Pixels | None = None
        self._loss: CameraLost | None = None
        self._turn = 0
        self._last_frame_at = -math.inf
        self._is_running = False

    def next_frame(self, limit_s: float = 3.0) -> Pixels:
        """A frame that was taken after this call, (height, width, 3) BGR.

        CameraLost: gone, unreadable, or silent when none came within the limit.
        """
        with self._changed:
            self._frame, self._loss, self._is_wanted = None, None, True
            self._last_wanted = time.monotonic()
            if not self._is_running:
                self._start()
            self._changed.wait_for(self._has_come, limit_s)
            self._is_wanted = False
            return self._take(limit_s)

    def _has_come(self) -> bool:
        return self._frame is not None or self._loss is not None

    def _take(self, limit_s: float) -> Pixels:
        frame, self._frame = self._frame, None
        self._last_frame_at = time.monotonic() if frame is not None else -math.inf
        if frame is None:
            self._turn += 1  # a thread that hangs in its driver is no longer listened to
            self._is_running = False
            raise self._loss or CameraLost("silent", f"{limit_s:g} s")
        return frame

    def check(self) -> None:
        """Whether the camera is well, without filming anybody at every look. CameraLost when it is not.

        A frame is taken, and the camera let go at once, only when none was for `frame_every_s` or the last
        was missing; at other looks it is enough that it can be reached.
        """
        if time.monotonic() - self._last_frame_at < self._frame_every_s:
            self._reach(self._target)
            return
        is_idle = not self._is_running
        self.next_frame()
        if is_idle:
            self.close()

    def close(self) -> None:
        """Let the camera go; the next look opens it again."""
        with self._changed:
            self._turn += 1
            self._is_running = False

    def _start(self) -> None:
        self._turn += 1
        self._is_running = True
        threading.Thread(target=self._run, args=(self._turn,), name="camera", daemon=True).start()

    def _run(self, turn: int) -> None:
        feed: Feed | None = None
        try:
            feed = self._open_feed(self._target)
            for _ in range(self._flushed):
                feed.grab()
            while self._goes_on(turn):
                is_due = self._is_wanted
                feed.grab()
                if is_due:
                    self._publish(turn, feed.decode())
        except CameraLost as error:
            self._publish(turn, error)
        finally:
            if feed is not None:
                feed.close()

    def _goes_on(self, turn: int) -> bool:
        with self._changed:
            if turn == self._turn and time.monotonic() - self._last_wanted > self._linger_s:
                self._turn += 1
                self._is_running = False
            return turn == self._turn

    def _publish(self, turn: int, seen: Pixels | CameraLost) -> None:
        with self._changed:
            if turn != self._turn:
                return
            if isinstance(seen, CameraLost):
                self._loss, self._is_running = seen, False
            else:
                self._frame = seen
            self._changed.notify_all()
