"""T2: the machine's clock is three years slow and jumps; the real program under libfaketime."""

from datetime import timedelta
from pathlib import Path

from ..kiosk_process import KioskProcess, wait_for
from ..stand_in_fleet import RunningFleet

LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
JUMPS = ("-1095d", "-1096d", "+400d")


def test_t02_a_wrong_or_jumping_clock_changes_no_signature(
    kiosk: KioskProcess, fleet: RunningFleet, tmp_path: Path
) -> None:
    assert LIBRARY is not None, "faketime is not installed"
    clock = tmp_path / "clock"
    clock.write_text(JUMPS[0], encoding="ascii")
    # the monotonic clock stays true, as it does on a machine whose clock is set
    kiosk.environment = {
        "LD_PRELOAD": str(LIBRARY),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    kiosk.start()
    for jump in JUMPS:
        clock.write_text(jump, encoding="ascii")
        count = len(fleet.door.heartbeats)
        wait_for(lambda count=count: len(fleet.door.heartbeats) >= count + 3)
        off = timedelta(milliseconds=fleet.door.heartbeats[-1]["clock_offset_ms"])
        assert abs(off - timedelta(days=int(jump[:-1]))) < timedelta(minutes=1), jump
    counters = [each["counter"] for each in fleet.door.heartbeats]
    assert counters == sorted(set(counters))
    assert all(each["uptime_seconds"] >= 0 for each in fleet.door.heartbeats)
    kiosk.see('data-screen="idle"')
