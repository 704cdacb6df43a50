"""The simulated printer's cables: TCP, and a serial line that can be pulled out."""

import contextlib
import os
import pty
import select
import socket
import threading
import tty
from pathlib import Path

from devices.receipt_printer.simulated_printer import CutOff, Died, SimulatedPrinter

TICK_S = 0.01


def serve_tcp(printer: SimulatedPrinter, listener: socket.socket) -> None:
    """One connection at a time, as printers do; the printer goes on printing between them."""
    while True:
        ready, _, _ = select.select([listener], [], [], TICK_S)
        with contextlib.suppress(OSError, CutOff):
            try:
                if ready:
                    connection, _ = listener.accept()
                    with connection:
                        _converse(printer, connection)
                    printer.hang_up()
                else:
                    printer.work()
            except Died:
                printer.lose_power()


def _converse(printer: SimulatedPrinter, connection: socket.socket) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while True:
        readers = [connection] if printer.has_room else []
        ready, _, _ = select.select(readers, [], [], TICK_S)
        if ready:
            data = connection.recv(4096)
            if not data:
                return
            connection.sendall(printer.receive(data))
        connection.sendall(printer.work())


class SerialLine:
    """A pty that `link` always points at, as udev would; it can be pulled out and put back as another one.

    A printer that loses its power on a serial line just falls silent: nobody hangs up.
    """

    def __init__(self, printer: SimulatedPrinter, link: Path | None) -> None:
        self._printer = printer
        self._link = link
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self.path = ""

    def put_in(self) -> None:
        """Open a new pty and point the link at it."""
        with self._lock:
            if self._thread and self._thread.is_alive():
                return
            ours, theirs = pty.openpty()
            tty.setraw(theirs)
            os.set_blocking(ours, False)
            self.path = os.ttyname(theirs)
            if self._link:
                fresh = self._link.with_name(self._link.name + ".new")
                fresh.unlink(missing_ok=True)
                fresh.symlink_to(self.path)
                fresh.rename(self._link)
            self._ended = threading.Event()
            self._thread = threading.Thread(target=self._run, args=(ours, theirs, self._ended), daemon=True)
            self._thread.start()

    def pull_out(self) -> None:
        """Close the pty: whoever holds the other end sees the device vanish."""
        with self._lock:
            self._ended.set()
            if self._thread:
                self._thread.join(5)

    def _run(self, ours: int, theirs: int, ended: threading.Event) -> None:
        with contextlib.suppress(OSError, CutOff):
            while not ended.is_set():
                try:
                    self._turn(ours)
                except Died:
                    self._printer.lose_power()
        if self._link:
            self._link.unlink(missing_ok=True)
        os.close(theirs)
        os.close(ours)

    def _turn(self, ours: int) -> None:
        readers = [ours] if self._printer.has_room else []
        ready, _, _ = select.select(readers, [], [], TICK_S)
        said = self._printer.receive(os.read(ours, 4096)) if ready else b""
        said += self._printer.work()
        with contextlib.suppress(BlockingIOError):  # nobody reads: a line forgets what nobody hears
            os.write(ours, said)
