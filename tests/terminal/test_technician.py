"""The technician's room: the code that opens it, what is seen and tried there, and the signed report."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient

from devices.simulator_process import SimulatorProcess
from terminal_client.cli import main
from terminal_client.config import Config, DeviceUrls
from terminal_client.devices_in_use import DevicesInUse
from terminal_client.identity import get_offline_secret, raw_public
from terminal_client.keys import read_key
from terminal_client.running import build, build_setup
from terminal_client.technician.offline_code import CodesLocked, OfflineCodes, hour_of, make_code
from terminal_client.technician.readiness import Readiness, find_signed, write_report
from terminal_client.technician.room import Line
from terminal_client.technician.trials import try_device

from .stand_in_fleet import CODE, RunningFleet, with_check

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
SECRET = bytes(range(32))


class Wall:
    """A clock under the test's hand."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def codes(tmp_path: Path, wall: Wall) -> OfflineCodes:
    return OfflineCodes(tmp_path, SECRET, wall.now)


class TestOfflineCodes:
    """Eight digits, once, for an hour or so, and few tries."""

    def code(self, counter: int, hours: int = 0) -> str:
        return make_code(SECRET, counter, hour_of(NOW) + hours)

    def test_one_is_made_as_the_wires_description_says(self) -> None:
        # HMAC-SHA256 over counter and hour, truncated as RFC 4226 section 5.3; computed apart from this code
        assert make_code(bytes(32), 1, 491000) == expected_code(bytes(32), 1, 491000)

    def test_each_is_good_once(self, codes: OfflineCodes) -> None:
        assert codes.take(self.code(1))
        assert not codes.take(self.code(1))
        assert codes.take(self.code(4))
        assert not codes.take(self.code(3)), "one from before the last one used"

    @pytest.mark.parametrize(("hours", "is_good"), [(-2, False), (-1, True), (1, True), (2, False)])
    def test_it_is_good_for_its_hour_and_those_beside_it(
        self, codes: OfflineCodes, hours: int, *, is_good: bool
    ) -> None:
        assert codes.take(self.code(1, hours)) is is_good

    def test_five_wrong_ones_lock_the_room_even_over_a_restart(
        self, codes: OfflineCodes, tmp_path: Path, wall: Wall
    ) -> None:
        for _ in range(5):
            assert not codes.take("00000000")
        again = OfflineCodes(tmp_path, SECRET, wall.now)
        with pytest.raises(CodesLocked):
            again.take(self.code(1))
        wall.at += timedelta(minutes=16)
        assert again.take(self.code(1))

    def test_a_clock_that_was_put_back_does_not_lock_it_for_ever(
        self, codes: OfflineCodes, wall: Wall
    ) -> None:
        for _ in range(5):
            codes.take("00000000")
        wall.at -= timedelta(days=1000)
        assert codes.take(make_code(SECRET, 1, hour_of(wall.at)))

    def test_whoever_has_the_command_line_gets_one(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "kiosk.toml").write_text('state_dir = "."\n', encoding="utf-8")
        assert main(["technician-code", "--config", str(tmp_path / "kiosk.toml")]) == 0
        typed = capsys.readouterr().out.strip()
        assert OfflineCodes(tmp_path, get_offline_secret(tmp_path), lambda: datetime.now(UTC)).take(typed)


def expected_code(secret: bytes, counter: int, hour: int) -> str:
    import hashlib
    import hmac
    import struct

    mac = hmac.digest(secret, struct.pack(">QQ", counter, hour), hashlib.sha256)
    (number,) = struct.unpack_from(">I", mac, mac[31] % 16)
    return f"{(number % 2**31) % 100_000_000:08d}"


@pytest.fixture(scope="module")
def simulators() -> Iterator[Any]:
    """Reader and printer of the room's kiosk."""
    both = SimpleNamespace(
        reader=SimulatorProcess("devices.id_card.simulator"),
        printer=SimulatorProcess("devices.receipt_printer.simulator"),
    )
    yield both
    both.reader.end()
    both.printer.end()


@pytest.fixture
def room(tmp_path: Path, fleet: RunningFleet, simulators: Any) -> Iterator[Any]:
    """The pages of an enrolled kiosk with both devices, entered by nobody yet."""
    file = tmp_path / "kiosk.toml"
    file.write_text(
        f'server_url = "{fleet.url}"\n[devices]\nid_card = "{simulators.reader.url}"\n'
        f'receipt_printer = "{simulators.printer.url}"\n',
        encoding="utf-8",
    )
    assert main(["enrol", "--config", str(file), with_check(CODE)]) == 0
    config = Config(
        server_url=fleet.url,
        key_file=tmp_path / "kiosk.key",
        state_dir=tmp_path / "state",
        devices=DeviceUrls(simulators.reader.url, simulators.printer.url),
    )
    running = build(config, restart=lambda: None)
    running.devices.start(lambda event: None)
    running.devices.watch_all()
    client = running.app.test_client()
    secret = get_offline_secret(config.state_dir)
    code = make_code(secret, 1, hour_of(datetime.now(UTC)))
    yield SimpleNamespace(client=client, running=running, config=config, code=code)
    running.stop()
    running.client.close()
    running.journal.close()
    assert running.outbox is not None
    running.outbox.close()


