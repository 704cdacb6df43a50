"""Start a simulator in a process of its own and steer it; for tests, the demo and a technician's bench."""

import json
import select
import subprocess
import sys
import urllib.request
from typing import Any

_START_LIMIT_S = 30.0
_END_LIMIT_S = 5.0


class SimulatorProcess:
    """A running simulator: its addresses, and its control door. Ends with `end`, or with this process."""

    def __init__(self, module: str, *arguments: str) -> None:
        """Start `python -m module`. RuntimeError when it does not say in time that it is ready."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, "--with-parent", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.addresses = self._read_ready_line(module)

    @property
    def url(self) -> str:
        """The device URL to open."""
        return self.addresses["url"]

    def put(self, path: str, value: object = None) -> Any:
        """Tell the simulator something, `/card`, `/faults`, ...; returns its JSON answer."""
        return json.loads(self._ask("PUT", path, json.dumps(value).encode()))

    def delete(self, path: str) -> None:
        """Take something away: `/card`, `/slips`."""
        self._ask("DELETE", path)

    def get(self, path: str) -> Any:
        """Ask for JSON: `/log`, `/slips`."""
        return json.loads(self.get_bytes(path))

    def get_bytes(self, path: str) -> bytes:
        """Ask for a picture: `/slips/1.png`."""
        return self._ask("GET", path)

    def end(self) -> int:
        """End it and return its exit code."""
        self.process.terminate()
        try:
            return self.process.wait(_END_LIMIT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait(_END_LIMIT_S)
        finally:
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe:
                    pipe.close()

    def _read_ready_line(self, module: str) -> dict[str, str]:
        assert self.process.stdout
        ready, _, _ = select.select([self.process.stdout], [], [], _START_LIMIT_S)
        line = self.process.stdout.readline() if ready else ""
        if not line:
            self.end()
            raise RuntimeError(f"{module} did not become ready")
        addresses: dict[str, str] = json.loads(line)
        return addresses

    def _ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        request = urllib.request.Request(self.addresses["control"] + path, body, method=method)  # noqa: S310
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own door, by number
            content: bytes = answer.read()
        return content
