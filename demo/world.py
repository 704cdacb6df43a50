"""The county in one folder: outside world, server, worker, devices and kiosk, each a process of its own."""

import json
import shutil
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from demo import phones
from demo.processes import Process, ProcessFailed, run_to_end
from devices.scanner.sane import sane_test_environment
from devices.simulator_process import SimulatorProcess

TOP = Path(__file__).resolve().parents[1]
CATALOG = TOP / "catalog" / "xinxian"
PROGRAMS = Path(sys.executable).parent
SERVER_READY_WITHIN_SECONDS = 40.0
HALL_ZH = "新县政务服务中心（演示）"
HALL_EN = "Xin County Government Service Centre (demonstration)"
SCANNER_URL = "scanner+sane:test:0"


@dataclass(frozen=True)
class Ports:
    """Where the processes listen on 127.0.0.1; 0 takes any free port."""

    sandbox: int = 0
    server: int = 0
    kiosk: int = 0
    phones: int = 0


# What make run listens on, so that bookmarks and notes stay true.
KNOWN_PORTS = Ports(sandbox=8070, server=8080, kiosk=8090, phones=8072)


class World:
    """Starts everything on entering and ends everything on leaving, in the opposite order.

    `folder` holds the databases, keys, files and logs; a folder used before is gone on with. After a
    failure the logs are copied to `keep_logs`. The records are in SQLite unless `database_url` (SQLAlchemy's)
    says where else; `catalog` is the pack that is published; `environment` is added to that of server
    and worker. With `prints_results` the kiosk has an A4 printer.
    """

    def __init__(
        self,
        folder: Path,
        ports: Ports | None = None,
        *,
        say: Callable[[str], None] = lambda _: None,
        keep_logs: Path | None = None,
        database_url: str | None = None,
        catalog: Path = CATALOG,
        environment: Mapping[str, str] | None = None,
        prints_results: bool = False,
    ) -> None:
        self.prints_results = prints_results
        self.folder = folder.resolve()
        self.ports = ports or Ports()
        self.sandbox_url = ""
        self.admin_url = ""
        self.phones_url = ""
        self.server_url = ""
        self.kiosk_url = ""
        self.terminal_id = ""
        self._say = say
        self._keep_logs = keep_logs
        self._database_url = database_url or f"sqlite:///{self.folder / 'onething.sqlite'}"
        self._catalog = catalog
        self._added_environment = dict(environment or {})
        self._running: list[Process | SimulatorProcess] = []
        self._environment: dict[str, str] = {}

    def __enter__(self) -> "World":
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "logs").mkdir(exist_ok=True)
        try:
            self._start_outside_world()
            self._prepare_records()
            self.start_server()
            self._start_worker()
            self._start_devices()
            self._start_kiosk()
        except BaseException:
            self._end(has_failed=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(has_failed=error is not None)

    @property
    def environment(self) -> Mapping[str, str]:
        """How server and worker are configured, for who acts on the same records."""
        return dict(self._environment)

    @property
    def _phones_folder(self) -> Path:
        return self.folder / "phones"

    @property
    def key_file(self) -> Path:
        """The kiosk's private key."""
        return self.folder / "kiosk.key"

    def check_running(self) -> None:
        """ProcessFailed as soon as one of the processes has ended by itself."""
        for process in self._running:
            if isinstance(process, Process):
                process.check_running()

    def list_people(self) -> list[dict[str, Any]]:
        """The invented people: family, role, and the card each carries."""
        return list(self.ask_sandbox("GET", "/people"))

    def get_card(self, person: str) -> dict[str, Any]:
        """The card of `family.role`, e.g. chen.mother. KeyError when nobody is called that."""
        for entry in self.list_people():
            if f"{entry['family']}.{entry['role']}" == person:
                return dict(entry["card"])
        raise KeyError(person)

    def ask_sandbox(self, method: str, path: str, body: object = None) -> Any:
        """Ask the outside world's admin door."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.admin_url + path, data, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def list_texts(self) -> list[dict[str, Any]]:
        """The text messages that went out, the last one last."""
        texts: list[dict[str, Any]] = self.ask_sandbox("GET", "/texts")
        return texts

    def run_onething(self, *arguments: str) -> str:
        """Run `onething ...` on this county's records; returns what it printed."""
        return run_to_end("onething " + arguments[0], [_program("onething"), *arguments], self._environment)

    def _start_outside_world(self) -> None:
        tokens = self.folder / "gateway-tokens.json"
        if not tokens.exists():
            run_to_end("tokens", [sys.executable, "-m", "sandbox.tokens", str(tokens)], {})
        providers = self._start("phones", phones.command(self.ports.phones, self._phones_folder))
        command = [sys.executable, "-m", "sandbox", "--port", str(self.ports.sandbox), "--with-parent"]
        state = self.folder / "departments.json"
        ready = self._start(
            "sandbox",
            [
                *command,
                "--token-file",
                str(tokens),
                "--state-file",
                str(state),
                "--clock-file",
                str(self.folder / "clock"),
            ],
        ).read_ready_line()
        self.sandbox_url, self.admin_url = ready["url"], ready["admin"]
        self.phones_url = providers.read_ready_line()["url"]
        self._say(f"outside world {self.sandbox_url}")

    def _prepare_records(self) -> None:
        port = self.ports.server or _find_free_port()
        self.server_url = f"http://127.0.0.1:{port}"
        self._environment = {
            "ONETHING_DATABASE_URL": self._database_url,
            "ONETHING_FILES": str(self.folder / "files"),
            "ONETHING_KEYS": str(self.folder / "keys.json"),
            "ONETHING_GATEWAY_URL": self.sandbox_url,
            "ONETHING_GATEWAY_TOKENS": str(self.folder / "gateway-tokens.json"),
            "ONETHING_PUBLIC_URL": self.server_url,
            "ONETHING_CLOCK_FILE": str(self.folder / "clock"),
            "ONETHING_WINDOW_ACCEPTS": "no",
            "ONETHING_NEEDS_DEFAULT": "agreed",
            "ONETHING_REPORTS_TO_PROVINCE": "yes",
            "ONETHING_TRACK_SECONDS": "2",
            "ONETHING_CATALOG": str(self._catalog),
            "ONETHING_BIND": f"127.0.0.1:{port}",
            **phones.environment(self.phones_url, self._phones_folder),
            **self._added_environment,
        }
        if not (self.folder / "keys.json").exists():
            self.run_onething("keys", "make")
        self.run_onething("migrate")
        self.run_onething("catalog", "publish", str(self._catalog))
        self._say("records and catalog ready")

    def start_server(self) -> None:
        """Start the server where it was before, or for the first time; returns when it is ready."""
        configuration = TOP / "deploy" / "gunicorn" / "gunicorn.conf.py"
        command = [
            _program("gunicorn"),
            "--config",
            str(configuration),
            "--chdir",
            str(TOP),
            "server.wsgi:app",
        ]
        self._server = self._start("server", command)
        _wait_for(self._server, self.server_url + "/ready")
        self._say(f"server {self.server_url}")

    def stop_server(self) -> None:
        """End the server while everything else goes on, as its machine's restart would."""
        self._running.remove(self._server)
        self._server.end()

    def _start_worker(self) -> None:
        self._start("worker", [_program("onething"), "worker"])

    def _start_devices(self) -> None:
        self.card_reader = SimulatorProcess("devices.id_card.simulator")
        self._running.append(self.card_reader)
        self.printer = SimulatorProcess("devices.receipt_printer.simulator")
        self._running.append(self.printer)
        self.code_reader = SimulatorProcess("devices.qr.simulator", "--kind", "plain")
        self._running.append(self.code_reader)
        if self.prints_results:
            self.a4_printer = SimulatorProcess("devices.a4_printer.simulator")
            self._running.append(self.a4_printer)
        self._say(f"card reader {self.card_reader.url}, receipt printer {self.printer.url}, {SCANNER_URL}")

    def _start_kiosk(self) -> None:
        kiosk = _program("onething-terminal")
        self.terminal_id = self._enrol()
        configuration = self.folder / "kiosk.toml"
        configuration.write_text(self._kiosk_settings(), "utf-8")
        sane = self.folder / "sane"
        sane.mkdir(exist_ok=True)
        process = self._start(
            "kiosk",
            [kiosk, "run", "--config", str(configuration), "--port", str(self.ports.kiosk)],
            sane_test_environment(sane),
        )
        self.kiosk_url = process.read_ready_line()["url"]
        self._say(f"kiosk {self.kiosk_url}")

    def _enrol(self) -> str:
        if not self.key_file.exists():
            kiosk = _program("onething-terminal")
            run_to_end("keygen", [kiosk, "keygen", "--key-file", str(self.key_file)], {})
        remembered = self.folder / "terminal-id"
        if not remembered.exists():
            public = str(self.key_file) + ".pub"
            said = self.run_onething(
                "terminal", "enrol", "--number", "1", "--hall", HALL_ZH, "--public-key", public
            )
            remembered.write_text(said.split()[-1], "utf-8")
        return remembered.read_text("utf-8")

    def _kiosk_settings(self) -> str:
        settings: dict[str, str | int] = {
            "server_url": self.server_url,
            "terminal_id": self.terminal_id,
            "key_file": str(self.key_file),
            "state_dir": str(self.folder / "kiosk"),
            "hall_zh": HALL_ZH,
            "hall_en": HALL_EN,
            "columns": 48,
        }
        devices = {
            "id_card": self.card_reader.url,
            "receipt_printer": self.printer.url,
            "scanner": SCANNER_URL,
            # a short look: the technician trying it waits for its end
            "qr": f"{self.code_reader.url}&look_s=1",
        }
        if self.prints_results:
            devices["a4_printer"] = self.a4_printer.url
        return _toml(settings) + "\n[devices]\n" + _toml(devices)

    def _start(self, name: str, command: list[str], environment: dict[str, str] | None = None) -> Process:
        process = Process(name, command, {**self._environment, **(environment or {})}, self.folder / "logs")
        self._running.append(process)
        return process

    def _end(self, *, has_failed: bool) -> None:
        while self._running:
            self._running.pop().end()
        if has_failed and self._keep_logs:
            shutil.copytree(self.folder / "logs", self._keep_logs, dirs_exist_ok=True)


def _program(name: str) -> str:
    return str(PROGRAMS / name)


def _toml(settings: dict[str, str | int] | dict[str, str]) -> str:
    # JSON's texts and numbers are TOML's too.
    return "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in settings.items())


def _find_free_port() -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(process: Process, url: str) -> None:
    give_up_at = time.monotonic() + SERVER_READY_WITHIN_SECONDS
    while time.monotonic() < give_up_at:
        process.check_running()
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise ProcessFailed(f"{process.name} was not ready within {SERVER_READY_WITHIN_SECONDS:.0f} s")
