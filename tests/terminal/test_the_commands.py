"""The technician's commands, against simulated devices and a small door."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.simulator_process import SimulatorProcess
from terminal_client.cli import main
from terminal_client.keys import make_key, read_key

from .made_birth import MOTHER
from .stand_in_server import RunningDoor, StandIn


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


@pytest.fixture
def door(tmp_path: Path) -> Iterator[RunningDoor]:
    make_key(tmp_path / "kiosk.key")
    running = RunningDoor(StandIn(read_key(tmp_path / "kiosk.key").public_key()))
    yield running
    running.stop()


def test_the_doctor_names_what_works_and_what_does_not(
    tmp_path: Path, door: RunningDoor, reader: SimulatorProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kiosk.toml").write_text(
        f'server_url = "{door.url}"\nterminal_id = "t3"\nkey_file = "kiosk.key"\nstate_dir = "state"\n'
        f'hall_zh = "大厅"\nhall_en = "Hall"\n[devices]\nid_card = "{reader.url}"\n',
        encoding="utf-8",
    )
    assert main(["doctor", "--config", str(tmp_path / "kiosk.toml")]) == 1
    said = capsys.readouterr().out.splitlines()
    assert "ok   server: 4 things on offer" in said
    assert "ok   card reader: ready" in said
    assert "BAD  receipt printer: not configured" in said


def test_a_card_is_read_without_its_photo(
    reader: SimulatorProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    reader.put("/card", MOTHER)
    assert main(["idcard", "read", "--device", reader.url, "--json"]) == 0
    card = json.loads(capsys.readouterr().out)
    assert card["id_number"] == MOTHER["id_number"]
    assert "photo" not in card
    assert card["newest_address"] is None


def test_a_card_is_shown_with_its_newest_address(
    reader: SimulatorProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    reader.put("/card", MOTHER)
    reader.put("/faults", {"newest_address": "河南省新县新搬的家"})
    assert main(["idcard", "read", "--device", reader.url]) == 0
    said = capsys.readouterr().out.splitlines()
    assert "居民身份证 Resident identity card" in said
    assert "最新住址 Newest address: 河南省新县新搬的家" in said
    assert main(["idcard", "read", "--device", reader.url, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["newest_address"] == "河南省新县新搬的家"


def test_the_speed_of_a_reader_is_found(reader: SimulatorProcess, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["idcard", "speed", "--device", reader.url]) == 0
    assert capsys.readouterr().out.strip() == "115200"


def test_readers_on_the_bus_are_listed(reader: SimulatorProcess, capsys: pytest.CaptureFixture[str]) -> None:
    bus = re.search(r"bus=([^&]+)", reader.addresses["usb_url"])
    assert bus is not None
    assert main(["idcard", "list", "--bus", bus[1]]) == 0
    assert "idcard+usb://0400:C35A" in capsys.readouterr().out


def test_no_card_is_said_in_a_sentence(reader: SimulatorProcess, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["idcard", "read", "--device", reader.url]) == 1
    assert capsys.readouterr().err.strip()


def test_a_test_slip_is_printed_and_its_code_can_be_read(
    tmp_path: Path, printer: SimulatorProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["print-test", "--device", printer.url]) == 0
    assert capsys.readouterr().out.strip() == "printed"
    picture = tmp_path / "slip.png"
    picture.write_bytes(printer.get_bytes("/slips/1.png"))
    assert main(["qr", "decode", "--json", str(picture)]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "file": str(picture),
        "texts": ["ONETHING-PRINT-TEST"],
        "reason": "",
    }
    nothing = tmp_path / "nothing.png"
    assert main(["qr", "decode", "--json", str(nothing), str(picture)]) == 1
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["reason"], second["texts"]) == ("file_unreadable", ["ONETHING-PRINT-TEST"])


def test_an_unknown_device_is_said_and_not_raised(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["print-test", "--device", "receipt+carrier-pigeon:1"]) == 1
    assert "pigeon" in capsys.readouterr().err
