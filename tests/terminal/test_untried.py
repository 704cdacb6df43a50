"""What never met real hardware is said wherever it must be, and no driver is forgotten."""

import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from terminal_client.cli import main
from terminal_client.untried import list_untried

TOP = Path(__file__).resolve().parents[2]


def test_every_driver_of_ours_is_listed() -> None:
    ours = {
        entry.name for entry in entry_points(group="onething.devices") if entry.value.startswith("devices.")
    }
    declared = set(
        re.findall(r'^"([a-z0-9]+\+[a-z0-9]+)" =', (TOP / "pyproject.toml").read_text("utf-8"), re.M)
    )
    assert {each.scheme for each in list_untried()} == declared >= ours


def test_the_document_says_the_same() -> None:
    document = (TOP / "docs/untried-hardware.md").read_text("utf-8")
    assert re.findall(r"^\| `([^`]+)` \| (.+) \|$", document, re.M) == [
        (each.scheme, each.en) for each in list_untried()
    ]


def test_the_doctor_says_it_of_the_devices_in_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text('[devices]\nreceipt_printer = "receipt+tcp://127.0.0.1:1"\n', encoding="utf-8")
    assert main(["doctor", "--config", str(file)]) == 1
    said = capsys.readouterr().out
    assert "note never met real hardware: receipt+tcp" in said
    assert "idcard+serial" not in said
    assert "what to do: Check power and cable" in said
    assert "Bring a receipt printer" in said
