"""A kiosk with devices under the test's hand, and a small door behind it."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image, ImageDraw
from waitress.server import create_server

from devices.a4_printer.port import Interruption, IsWanted, OnInterruption, PrintOutcome
from devices.errors import DeviceError
from devices.states import DeviceState, Health, now_utc
from terminal_client.app import make_app
from terminal_client.config import Config
from terminal_client.journey import events
from terminal_client.journey.state import Printing, Sentence, Times
from terminal_client.kiosk import Kiosk
from terminal_client.offline.guides import Guides
from terminal_client.offline.intakes import Intakes
from terminal_client.offline.port import Offline
from terminal_client.outbox.store import Outbox
from terminal_client.server_client import ServerClient

from .real_server import RealServer, real_server
from .stand_in_fleet import RunningFleet
from .stand_in_server import RunningDoor, StandIn

SERVER_KEY = bytes([9]) + bytes(31)


class DevicesByHand:
    """The kiosk's port to its devices, moved by the test."""

    def __init__(self) -> None:
        self.tell: Callable[[events.Event], None] = lambda event: None
        self.slips: list[tuple[Mapping[str, Any], bool]] = []
        self.outcome = Printing.PRINTED
        self.trouble: Sentence | None = None
        self.cleared = 0
        self.prints_documents = False
        self.documents: list[tuple[bytes, str]] = []
        self.interruptions: list[Interruption] = []
        self.was_wanted = True
        self.is_mended = threading.Event()
        self.is_mended.set()
        self.document_error: DeviceError | None = None
        self.document_outcome = PrintOutcome("printed", Health(DeviceState.READY, now_utc()))

    def clear(self) -> None:
        self.cleared += 1

    def start(self, on_event: Callable[[events.Event], None]) -> None:
        self.tell = on_event

    def place(self, card: Mapping[str, Any]) -> None:
        self.tell(events.CardPlaced(dict(card)))

    def lift(self) -> None:
        self.tell(events.CardRemoved())

    def scan_page(self) -> tuple[bytes, str]:
        page = Image.new("RGB", (620, 877), "white")
        ImageDraw.Draw(page).ellipse((200, 200, 420, 460), fill="#d9b08c")
        out = BytesIO()
        page.save(out, "JPEG")
        return out.getvalue(), "image/jpeg"

    def print_receipt(self, receipt: Mapping[str, Any], *, sitting: int, reprint: bool) -> events.PrintEnded:
        self.slips.append((receipt, reprint))
        return events.PrintEnded(self.outcome, sitting, self.trouble)

    def print_intake(self, intake: Mapping[str, Any], *, sitting: int, reprint: bool) -> events.PrintEnded:
        return self.print_receipt(intake, sitting=sitting, reprint=reprint)

    def can_print_documents(self) -> bool:
        return self.prints_documents

    def print_document(
        self, document: bytes, *, job: str, on_interruption: OnInterruption, is_wanted: IsWanted
    ) -> PrintOutcome:
        self.documents.append((document, job))
        for why in self.interruptions:
            on_interruption(why)
        self.is_mended.wait(20)
        self.was_wanted = is_wanted()
        if self.document_error is not None:
            raise self.document_error
        return self.document_outcome

    def stop(self) -> None:
        pass


class RunningKiosk:
    """A whole kiosk: pages, journey, signed line, small door."""

    def __init__(self, folder: Path, *, limits: Times | None = None, with_questions: bool = False) -> None:
        key = Ed25519PrivateKey.generate()
        self.door = StandIn(key.public_key(), with_questions=with_questions)
        self.running_door = RunningDoor(self.door)
        self.devices = DevicesByHand()
        self.client = ServerClient(self.running_door.url, "terminal-3", key)
        self.outbox = Outbox(folder, SERVER_KEY, "terminal-3")
        offline = Offline(Guides(folder), Intakes(self.outbox, "一楼大厅"))
        self.kiosk = Kiosk(self.client, self.devices, limits=limits, offline=offline)
        config = Config(
            "",
            "terminal-3",
            folder / "key",
            folder,
            "县政务服务中心 · 一楼大厅 3 号机",
            "County service centre, hall 1, no. 3",
        )
        self.server = create_server(make_app(self.kiosk, config), host="127.0.0.1", port=0, threads=16)
        self.url = f"http://127.0.0.1:{self.server.effective_port}/"
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.kiosk.start()
        self.thread.start()

    def stop(self) -> None:
        self.kiosk.stop()
        self.server.task_dispatcher.shutdown()
        with suppress(OSError):  # closed already, woken by another pull a moment before
            self.server.trigger.pull_trigger(self.server.close)
        self.client.close()
        self.outbox.close()
        self.running_door.stop()
        self.thread.join(timeout=1)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningKiosk]:
    kiosk = RunningKiosk(tmp_path)
    yield kiosk
    kiosk.stop()


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """The real server of terminals."""
    with real_server(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="session")
def fleet_server() -> Iterator[RunningFleet]:
    running = RunningFleet()
    yield running
    running.stop()


@pytest.fixture
def fleet(fleet_server: RunningFleet) -> RunningFleet:
    """The small server of terminals, knowing nobody."""
    fleet_server.door.clear()
    return fleet_server
