"""A bad line between a phone and the server: of what asks for something new it loses some, there or back."""

from __future__ import annotations

import random
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_BYTES = 65536


@dataclass
class BadLine:
    """A TCP proxy that cuts ``loss`` of all requests: half before the server hears, half on the way back."""

    server: str
    loss: float
    chance: random.Random
    url: str = ""
    cut: int = 0
    passed: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def _falls(self) -> str:
        with self._lock:
            if self.chance.random() >= self.loss:
                self.passed += 1
                return ""
            self.cut += 1
            return "there" if self.chance.random() < 0.5 else "back"

    def carry(self, phone: socket.socket) -> None:
        """One connection until one side or the line ends it."""
        to = urlsplit(self.server)
        with phone, socket.create_connection((to.hostname, to.port or 80)) as server, suppress(OSError):
            fate = ""
            while True:
                ready, _, _ = select.select([phone, server], [], [], 30)
                if not ready:
                    return
                for side in ready:
                    data = side.recv(_BYTES)
                    if not data:
                        return
                    if side is phone:
                        if data.startswith((b"GET ", b"POST ", b"HEAD ", b"PATCH ")):
                            fate = self._falls()
                        if fate == "there":
                            return
                        server.sendall(data)
                    elif fate == "back":
                        return
                    else:
                        phone.sendall(data)


@contextmanager
def open_bad_line(server: str, loss: float, seed: int) -> Iterator[BadLine]:
    """The line, listening on ``url``."""
    listening = socket.create_server(("127.0.0.1", 0))
    line = BadLine(server, loss, random.Random(seed))
    line.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    ended = threading.Event()

    def accept() -> None:
        while not ended.is_set():
            with suppress(OSError):
                phone, _ = listening.accept()
                threading.Thread(target=line.carry, args=(phone,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield line
    finally:
        ended.set()
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(timeout=2)
