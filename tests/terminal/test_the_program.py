"""The program itself, in a process of its own, with simulated devices on their real wires."""

import json
import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from devices.simulator_process import SimulatorProcess
from terminal_client.config import Config, DeviceUrls
from terminal_client.devices_in_use import DevicesInUse, with_columns
from terminal_client.journey import events
from terminal_client.journey.state import Printing
from terminal_client.keys import make_key, read_key
from tests.patience import Patience

from .made_birth import MOTHER, make_receipt
from .stand_in_server import RunningDoor, StandIn

FIRST_SCREEN_SECONDS = 2.0
CARD = {name: value for name, value in MOTHER.items() if value or name == "photo"}


def wait_for(is_so: Callable[[], bool], seconds: float = 8.0) -> None:
    """Wait until something is so."""
    patience = Patience(seconds)
    while not is_so():
        assert patience.lasts(), "it did not become so"
        time.sleep(0.05)


@pytest.fixture
def reader() -> Iterator[SimulatorProcess]:
    simulator = SimulatorProcess("devices.id_card.simulator")
    yield simulator
    simulator.end()


@pytest.fixture
def printer() -> Iterator[SimulatorProcess]:
    simulator = SimulatorProcess("devices.receipt_printer.simulator")
    yield simulator
    simulator.end()


def make_config(folder: Path, **urls: str) -> Config:
    return Config(
        "", "terminal-3", folder / "key", folder, "县政务服务中心", "Centre", devices=DeviceUrls(**urls)
    )


def test_a_card_on_the_wire_becomes_an_event_without_its_photo(
    tmp_path: Path, reader: SimulatorProcess
) -> None:
    devices = DevicesInUse(make_config(tmp_path, id_card=reader.url))
    told: list[events.Event] = []
    devices.start(told.append)
    try:
        reader.put("/card", CARD)
        wait_for(lambda: any(isinstance(event, events.CardPlaced) for event in told))
        card = next(event.card for event in told if isinstance(event, events.CardPlaced))
        assert (card["name"], card["id_number"]) == (MOTHER["name"], MOTHER["id_number"])
        assert "photo" not in card
        reader.delete("/card")
        wait_for(lambda: isinstance(told[-1], events.CardRemoved))
    finally:
        devices.stop()


def test_a_receipt_is_printed_on_the_printers_word(tmp_path: Path, printer: SimulatorProcess) -> None:
    devices = DevicesInUse(make_config(tmp_path, receipt_printer=printer.url))
    ended = devices.print_receipt(make_receipt("XX-7KDM-0001-C"), sitting=1, reprint=True)
    devices.stop()
    assert ended.outcome is Printing.PRINTED
    (slip,) = printer.get("/slips")
    text = "\n".join(slip["lines"])
    assert "XX-7KDM-0001-C" in text
    assert "【补打】" in text


def test_no_paper_is_no_receipt(tmp_path: Path, printer: SimulatorProcess) -> None:
    printer.put("/faults", {"paper_out": True})
    devices = DevicesInUse(make_config(tmp_path, receipt_printer=printer.url))
    ended = devices.print_receipt(make_receipt("XX"), sitting=1, reprint=False)
    devices.stop()
    assert ended.outcome is Printing.FAILED
    assert ended.trouble is not None
    assert "纸" in ended.trouble.zh


def test_a_kiosk_without_devices_says_so(tmp_path: Path) -> None:
    devices = DevicesInUse(make_config(tmp_path))
    told: list[events.Event] = []
    devices.start(told.append)
    assert isinstance(told[0], events.ReaderChanged)
    assert devices.print_receipt(make_receipt("XX"), sitting=1, reprint=False).outcome is Printing.FAILED


def test_the_width_of_the_paper_goes_into_the_printers_url() -> None:
    assert with_columns("receipt+tcp://h:1", 32) == "receipt+tcp://h:1?columns=32"
    for said in ("columns=48", "profile=58mm"):
        assert with_columns(f"receipt+tcp://h:1?{said}", 32) == f"receipt+tcp://h:1?{said}"


