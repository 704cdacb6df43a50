"""The program itself, in a process of its own, enrolled at a small server of terminals or at the real one."""

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import requests

from terminal_client.cli import main
from tests.patience import Patience

from .stand_in_fleet import CODE, with_check

TOP = Path(__file__).resolve().parents[2]


def wait_for(is_so: Callable[[], Any], seconds: float = 15.0) -> None:
    """Wait until something is so."""
    patience = Patience(seconds)
    while not is_so():
        assert patience.lasts(), "it did not become so"
        time.sleep(0.05)


class KioskProcess:
    """`onething-terminal run` on a folder; `start` begins it anew on the same one."""

    def __init__(self, folder: Path, server_url: str, *before: str, **devices: str) -> None:
        self.folder = folder
        self.before = before
        self.environment: Mapping[str, str] = {}
        self.file = folder / "kiosk.toml"
        urls = "".join(f'{kind} = "{url}"\n' for kind, url in devices.items())
        self.file.write_text(
            f'server_url = "{server_url}"\nstate_dir = "state"\nkey_file = "kiosk.key"\n[devices]\n{urls}',
            encoding="utf-8",
        )
        self.process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def enrol(self, code: str = "") -> None:
        """Enrol it with a code, the small server's if there is no other."""
        assert main(["enrol", "--config", str(self.file), code or with_check(CODE)]) == 0

    def start(self, *options: str) -> None:
        """Begin, and wait until the pages can be had."""
        command = [*self.before, sys.executable, "-m", "terminal_client.cli", "run", "--port", "0"]
        paces = ["--with-parent", "--beat-seconds", "0.3", "--config", str(self.file)]
        self.process = subprocess.Popen(
            [*command, *paces, *options],
            cwd=TOP,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **self.environment},
        )
        self.read_url()

    def read_url(self) -> None:
        """Wait until the program says where its pages are; it says so again when it begins anew by itself."""
        assert self.process is not None
        assert self.process.stdout is not None
        assert select.select([self.process.stdout], [], [], 30)[0], "the program does not start"
        self.url = json.loads(self.process.stdout.readline())["url"]

    def kill(self) -> None:
        """End it as a crash does."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self._let_go()

    def end(self) -> None:
        """End it, and whatever ran it."""
        if self.process is not None and self.process.poll() is None:
            assert self.process.stdin is not None
            self.process.stdin.close()
            self._let_go()

    def _let_go(self) -> None:
        assert self.process is not None
        self.process.wait(15)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()

    def see(self, wanted: str, seconds: float = 15.0) -> str:
        """Read the stream of a new page until it shows what is wanted."""
        page = re.search(r"/events/(\w+)", requests.get(self.url, timeout=10).text)
        assert page is not None
        seen, patience = "", Patience(seconds)
        with requests.get(f"{self.url}events/{page[1]}", stream=True, timeout=15) as stream:
            for piece in stream.iter_content(None):
                seen += piece.decode(errors="replace")
                if wanted in seen or not patience.lasts():
                    break
        assert wanted in seen, re.sub(r"<[^>]+>|\s+", " ", seen)[-2000:]
        return seen
