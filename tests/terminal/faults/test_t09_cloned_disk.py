"""T9: a disk is copied and two kiosks run with one key; the real server sees it and closes both."""

import shutil
from pathlib import Path

from ..kiosk_process import KioskProcess, wait_for
from ..real_server import RealServer


def test_t09_two_kiosks_with_one_key_are_suspended(tmp_path: Path, real: RealServer) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    kiosk = KioskProcess(first, real.url)
    terminal = real.onething("terminal", "plan", "--number", "K-09", "--hall", "一楼大厅")
    kiosk.enrol(real.onething("terminal", "code", "K-09").split()[0])
    words = real.onething("terminal", "list").partition("K-09")[2].split()[3]
    real.onething("terminal", "activate", "K-09", "--words", words)
    shutil.copytree(first, second)
    clone = KioskProcess(second, real.url)
    try:
        # a signature's time is in whole seconds, and two beats in one second look like one that is replayed
        kiosk.start("--beat-seconds", "3")
        wait_for(lambda: real.look(terminal).line.heard_at is not None)
        assert real.look(terminal).line.terminal.state == "active"
        clone.start("--beat-seconds", "2")
        wait_for(lambda: real.look(terminal).line.terminal.state == "suspended", 30)
        assert "clone" in {str(alert.kind) for alert in real.look(terminal).alerts}
        for each in (kiosk, clone):
            wait_for(lambda each=each: "停用" in each.see("暂停服务"), 30)
    finally:
        clone.end()
        kiosk.end()