def test_a_receipt_of_one_number_is_begun_once_and_reprinted_as_often_as_asked(
    tmp_path: Path, printer: SimulatorProcess
) -> None:
    devices = DevicesInUse(make_config(tmp_path, receipt_printer=printer.url))
    ends = [
        devices.print_receipt(make_receipt("XX-7KDM-0001-C"), sitting=1, reprint=reprint).outcome
        for reprint in (False, False, True, True)
    ]
    devices.stop()
    assert ends == [Printing.PRINTED, Printing.FAILED, Printing.PRINTED, Printing.PRINTED]
    assert len(printer.get("/slips")) == 3


@pytest.fixture
def door(tmp_path: Path) -> Iterator[RunningDoor]:
    make_key(tmp_path / "kiosk.key")
    running = RunningDoor(StandIn(read_key(tmp_path / "kiosk.key").public_key()))
    yield running
    running.stop()


def start_program(
    folder: Path, door: RunningDoor, reader: SimulatorProcess | SimpleNamespace
) -> tuple[subprocess.Popen[bytes], str]:
    """Start the program; return it and its address once it says it is ready."""
    (folder / "kiosk.toml").write_text(
        f'server_url = "{door.url}"\nterminal_id = "t3"\nkey_file = "kiosk.key"\nstate_dir = "state"\n'
        f'hall_zh = "县政务服务中心"\nhall_en = "Centre"\n[devices]\nid_card = "{reader.url}"\n',
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "terminal_client.cli", "run", "--port", "0", "--with-parent", "--config"]
    program = subprocess.Popen(
        [*command, str(folder / "kiosk.toml")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert program.stdout is not None
    assert select.select([program.stdout], [], [], 20)[0], "the program does not start"
    ready: dict[str, Any] = json.loads(program.stdout.readline())
    return program, ready["url"]


def end_program(program: subprocess.Popen[bytes]) -> int:
    program.terminate()
    code = program.wait(10)
    for pipe in (program.stdin, program.stdout):
        if pipe:
            pipe.close()
    return code


def read_until(url: str, wanted: str) -> str:
    """Read the stream of a new page until it shows what is wanted."""
    page = re.search(r"/events/(\w+)", requests.get(url, timeout=5).text)
    assert page is not None
    seen = ""
    with requests.get(f"{url}events/{page[1]}", stream=True, timeout=10) as stream:
        for piece in stream.iter_content(None):
            seen += piece.decode(errors="replace")
            if wanted in seen:
                return seen
    raise AssertionError(f"{wanted} was never shown")


def test_it_starts_follows_the_card_and_ends_when_told(
    tmp_path: Path, door: RunningDoor, reader: SimulatorProcess
) -> None:
    program, url = start_program(tmp_path, door, reader)
    try:
        read_until(url, 'data-screen="idle"')
        wait_for(lambda: ("GET", "/kiosk/v1/things") in door.door.requests)
        reader.put("/card", CARD)
        assert "已读到您的证件" in read_until(url, 'data-screen="things"')
    finally:
        code = end_program(program)
    assert code == 0


def test_its_first_screen_is_there_soon(tmp_path: Path, door: RunningDoor, reader: SimulatorProcess) -> None:
    took = []
    for _ in range(2):
        began = time.monotonic()
        program, url = start_program(tmp_path, door, reader)
        read_until(url, 'data-screen="idle"')
        took.append(time.monotonic() - began)
        assert end_program(program) == 0
    busy = os.getloadavg()[0] / (os.cpu_count() or 1)
    assert min(took) <= FIRST_SCREEN_SECONDS * max(1.0, busy), took


def test_told_twice_to_end_it_still_ends(tmp_path: Path, door: RunningDoor) -> None:
    unplugged = SimpleNamespace(url=f"idcard+serial:{tmp_path}/unplugged")
    for _ in range(4):
        program, _ = start_program(tmp_path, door, unplugged)
        assert program.stdin is not None
        assert program.stdout is not None
        try:
            program.terminate()
            program.stdin.close()
            assert program.wait(8) == 0
        finally:
            program.kill()
            program.stdout.close()


def test_it_ends_with_the_one_that_started_it(
    tmp_path: Path, door: RunningDoor, reader: SimulatorProcess
) -> None:
    program, _ = start_program(tmp_path, door, reader)
    assert program.stdin is not None
    program.stdin.close()
    assert program.wait(10) == 0
    assert program.stdout is not None
    program.stdout.close()
