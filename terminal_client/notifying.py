"""What the program tells systemd: that it is ready, how it is, and that it is still alive (sd_notify)."""

import logging
import os
import socket
import threading
from collections.abc import Callable, Mapping

log = logging.getLogger(__name__)

BEATS_A_LIMIT = 3


class ServiceNotice:
    """The line to the service manager; without one, as on a developer's desk, every word goes nowhere.

    The words are those of sd_notify(3). The socket's name comes from NOTIFY_SOCKET, the time limit of the
    watchdog in microseconds from WATCHDOG_USEC, both set by systemd for a unit of Type=notify.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._limit_seconds = _read_limit(environment)
        self._ending = threading.Event()
        self._beating: threading.Thread | None = None

    @property
    def is_listened_to(self) -> bool:
        """Whether a service manager started this program and wants to know."""
        return self._address.startswith(("/", "@"))

    @property
    def watchdog_seconds(self) -> float | None:
        """How long the program may be silent before it is killed; None when nobody watches."""
        return self._limit_seconds

    def say_ready(self, status: str = "") -> None:
        """The start is over: the pages answer."""
        self._tell("READY=1", *_status(status))

    def say_status(self, status: str) -> None:
        """One line for `systemctl status`: codes and numbers, never a person."""
        self._tell(*_status(status))

    def say_stopping(self) -> None:
        """The program is on its way out; the watchdog hears no more."""
        self._ending.set()
        self._tell("STOPPING=1")

    def beat_while(self, is_well: Callable[[], bool]) -> None:
        """Beat for the watchdog from a thread of its own, as long as `is_well` says so.

        A program that hangs must not be kept alive by the one thread that does not: `is_well` has to ask
        what people depend on. When it says no, raises or does not come back, systemd starts the program anew.
        """
        if self._limit_seconds is None or self._beating is not None:
            return
        self._beating = threading.Thread(target=self._beat, args=(is_well,), name="watchdog", daemon=True)
        self._beating.start()

    def _beat(self, is_well: Callable[[], bool]) -> None:
        assert self._limit_seconds is not None
        while not self._ending.is_set():
            if _asked(is_well):
                self._tell("WATCHDOG=1")
            self._ending.wait(self._limit_seconds / BEATS_A_LIMIT)

    def _tell(self, *words: str) -> None:
        if not self.is_listened_to:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
                line.connect(address)
                line.sendall("\n".join(words).encode())
        except OSError as error:
            log.warning("systemd was not told %s: %s", words[0], error.strerror)


def _asked(is_well: Callable[[], bool]) -> bool:
    try:
        return is_well()
    except Exception:
        log.exception("asking whether the program is well failed")
        return False


def _status(text: str) -> tuple[str, ...]:
    return (f"STATUS={' '.join(text.split())}",) if text else ()


def _read_limit(environment: Mapping[str, str]) -> float | None:
    # WATCHDOG_PID names the process that is watched: a child must not beat in its parent's name
    if environment.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    given = environment.get("WATCHDOG_USEC", "")
    return int(given) / 1_000_000 if given.isdecimal() and int(given) > 0 else None
