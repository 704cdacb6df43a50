"""The clerk's own table: reader, printer and scanner, lent to the console by the desk program."""

import json
from types import TracebackType

from demo.processes import Process
from demo.world import PROGRAMS, SCANNER_URL, World
from devices.scanner.sane import sane_test_environment
from devices.simulator_process import SimulatorProcess

# Where the console's pages look for it (ONETHING_DESK_URL).
KNOWN_PORT = 8091


class Window:
    """Starts the desk program and its devices on entering; ``code`` is typed into the console once."""

    def __init__(self, world: World, port: int = KNOWN_PORT) -> None:
        self._world = world
        self._port = port
        self.code = ""

    def __enter__(self) -> "Window":
        folder = self._world.folder
        self.card_reader = SimulatorProcess("devices.id_card.simulator")
        self.printer = SimulatorProcess("devices.receipt_printer.simulator")
        urls = {"id_card": self.card_reader.url, "receipt_printer": self.printer.url, "scanner": SCANNER_URL}
        lines = [f"console_origin = {json.dumps(self._world.server_url)}", "scan_dpi = 150", "[devices]"]
        lines += [f"{kind} = {json.dumps(url)}" for kind, url in urls.items()]
        settings = folder / "desk.toml"
        settings.write_text("\n".join(lines), "utf-8")
        program = [str(PROGRAMS / "onething-terminal"), "desk", "--config", str(settings)]
        (folder / "sane").mkdir(exist_ok=True)
        environment = sane_test_environment(folder / "sane")
        command = [*program, "--port", str(self._port), "--with-parent"]
        self._desk = Process("desk", command, environment, folder / "logs")
        self.code = str(self._desk.read_ready_line()["pairing_code"])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._desk.end()
        self.printer.end()
        self.card_reader.end()
