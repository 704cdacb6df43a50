"""The simulated code scanner as a process: a pty speaks its line, HTTP controls it.

    python -m devices.qr.simulator [--kind honeywell|newland|plain|wedge] [--link PATH] [--with-parent]

Control: PUT /code {"text": "..."} or {"hex": "..."}, DELETE /code, PUT /faults {faults},
PUT /plug {"is_in": false}, GET /log, DELETE /log. The kind `wedge` sends Linux input events.
"""

import argparse
import contextlib
import os
import pty
import select
import threading
import time
import tty
from pathlib import Path
from typing import Any

from devices.qr.simulated_scanner import ScannerFaults, SimulatedScanner
from devices.simulation import ControlReply, ControlServer, run_until_ended

_TICK_S = 0.01


class _Unplugged(Exception):
    """The scanner was pulled out in the middle of a code."""


class ScannerPlug:
    """The scanner's cable: a pty that can be pulled out and put back as another one."""

    def __init__(self, scanner: SimulatedScanner, link: Path | None) -> None:
        self._scanner = scanner
        self._link = link
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self.path = ""

    def put_in(self) -> None:
        """Open a new pty, and point the link at it as udev would."""
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
        self._ended.set()
        if self._thread:
            self._thread.join(5)

    def _run(self, controller: int, worker: int, ended: threading.Event) -> None:
        with contextlib.suppress(_Unplugged, OSError):
            while not ended.is_set():
                self._serve(controller)
        if self._link:
            self._link.unlink(missing_ok=True)
        os.close(worker)
        os.close(controller)

    def _serve(self, controller: int) -> None:
        ready, _, _ = select.select([controller], [], [], _TICK_S)
        if ready:
            os.write(controller, self._scanner.hear(os.read(controller, 4096)))
        if seen := self._scanner.see():
            _send(controller, seen, self._scanner.faults)
            self._scanner.log.append("sent")


def _send(controller: int, data: bytes, faults: ScannerFaults) -> None:
    if faults.cut_after_bytes is not None:
        data = data[: faults.cut_after_bytes]
    if faults.unplug_after_bytes is not None:
        os.write(controller, data[: faults.unplug_after_bytes])
        time.sleep(0.05)  # a pty forgets what was not read when it is closed; a wire does not
        raise _Unplugged
    if faults.pause_after_bytes is not None:
        os.write(controller, data[: faults.pause_after_bytes])
        time.sleep(faults.pause_s)
        data = data[faults.pause_after_bytes :]
    piece = faults.piece_bytes or len(data) or 1
    for start in range(0, len(data), piece):
        os.write(controller, data[start : start + piece])
        time.sleep(0)  # let the other end see the piece by itself


def _routes(scanner: SimulatedScanner, plug: ScannerPlug) -> ControlServer:
    def put_code(_: str, value: Any) -> ControlReply:
        scanner.hold(bytes.fromhex(value["hex"]) if "hex" in value else value["text"].encode())
        return ControlReply()

    def delete_code(_: str, __: Any) -> ControlReply:
        scanner.hold(None)
        return ControlReply()

    def put_faults(_: str, value: Any) -> ControlReply:
        scanner.faults = ScannerFaults.from_json(value or {})
        return ControlReply()

    def put_plug(_: str, value: Any) -> ControlReply:
        (plug.put_in if value["is_in"] else plug.pull_out)()
        return ControlReply.of({"path": plug.path})

    def delete_log(_: str, __: Any) -> ControlReply:
        scanner.log.clear()
        return ControlReply()

    return ControlServer(
        {
            ("PUT", "/code"): put_code,
            ("DELETE", "/code"): delete_code,
            ("PUT", "/faults"): put_faults,
            ("PUT", "/plug"): put_plug,
            ("GET", "/log"): lambda _, __: ControlReply.of(scanner.log),
            ("DELETE", "/log"): delete_log,
        }
    )


def main() -> None:
    """Open the line and the control door, say where they are, and wait for the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", default="honeywell", choices=("honeywell", "newland", "plain", "wedge"))
    parser.add_argument("--link", type=Path, help="a symbolic link that always points at the pty")
    parser.add_argument("--with-parent", action="store_true", help="end when stdin closes")
    options = parser.parse_args()
    scanner = SimulatedScanner(options.kind)
    plug = ScannerPlug(scanner, options.link)
    plug.put_in()
    control = _routes(scanner, plug)
    control.start()
    path = options.link or plug.path
    url = f"qr+evdev:{path}" if scanner.is_wedge else f"qr+serial:{path}?dialect={options.kind}"
    run_until_ended({"url": url, "control": control.url}, with_parent=options.with_parent)
    plug.pull_out()


if __name__ == "__main__":
    main()
