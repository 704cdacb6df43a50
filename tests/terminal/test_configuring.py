"""A configuration's way onto the kiosk, over a real line to a small server."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from terminal_client.config import DeviceUrls

from .made_terminal import MadeTerminal, make_terminal
from .stand_in_fleet import RunningFleet

WORKING = {"id_card": "idcard+tcp://127.0.0.1:4001", "receipt_printer": "receipt+tcp://127.0.0.1:9100"}


@pytest.fixture
def made(tmp_path: Path, fleet: RunningFleet) -> Iterator[MadeTerminal]:
    terminal = make_terminal(tmp_path, fleet)
    yield terminal
    terminal.close()


def said(made: MadeTerminal) -> str:
    """Why the kiosk is closed, in Chinese; empty when it is open."""
    reason = made.opening.find_reason()
    return reason.zh if reason else ""


class TestConfiguring:
    """Staged, applied, and confirmed or rolled back."""

    def configured(self, made: MadeTerminal, fleet: RunningFleet, revision: int, **settings: object) -> None:
        fleet.door.configure(revision, **settings)
        made.agent.beat()

    def outcomes(self, made: MadeTerminal, fleet: RunningFleet) -> list[tuple[int, str, str]]:
        made.agent.beat()
        return [(each["revision"], each["outcome"], each["reason"]) for each in fleet.door.reports]

    def test_a_good_one_is_confirmed(self, made: MadeTerminal, fleet: RunningFleet) -> None:
        made.devices.say("id_card", "ready")
        self.configured(made, fleet, 3, devices=WORKING, columns=32, idle_seconds=90)
        assert (made.configuring.revision, made.configuring.is_on_trial) == (3, True)
        settings = made.devices.applied[-1]
        assert settings is not None
        assert (settings.columns, settings.times.idle, settings.devices.id_card) == (
            32,
            90,
            WORKING["id_card"],
        )
        made.seconds[0] += 21
        made.configuring.step()
        assert not made.configuring.is_on_trial
        assert self.outcomes(made, fleet) == [(3, "applied", ""), (3, "confirmed", "")]
        assert fleet.door.heartbeats[-1]["versions"]["configuration"] == 3

    def test_one_that_loses_a_device_is_rolled_back_alone(
        self, made: MadeTerminal, fleet: RunningFleet
    ) -> None:
        made.devices.say("receipt_printer", "ready")
        self.configured(made, fleet, 3, devices=WORKING)
        made.seconds[0] += 21
        made.configuring.step()
        self.configured(made, fleet, 4, devices={**WORKING, "receipt_printer": "receipt+tcp://127.0.0.1:1"})
        made.devices.say("receipt_printer", "absent", "printer_gone")
        made.seconds[0] += 299
        made.configuring.step()
        assert made.configuring.revision == 4
        made.seconds[0] += 2
        made.configuring.step()
        assert made.configuring.revision == 3
        settings = made.devices.applied[-1]
        assert settings is not None
        assert settings.devices.receipt_printer == WORKING["receipt_printer"]
        assert self.outcomes(made, fleet)[-1] == (4, "rolled_back", "device_lost")
        made.agent.beat()
        assert made.configuring.revision == 3, "the same one was tried again"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"columns": 40},
            {"devices": {"id_card": "receipt+tcp://127.0.0.1:1"}},
            {"devices": {"id_card": "idcard+pigeon:1"}},
            {"devices": {"oven": "idcard+tcp://x:1"}},
            {"devices": {"id_card": 3}},
            {"hall_zh": ""},
            {"idle_seconds": 3},
            {"idle_seconds": 60, "warning_seconds": 60},
            {"opening_hours": [{"weekday": 7, "from": "08:00", "to": "12:00"}]},
            {"opening_hours": [{"weekday": 1, "from": "eight", "to": "12:00"}]},
            {"log_level": "SILENT"},
            {"update_channel": "moon"},
            {"expected_devices": ["oven"]},
        ],
    )
    def test_a_wrong_one_is_refused_and_reported(
        self, made: MadeTerminal, fleet: RunningFleet, wrong: dict[str, object]
    ) -> None:
        self.configured(made, fleet, 5, **wrong)
        assert made.devices.applied == []
        assert self.outcomes(made, fleet) == [(5, "refused", "bad_settings")]
        assert fleet.door.reports[0]["detail"]

    def test_one_that_the_server_did_not_sign_is_refused(
        self, made: MadeTerminal, fleet: RunningFleet
    ) -> None:
        fleet.door.configure(5)["settings"]["hall_zh"] = "别处"
        made.agent.beat()
        assert made.devices.applied == []
        assert self.outcomes(made, fleet) == [(5, "refused", "bad_signature")]

    def test_it_waits_for_the_citizen_to_go(self, made: MadeTerminal, fleet: RunningFleet) -> None:
        made.kiosk.is_free = False
        self.configured(made, fleet, 3)
        assert made.devices.applied == []
        made.kiosk.is_free = True
        made.agent.step()
        assert len(made.devices.applied) == 1

    def test_a_program_that_dies_of_it_gets_the_old_one_back(
        self, made: MadeTerminal, fleet: RunningFleet
    ) -> None:
        self.configured(made, fleet, 3)
        made.seconds[0] += 21
        made.configuring.step()
        self.configured(made, fleet, 4)
        for _ in range(3):
            made = made.restart(fleet)
            made.configuring.start()
            assert made.configuring.revision == 4
        made = made.restart(fleet)
        made.configuring.start()
        assert made.configuring.revision == 3
        assert self.outcomes(made, fleet)[-1] == (4, "rolled_back", "restarts")

    def test_a_file_changed_on_the_disk_changes_nothing(
        self, made: MadeTerminal, fleet: RunningFleet
    ) -> None:
        self.configured(made, fleet, 3, hall_en="County centre")
        path = made.config.state_dir / "configuration.json"
        path.write_text(path.read_text("utf-8").replace("County centre", "Elsewhere"), encoding="utf-8")
        made = made.restart(fleet)
        assert (made.configuring.revision, made.configuring.settings) == (0, None)

    def test_a_device_not_spoken_of_stays_and_one_taken_away_goes(
        self, made: MadeTerminal, fleet: RunningFleet
    ) -> None:
        own = replace(made.config, devices=DeviceUrls(id_card="idcard+tcp://a:1", qr="qr+image:x"))
        self.configured(made, fleet, 3, hall_en="", devices={"qr": None, **WORKING})
        settings = made.devices.applied[-1]
        assert settings is not None
        assert settings.apply_to(own).devices == DeviceUrls(**WORKING)
        assert settings.hall_en == settings.hall_zh

    def test_the_hall_has_its_hours(self, made: MadeTerminal, fleet: RunningFleet) -> None:
        here = fleet.door.now + timedelta(hours=8)
        other_day = {"weekday": (here.weekday() + 2) % 7, "from": "08:30", "to": "17:30"}
        self.configured(made, fleet, 3, opening_hours=[other_day])
        made.agent.step()
        assert "不是办理时间" in said(made)
        today = [{"weekday": day, "from": "00:00", "to": "23:59:59"} for day in range(7)]
        made.seconds[0] += 21
        made.configuring.step()
        self.configured(made, fleet, 4, opening_hours=today)
        made.agent.step()
        assert said(made) == ""
