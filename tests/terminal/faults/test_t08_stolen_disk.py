"""T8: the disk is stolen: nothing of anybody can be read from it, and its key opens nothing once revoked."""

import shutil
from pathlib import Path

import pytest

from terminal_client.server_client import Request, ServerRefused

from ..made_birth import MOTHER
from ..made_terminal import make_terminal
from ..stand_in_fleet import RunningFleet

PERSONAL = (MOTHER["id_number"], MOTHER["name"], MOTHER["address"], "19900001234")


def test_t08_what_was_taken_cannot_be_read_by_who_has_the_disk(tmp_path: Path, fleet: RunningFleet) -> None:
    made = make_terminal(tmp_path, fleet)
    for _ in range(3):
        made.outbox.put("intake", {"mobile": "19900001234", "card": dict(MOTHER)})
    made.close()
    stolen = tmp_path / "stolen"
    shutil.copytree(tmp_path / "state", stolen)
    shutil.copy(tmp_path / "kiosk.key", stolen)
    bytes_there = b"".join(path.read_bytes() for path in stolen.rglob("*") if path.is_file())
    assert len(bytes_there) > 1000
    for text in PERSONAL:
        for code in ("utf-8", "gb18030", "utf-16-le"):
            assert str(text).encode(code) not in bytes_there


def test_t08_its_key_opens_nothing_once_it_is_revoked(tmp_path: Path, fleet: RunningFleet) -> None:
    made = make_terminal(tmp_path, fleet)
    fleet.door.terminal_key = None
    for path in ("/things", "/terminal", "/terminal/configuration"):
        with pytest.raises(ServerRefused) as refused:
            made.parts.client.ask(Request("GET", path))
        assert refused.value.status == 401
    made.close()
