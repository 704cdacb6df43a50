"""A repository of releases, made by the county's own tool, and a web server that may be made hostile."""

import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]
Answer = Callable[[SimpleHTTPRequestHandler], None]


class ReleaseTool:
    """deploy/updates/release.py on a repository of the test's own."""

    def __init__(self, folder: Path, *, is_there: bool = False) -> None:
        self.repository = folder / "repository"
        self.keys = folder / "keys"
        if not is_there:
            self.run("keys")
            self.run("begin")
        self.root = self.repository / "metadata/1.root.json"

    def run(self, *arguments: str, under: Sequence[str] = (), may_fail: bool = False) -> str:
        """Run one of its commands, `under` another program such as faketime; what it said."""
        places = ("--repository", str(self.repository), "--keys", str(self.keys))
        command = [*under, sys.executable, "deploy/updates/release.py", *places, *arguments]
        done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=60, check=False)
        assert may_fail or done.returncode == 0, done.stderr
        return done.stdout + done.stderr


class Server:
    """Serves the repository's folder over HTTP on 127.0.0.1; `answers` may take over single paths."""

    def __init__(self, folder: Path) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        handler = partial(_Handler, self, directory=str(folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, server: Server, *arguments: object, directory: str) -> None:
        self._served = server
        super().__init__(*arguments, directory=directory)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self._served.asked.append(self.path)
        for end, answer in self._served.answers.items():
            if self.path.endswith(end):
                answer(self)
                return
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""
