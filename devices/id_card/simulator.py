"""The simulated card reader as a process: a pty and a TCP port speak SAM-V, HTTP controls it.

    python -m devices.id_card.simulator [--link PATH] [--with-parent]

Control: PUT /card {card}, DELETE /card, PUT /faults {faults}, PUT /plug {"is_in": false}, GET /log,
DELETE /log.
"""

import argparse
import contextlib
import os
import pty
import select
import socket
import threading
import time
import tty
from pathlib import Path
from typing import Any

from devices.id_card.card import IdCard
from devices.id_card.frames import FrameParser
from devices.id_card.simulated_reader import Answer, ReaderFaults, SimulatedReader
from devices.simulation import ControlReply, ControlServer, run_until_ended

_BITS_PER_BYTE = 10  # start, eight data, stop


class _Unplugged(Exception):
    """The reader was pulled out in the middle of an answer."""


def _deliver(reader: SimulatedReader, answer: Answer, descriptor: int) -> None:
    """Send an answer, in pieces and at a speed if so told, stopping where the fault says."""
    faults, data = answer.faults, answer.data
    time.sleep(faults.delay_s)
    if faults.lift_after_bytes is not None:
        data = data[: faults.lift_after_bytes]
    if faults.unplug_after_bytes is not None:
        data = data[: faults.unplug_after_bytes]
    piece = faults.piece_bytes or (64 if faults.baud else len(data) or 1)
    begun = time.monotonic()
    for start in range(0, len(data), piece):
        part = data[start : start + piece]
        if faults.baud:
            due = begun + (start + len(part)) * _BITS_PER_BYTE / faults.baud
            time.sleep(max(0.0, due - time.monotonic()))
        os.write(descriptor, part)
        if faults.piece_bytes:
            time.sleep(0)  # let the other end see the piece by itself
    if faults.lift_after_bytes is not None:
        reader.lift()
    if faults.unplug_after_bytes is not None:
        raise _Unplugged


def _serve(reader: SimulatedReader, descriptor: int, ended: threading.Event) -> None:
    """Answer what comes on one wire until it, or the simulator, ends."""
    parser = FrameParser(shortest=3)
    while not ended.is_set():
        ready, _, _ = select.select([descriptor], [], [], 0.1)
        if not ready:
            continue
        data = os.read(descriptor, 4096)
        if not data:
            return
        for request in parser.feed(data):
            answer = reader.answer(request)
            if answer:
                _deliver(reader, answer, descriptor)


class SerialPlug:
    """The reader's serial cable: a pty that can be pulled out and put back as another one."""

    def __init__(self, reader: SimulatedReader, link: Path | None) -> None:
        self._reader = reader
        self._link = link
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self.path = ""

    def put_in(self) -> None:
        """Open a new pty, and point the link at it as udev would."""
        with self._lock:
            if self._thread and self._thread.is_alive():
                return
            controller, worker = pty.openpty()
            tty.setraw(worker)
            self.path = os.ttyname(worker)
            if self._link:
                fresh = self._link.with_name(self._link.name + ".new")
                fresh.unlink(missing_ok=True)
                fresh.symlink_to(self.path)
                fresh.rename(self._link)
            self._ended = threading.Event()
            args = (controller, worker, self._ended)
            self._thread = threading.Thread(target=self._run, args=args, daemon=True)
            self._thread.start()

    def pull_out(self) -> None:
        """Close the pty: whoever holds the other end sees the device vanish."""
        with self._lock:
            self._ended.set()
            if self._thread:
                self._thread.join(5)

    def _run(self, controller: int, worker: int, ended: threading.Event) -> None:
        with contextlib.suppress(_Unplugged, OSError):
            _serve(self._reader, controller, ended)
        if self._link:
            self._link.unlink(missing_ok=True)
        os.close(worker)
        os.close(controller)


def _serve_tcp(reader: SimulatedReader, listener: socket.socket) -> None:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_serve_connection, args=(reader, connection), daemon=True).start()


def _serve_connection(reader: SimulatedReader, connection: socket.socket) -> None:
    with connection, contextlib.suppress(_Unplugged, OSError):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _serve(reader, connection.fileno(), threading.Event())


def _routes(reader: SimulatedReader, plug: SerialPlug) -> ControlServer:
    def put_card(_: str, value: Any) -> ControlReply:
        reader.place(IdCard.from_json(value))
        return ControlReply()

    def delete_card(_: str, __: Any) -> ControlReply:
        reader.lift()
        return ControlReply()

    def put_faults(_: str, value: Any) -> ControlReply:
        reader.set_faults(ReaderFaults.from_json(value or {}))
        return ControlReply()

    def put_plug(_: str, value: Any) -> ControlReply:
        (plug.put_in if value["is_in"] else plug.pull_out)()
        return ControlReply.of({"path": plug.path})

    def delete_log(_: str, __: Any) -> ControlReply:
        reader.log.clear()
        return ControlReply()

    return ControlServer(
        {
            ("DELETE", "/log"): delete_log,
            ("PUT", "/card"): put_card,
            ("DELETE", "/card"): delete_card,
            ("PUT", "/faults"): put_faults,
            ("PUT", "/plug"): put_plug,
            ("GET", "/log"): lambda _, __: ControlReply.of(reader.log[-200:]),
        }
    )


def main() -> None:
    """Start the wires and the control door, say where they are, and wait for the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--link", type=Path, help="a symbolic link that always points at the pty")
    parser.add_argument("--with-parent", action="store_true", help="end when stdin closes")
    options = parser.parse_args()
    reader = SimulatedReader()
    plug = SerialPlug(reader, options.link)
    plug.put_in()
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_serve_tcp, args=(reader, listener), daemon=True).start()
    control = _routes(reader, plug)
    control.start()
    addresses = {
        "url": f"idcard+serial:{options.link or plug.path}?baud=115200",
        "tcp_url": f"idcard+tcp://127.0.0.1:{listener.getsockname()[1]}",
        "control": control.url,
    }
    run_until_ended(addresses, with_parent=options.with_parent)
    plug.pull_out()


if __name__ == "__main__":
    main()
