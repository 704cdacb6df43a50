"""A second kiosk in the same hall with a reader of its own, which waits seconds where others wait minutes."""

import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from waitress.server import create_server

from demo.world import HALL_EN, HALL_ZH, World
from devices.simulator_process import SimulatorProcess
from terminal_client.app import make_app
from terminal_client.config import Config, DeviceUrls
from terminal_client.devices_in_use import DevicesInUse
from terminal_client.journey.state import Times
from terminal_client.keys import read_key
from terminal_client.kiosk import Kiosk
from terminal_client.server_client import ServerClient

# Long enough for a loaded machine to go from one screen to the next.
IDLE_SECONDS, WARNING_SECONDS, CARD_BACK_SECONDS = 10.0, 5.0, 8.0


class ShortPatience:
    """The kiosk's own program, in this process because its times are no setting."""

    def __init__(self, world: World, folder: Path) -> None:
        self._world = world
        self.printer = world.printer
        self.card_reader = SimulatorProcess("devices.id_card.simulator")
        config = Config(
            world.server_url,
            world.terminal_id,
            world.key_file,
            folder,
            HALL_ZH,
            HALL_EN,
            devices=DeviceUrls(self.card_reader.url, world.printer.url),
        )
        self._line = ServerClient(world.server_url, world.terminal_id, read_key(world.key_file))
        limits = Times(idle=IDLE_SECONDS, warning=WARNING_SECONDS, card_back=CARD_BACK_SECONDS)
        self._kiosk = Kiosk(self._line, DevicesInUse(config), limits=limits)
        self._server = create_server(make_app(self._kiosk, config), host="127.0.0.1", port=0, threads=16)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self.kiosk_url = f"http://127.0.0.1:{self._server.effective_port}/"

    def __enter__(self) -> "ShortPatience":
        self._kiosk.start()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._kiosk.stop()
        self._server.task_dispatcher.shutdown()
        self._server.trigger.pull_trigger(self._server.close)
        self._line.close()
        self._thread.join(timeout=2)
        self.card_reader.end()

    def get_card(self, person: str) -> dict[str, Any]:
        """The card of `family.role`."""
        return self._world.get_card(person)
