"""Start the sandbox as a child process and steer it through its admin paths; for tests and the demo."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode

from sandbox.tokens import write_tokens

END_WITHIN_SECONDS = 10
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class RunningSandbox:
    """Where a running sandbox listens, and its admin paths as methods."""

    url: str
    admin: str
    token_file: Path
    pid: int

    def put_mood(self, target: str, mood: str, seconds: float = 3.0, days: float | None = None) -> None:
        """Set a mood, with ``days`` only for so many days of sandbox time."""
        self._send("PUT", f"/moods/{target}", {"mood": mood, "seconds": seconds, "days": days})

    def put_department(self, department: str, **habit: Any) -> None:
        """Change a department's habit, with ``matter`` for that matter only; ``*`` is every department."""
        self._send("PUT", f"/departments/{department}", habit)

    def put_usual_habits(self) -> None:
        """Every department at its usual pace, hours and days, instead of half a second."""
        self._send("PUT", "/departments", {"habits": "usual"})

    def now(self) -> datetime:
        return datetime.fromisoformat(self._send("GET", "/clock")["now"])

    def move_clock(self, **by: Any) -> datetime:
        """Move on by ``forward_days``, ``forward_seconds`` or to ``at`` (ISO 8601); gives the time."""
        return datetime.fromisoformat(self._send("PUT", "/clock", by)["now"])

    def wait_until_quiet(self, *, within_seconds: float = 10.0) -> None:
        """Until all that is due by the sandbox's clock was done and told; raises TimeoutError."""
        end = time.monotonic() + within_seconds
        while not self._send("GET", "/clock")["quiet"]:
            if time.monotonic() > end:
                raise TimeoutError(f"the outside world was still busy after {within_seconds} s")
            time.sleep(0.05)

    def send_event(self, reference: str, kind: str, event_id: str | None = None, **changes: Any) -> Any:
        """Have a department tell one event about a part now, once; gives the event with its last status.

        ``changes`` replace what the event would say; ``as`` signs it as another department.
        """
        return self._send(
            "POST", f"/parts/{reference}/events", {"kind": kind, "event_id": event_id, **changes}
        )

    def get_province(self) -> dict[str, list[dict[str, Any]]]:
        """What arrived at the province: ``cases`` with their steps, ``ratings`` and ``appeals``."""
        arrived: dict[str, list[dict[str, Any]]] = self._send("GET", "/province")
        return arrived

    def put_courier(self, **habit: Any) -> None:
        """Change how shipments to come fare."""
        self._send("PUT", "/courier", habit)

    def end_shipment(self, waybill: str, state: str) -> None:
        """Have a shipment that is on its way ``returned``, ``lost`` or ``delivered`` now."""
        self._send("PUT", f"/courier/{waybill}", {"state": state})

    def list_shipments(self) -> list[dict[str, Any]]:
        shipments: list[dict[str, Any]] = self._send("GET", "/courier")
        return shipments

    def list_texts(self) -> list[dict[str, Any]]:
        """The text messages that were sent, each with how often it was handed in."""
        texts: list[dict[str, Any]] = self._send("GET", "/texts")
        return texts

    def look_at(self, person: str) -> str:
        """``family.role`` stands before a camera; the evidence that comes of it."""
        return str(self._send("POST", "/faces", {"person": person})["evidence"])

    def put_supervisor(self, department: str, **habit: Any) -> None:
        self._send("PUT", f"/supervisors/{department}", habit)

    def list_approvals(self) -> list[dict[str, Any]]:
        """What was handed to supervising departments, each with the events they told."""
        approvals: list[dict[str, Any]] = self._send("GET", "/supervisors")
        return approvals

    def list_people(self) -> list[dict[str, Any]]:
        people: list[dict[str, Any]] = self._send("GET", "/people")
        return people

    def get_person(self, family: str, role: str) -> dict[str, Any]:
        """One person of ``list_people``; raises KeyError."""
        for person in self.list_people():
            if (person["family"], person["role"]) == (family, role):
                return person
        raise KeyError(f"{family}.{role}")

    def list_enterprises(self) -> list[dict[str, Any]]:
        enterprises: list[dict[str, Any]] = self._send("GET", "/enterprises")
        return enterprises

    def list_parts(self, **only: str) -> list[dict[str, Any]]:
        """Every part, or those of one ``department``, ``case`` (its number) or ``part`` (its id)."""
        parts: list[dict[str, Any]] = self._send("GET", f"/parts?{urlencode(only)}")
        return parts

    def list_calls(self, target: str | None = None) -> list[dict[str, Any]]:
        """Every call so far, or those to one target, oldest first."""
        calls: list[dict[str, Any]] = self._send("GET", "/calls")
        return [call for call in calls if target in (None, call["target"])]

    def forget_calls(self) -> None:
        self._send("DELETE", "/calls")

    def wait_for_parts(self, count: int, *, within_seconds: float = 10.0) -> list[dict[str, Any]]:
        """The parts once ``count`` of them have told everything; raises TimeoutError."""
        end = time.monotonic() + within_seconds
        while time.monotonic() < end:
            parts = [part for part in self.list_parts() if _has_told_all(part)]
            if len(parts) >= count:
                return parts
            time.sleep(0.05)
        raise TimeoutError(f"fewer than {count} parts were told in {within_seconds} s")

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.admin + path, data=data, method=method)  # noqa: S310
        with _OPENER.open(request, timeout=10) as answer:
            return json.load(answer)


def _has_told_all(part: dict[str, Any]) -> bool:
    return bool(part["is_over"]) and all(event["delivered"] or event["refused"] for event in part["events"])


@contextmanager
def run_sandbox(folder: Path, *options: str) -> Iterator[RunningSandbox]:
    """A sandbox on a free port that ends with the block; its token file is made in ``folder`` if missing."""
    token_file = folder / "gateway-tokens.json"
    if not token_file.exists():
        write_tokens(token_file)
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--token-file", str(token_file)]
    with subprocess.Popen(
        [*command, "--with-parent", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            ready = json.loads(_first_line(process.stdout))
            yield RunningSandbox(ready["url"], ready["admin"], token_file, process.pid)
        finally:
            process.terminate()
            process.wait(END_WITHIN_SECONDS)


def _first_line(stream: IO[str] | None) -> str:
    line = stream.readline() if stream else ""
    if not line:
        raise RuntimeError("the sandbox ended before it was ready")
    return line
