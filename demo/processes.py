"""Child processes: they end with us, say in one JSON line that they are ready, and keep a log."""

import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

READY_WITHIN_SECONDS = 30.0
ENDS_WITHIN_SECONDS = 10.0


class ProcessFailed(RuntimeError):
    """A process did not become ready, or ended when it should not; the text has its last words."""

    reason = "process_failed"


class Process:
    """A running child. It gets SIGTERM from `end`, and from the kernel when this process dies."""

    def __init__(self, name: str, command: list[str], environment: Mapping[str, str], folder: Path) -> None:
        self.name = name
        self._log = folder / f"{name}.log"
        with self._log.open("ab") as log:
            # A pipe on standard input that nobody writes to: programs started --with-parent end when it ends.
            self._child = subprocess.Popen(
                [*_dying_with_us(), *command],
                env={**os.environ, **environment},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._child.pid

    def read_ready_line(self) -> dict[str, Any]:
        """The JSON object the program prints when ready. ProcessFailed when it does not come in time."""
        give_up_at = time.monotonic() + READY_WITHIN_SECONDS
        received = b""
        assert self._child.stdout
        while b"\n" not in received:
            ready, _, _ = select.select([self._child.stdout], [], [], max(0, give_up_at - time.monotonic()))
            piece = os.read(self._child.stdout.fileno(), 65536) if ready else b""
            if not piece:
                raise ProcessFailed(f"{self.name} did not become ready:\n{self._last_words()}")
            received += piece
        answer = json.loads(received.partition(b"\n")[0])
        if not isinstance(answer, dict):
            raise ProcessFailed(f"{self.name} said {answer!r} instead of where it is")
        return answer

    def check_running(self) -> None:
        """ProcessFailed when it has ended."""
        if self._child.poll() is not None:
            raise ProcessFailed(f"{self.name} ended with {self._child.returncode}:\n{self._last_words()}")

    def end(self) -> None:
        """Ask it to end, and insist after a while."""
        if self._child.poll() is None:
            self._child.terminate()
        try:
            self._child.wait(ENDS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait(ENDS_WITHIN_SECONDS)
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe:
                pipe.close()

    def _last_words(self) -> str:
        return self._log.read_text("utf-8", errors="replace")[-3000:]


def run_to_end(name: str, command: list[str], environment: Mapping[str, str]) -> str:
    """Run a command that ends by itself; returns what it printed. ProcessFailed when it failed."""
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode != 0:
        raise ProcessFailed(f"{name} ended with {done.returncode}:\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout.strip()


def _dying_with_us() -> list[str]:
    # Linux only; elsewhere an orderly end still ends them, and only a kill leaves them behind.
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []
