"""T8: the disk is stolen: nothing of anybody can be read from it, and its key opens nothing once revoked."""

import shutil
from pathlib import Path

import pytest

from terminal_client.agent.journal import JOURNAL_FILE
from terminal_client.config import read_config
from terminal_client.identity import IDENTITY_FILE
from terminal_client.outbox.store import OUTBOX_FILE
from terminal_client.running import is_enrolled
from terminal_client.server_client import Request, ServerRefused

from ..kiosk_process import KioskProcess, wait_for
from ..made_birth import MOTHER
from ..made_terminal import make_terminal
from ..real_server import RealServer
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


def test_t08_a_stolen_kiosk_that_is_switched_on_again_forgets_everything(
    tmp_path: Path, real: RealServer
) -> None:
    kiosk = KioskProcess(tmp_path, real.url)
    terminal = real.onething("terminal", "plan", "--number", "K-08", "--hall", "一楼大厅")
    kiosk.enrol(real.onething("terminal", "code", "K-08").split()[0])
    words = real.onething("terminal", "list").partition("K-08")[2].split()[3]
    real.onething("terminal", "activate", "K-08", "--words", words)
    state = tmp_path / "state"
    try:
        kiosk.start("--beat-seconds", "1")
        wait_for(lambda: real.look(terminal).line.heard_at is not None)
        assert (state / OUTBOX_FILE).exists()
        kiosk.kill()
        real.onething("terminal", "stolen", "--reason", "gone", "K-08")
        kiosk.start("--beat-seconds", "1")
        gone = (tmp_path / "kiosk.key", state / OUTBOX_FILE, state / JOURNAL_FILE, state / IDENTITY_FILE)
        wait_for(lambda: not any(path.exists() for path in gone), 30)
        # what begins anew is a kiosk that knows of no server and of nobody
        kiosk.read_url()
        assert not is_enrolled(read_config(kiosk.file))
    finally:
        kiosk.end()