def enter(room: Any) -> FlaskClient:
    answer = room.client.post("/technician/entry", data={"code": room.code})
    assert answer.status_code == 303
    client: FlaskClient = room.client
    return client


def test_nobody_gets_in_without_a_code(room: Any) -> None:
    assert "验证码" in room.client.get("/technician/").text
    for path in ("trials/receipt_printer", "leaving", "enrolment"):
        assert room.client.post(f"/technician/{path}").status_code == 403
    for path in ("report.html", "speaker.wav"):
        assert room.client.get(f"/technician/{path}").status_code == 403
    assert "不对" in room.client.post("/technician/entry", data={"code": "12345678"}).text
    assert room.running.room.opening.find_reason() is None


def test_the_kiosk_serves_nobody_while_a_technician_is_there(room: Any) -> None:
    client = enter(room)
    reason = room.running.room.opening.find_reason()
    assert reason is not None
    assert "维护" in reason.zh
    assert client.post("/technician/leaving").status_code == 303
    assert room.running.room.opening.find_reason() is None
    assert "验证码" in client.get("/technician/").text


def test_a_room_left_open_closes_by_itself(room: Any) -> None:
    enter(room)
    room.running.room.monotonic = lambda: 1e12
    room.running.room.step()
    assert room.running.room.opening.find_reason() is None


def test_each_device_is_tried_and_nothing_of_it_is_shown(room: Any, simulators: Any) -> None:
    from .made_birth import MOTHER

    client = enter(room)
    simulators.reader.put("/card", {name: value for name, value in MOTHER.items() if value})
    page = client.post("/technician/trials/id_card").text
    simulators.reader.delete("/card")
    assert 'data-trial="id_card" data-well="yes"' in page
    assert MOTHER["id_number"] not in page
    assert MOTHER["name"] not in page
    page = client.post("/technician/trials/receipt_printer").text
    assert 'data-trial="receipt_printer" data-well="yes"' in page
    page = client.post("/technician/trials/scanner").text
    assert 'data-trial="scanner" data-well="no"' in page
    assert client.post("/technician/trials/oven").status_code == 404


def test_no_paper_says_what_to_do_and_what_to_bring(room: Any, simulators: Any) -> None:
    client = enter(room)
    simulators.printer.put("/faults", {"paper_out": True})
    board = room.running.devices._board
    assert board is not None
    board.look("receipt_printer")
    page = client.get("/technician/").text
    simulators.printer.put("/faults", {"paper_out": False})
    assert 'data-device="receipt_printer"' in page
    assert "paper_out" in page
    assert "装上新纸卷" in page
    assert "凭条纸" in page


def test_the_report_is_signed_with_the_kiosks_key(room: Any) -> None:
    client = enter(room)
    client.post("/technician/trials/receipt_printer")
    report = client.get("/technician/report.html").text
    public = raw_public(read_key(room.config.key_file))
    content = find_signed(report, public)
    assert content is not None
    assert (content["number"], content["trials"]) == ("K-07", {"receipt_printer": "ok"})
    assert find_signed(report.replace("K-07", "K-08"), public) is None
    assert find_signed(report, bytes(32)) is None


def test_nothing_in_a_report_can_end_its_signed_part_early() -> None:
    key = Ed25519PrivateKey.generate()
    told = "</script><script>alert(1)</script>"
    readiness = Readiness("K-01", told, NOW, [Line("a", "a", told)], [], [])
    report = write_report(readiness, key)
    assert "<script>alert" not in report
    content = find_signed(report, raw_public(key))
    assert content is not None
    assert content["hall"] == told


def test_a_kiosk_is_enrolled_on_its_own_screen(tmp_path: Path, fleet: RunningFleet, simulators: Any) -> None:
    config = Config(
        server_url=fleet.url,
        key_file=tmp_path / "kiosk.key",
        state_dir=tmp_path / "state",
        devices=DeviceUrls(id_card=simulators.reader.url),
    )
    restarts: list[bool] = []
    setup = build_setup(config, restart=lambda: restarts.append(True))
    client = setup.app.test_client()
    assert client.get("/").headers["Location"].endswith("/technician/")
    assert "输错" in client.post("/technician/enrolment", data={"code": "AAAA-AAAA-AAAA-AAAB"}).text
    page = client.post("/technician/enrolment", data={"code": with_check(CODE)}).text
    assert "data-check-words" in page
    setup.stop()
    assert restarts == [True]


def test_the_a4_printer_is_tried_with_a_page_that_shows_its_faults(tmp_path: Path) -> None:
    printer = SimulatorProcess("devices.a4_printer.simulator")
    devices = DevicesInUse(Config(state_dir=tmp_path, devices=DeviceUrls(a4_printer=printer.url)))
    try:
        trial = try_device("a4_printer", devices)
        assert (trial.is_well, trial.en) == (True, "The printer says that it is printed.")
    finally:
        printer.end()
    assert not try_device("a4_printer", devices).is_well, "the cable is out"
    devices.stop()
    assert not try_device("a4_printer", DevicesInUse(Config(state_dir=tmp_path))).is_well
