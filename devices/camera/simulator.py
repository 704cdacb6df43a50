"""The simulated camera as a process: motion JPEG over HTTP, controlled over HTTP.

    python -m devices.camera.simulator [--with-parent]

Control: PUT /frame {"jpeg": base64} or {"jpegs": [base64, ...]}, which are shown in turn, PUT /faults
{faults}, GET /log, DELETE /log. Faults: is_frozen (no more frames), is_refused (503), is_garbled (frames
that are no JPEG), ends_after_frames, has_lengths (true), rate (15 a second).
"""

import argparse
import base64
import contextlib
import threading
import time
from dataclasses import dataclass, fields
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from devices.simulation import ControlReply, ControlServer, run_until_ended

_TICK_S = 0.02


@dataclass(frozen=True)
class CameraFaults:
    """How the camera misbehaves; the plain value is a well one."""

    is_frozen: bool = False
    is_refused: bool = False
    is_garbled: bool = False
    ends_after_frames: int | None = None
    has_lengths: bool = True
    rate: float = 15.0

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "CameraFaults":
        """Faults from the control door. ValueError for a name that is none."""
        if unknown := set(values) - {each.name for each in fields(cls)}:
            raise ValueError(f"no such fault: {', '.join(sorted(unknown))}")
        return cls(**values)


class SimulatedCamera:
    """What the camera sees, and what it was asked for."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.faults = CameraFaults()
        self.log = {"connections": 0, "frames": 0, "open": 0}
        self.lock = threading.Lock()

    def count(self, name: str, by: int = 1) -> None:
        """Note something that happened."""
        with self.lock:
            self.log[name] += by


def _handler(camera: SimulatedCamera) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One viewer of the stream."""

        def do_GET(self) -> None:
            """Send frames until the viewer, or the fault, ends it."""
            camera.count("connections")
            if camera.faults.is_refused:
                self.send_error(503)
                return
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            self.end_headers()
            camera.count("open")
            with contextlib.suppress(OSError):
                self._send_frames()
            camera.count("open", -1)

        def _send_frames(self) -> None:
            sent = 0
            while camera.faults.ends_after_frames is None or sent < camera.faults.ends_after_frames:
                faults = camera.faults
                frames = camera.frames
                if faults.is_frozen or not frames:
                    time.sleep(_TICK_S)
                    continue
                frame = frames[sent % len(frames)]
                frame = frame[:200].replace(b"\xff", b"\x00") if faults.is_garbled else frame
                length = f"Content-Length: {len(frame)}\r\n" if faults.has_lengths else ""
                head = f"--frame\r\nContent-Type: image/jpeg\r\n{length}\r\n"
                self.wfile.write(head.encode() + frame + b"\r\n")
                sent += 1
                camera.count("frames")
                time.sleep(1 / faults.rate)

        def log_message(self, format: str, *args: object) -> None:
            """Stay quiet: stdout carries the ready line and nothing else."""

    return Handler


def _routes(camera: SimulatedCamera) -> ControlServer:
    def put_frame(_: str, value: Any) -> ControlReply:
        shown = value["jpegs"] if "jpegs" in value else [value["jpeg"]]
        camera.frames = [base64.b64decode(each) for each in shown]
        return ControlReply()

    def put_faults(_: str, value: Any) -> ControlReply:
        camera.faults = CameraFaults.from_json(value or {})
        return ControlReply()

    def delete_log(_: str, __: Any) -> ControlReply:
        with camera.lock:
            camera.log.update(connections=0, frames=0)
        return ControlReply()

    return ControlServer(
        {
            ("PUT", "/frame"): put_frame,
            ("PUT", "/faults"): put_faults,
            ("GET", "/log"): lambda _, __: ControlReply.of(camera.log),
            ("DELETE", "/log"): delete_log,
        }
    )


def main() -> None:
    """Serve the stream and the control door, say where they are, and wait for the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--with-parent", action="store_true", help="end when stdin closes")
    options = parser.parse_args()
    camera = SimulatedCamera()
    stream = ThreadingHTTPServer(("127.0.0.1", 0), _handler(camera))
    stream.daemon_threads = True
    threading.Thread(target=stream.serve_forever, args=(0.1,), daemon=True).start()
    control = _routes(camera)
    control.start()
    address = f"http://127.0.0.1:{stream.server_address[1]}/stream"
    run_until_ended({"url": f"qr+camera:{address}", "control": control.url}, with_parent=options.with_parent)


if __name__ == "__main__":
    main()
