"""Hands files to the confined process and takes its answer, within the limits."""

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from .clean import CleanPage
from .limits import PaperLimits
from .refusals import PaperRefused

PROGRAM_ROOT: Final = Path(__file__).resolve().parents[2]
# nothing of the server's own environment (keys, passwords) goes where strangers' bytes are decoded
BARE_ENVIRONMENT: Final = {"LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
GRACE_SECONDS: Final = 1.0
LONGEST_HEAD: Final = 64 * 1024


@dataclass(frozen=True)
class Job:
    """One file to be read, as pages, as what a camera took of a page, or as one signature."""

    data: bytes
    media_type: str
    limits: PaperLimits
    signature: bool = False
    photograph: bool = False

    def head(self) -> bytes:
        """Return what is sent before the file: one line of JSON."""
        kind = {"signature": self.signature, "photograph": self.photograph}
        described = {"size": len(self.data), "media_type": self.media_type, **kind}
        return json.dumps(described | {"limits": asdict(self.limits)}).encode()


class Workroom:
    """One confined process and its forks; started at first use, again when it died or this process forked."""

    def __init__(self, at_once: int) -> None:
        self._owner = os.getpid()
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(at_once)
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, job: Job) -> tuple[list[CleanPage], float]:
        """Return the pages of one file and the processor seconds they cost. Raises: PaperRefused."""
        if not self._places.acquire(timeout=job.limits.seconds):
            raise PaperRefused("took_too_long")
        try:
            return self._read(job)
        finally:
            self._places.release()

    def close(self) -> None:
        """End the confined process."""
        with self._lock:
            self._drop()

    def _read(self, job: Job) -> tuple[list[CleanPage], float]:
        started, limits = time.monotonic(), job.limits
        with self._connect() as connection:
            connection.settimeout(limits.seconds + GRACE_SECONDS)
            try:
                return _exchange(connection, job)
            except (OSError, EOFError, ValueError) as error:
                # the kernel ended the fork (time, memory) or the decoder crashed: the file is to blame
                late = time.monotonic() - started >= min(limits.seconds, limits.cpu_seconds)
                raise PaperRefused("took_too_long" if late else "damaged") from error

    def _connect(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            try:
                socket.send_fds(self._running(), [b"j"], [theirs.fileno()])
            except OSError:
                self._drop()
                socket.send_fds(self._running(), [b"j"], [theirs.fileno()])
        return ours

    def _running(self) -> socket.socket:
        if self._control is None or self._process is None or self._process.poll() is not None:
            self._drop()
            self._control = self._start()
        return self._control

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "onething.paper.child"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=BARE_ENVIRONMENT,
                cwd=PROGRAM_ROOT,
            )
        return ours

    def _drop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None and self._owner == os.getpid():
            # it ends by itself at the end of its input; kill only makes that certain
            self._process.kill()
            self._process.wait()
        self._control = self._process = None


def _exchange(connection: socket.socket, job: Job) -> tuple[list[CleanPage], float]:
    connection.sendall(job.head() + b"\n")
    connection.sendall(job.data)
    with connection.makefile("rb") as reader:
        head = json.loads(reader.readline(LONGEST_HEAD))
        if "refused" in head:
            raise PaperRefused(head["refused"], limit=job.limits.pages)
        pages = [_read_page(reader, *pair) for pair in zip(head["pages"], head["sizes"], strict=True)]
        return pages, float(head["cpu_seconds"])


def _read_page(reader: BinaryIO, described: dict[str, Any], size: int) -> CleanPage:
    data = reader.read(size)
    if len(data) != size:
        raise EOFError
    return CleanPage(data=data, **described)


_workrooms: dict[tuple[int, int], Workroom] = {}
_workrooms_lock = threading.Lock()


def workroom_for(limits: PaperLimits) -> Workroom:
    """Return this process's workroom; a forked server process gets one of its own."""
    key = (os.getpid(), limits.at_once)
    with _workrooms_lock:
        if key not in _workrooms:
            _workrooms[key] = Workroom(limits.at_once)
            atexit.register(_workrooms[key].close)
        return _workrooms[key]
