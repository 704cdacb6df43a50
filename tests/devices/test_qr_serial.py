"""Scanners on a serial line: whole codes, and never half of one."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.errors import DeviceError
from devices.qr.dialects import HONEYWELL, NEWLAND
from devices.qr.framing import AnswerFilter, CodeFramer
from devices.qr.port import QrReader
from devices.qr.serial_scanner import SerialQrReader, open_serial
from devices.qr.texts import LONGEST, text_of
from devices.simulator_process import SimulatorProcess
from devices.states import DeviceState
from devices.url import BadDeviceUrl, DeviceUrl
from tests.patience import Patience

CODE = "HTTPS://XINXIAN.INVALID/C/7KQ2M9XD4"
SHORT = settings(max_examples=60, deadline=None)
codes = st.binary(min_size=1, max_size=40).filter(lambda raw: not set(raw) & set(b"\r\n"))


@SHORT
@given(st.lists(codes, max_size=5), st.sampled_from([b"\r", b"\n", b"\r\n"]), st.data())
def test_any_splitting_gives_the_same_codes(wanted: list[bytes], suffix: bytes, data: st.DataObject) -> None:
    stream = b"".join(code + suffix for code in wanted)
    framer, got = CodeFramer(suffix), []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        got += framer.feed(stream[:size])
        stream = stream[size:]
    assert got == wanted
    assert not framer.is_inside


@SHORT
@given(st.lists(st.binary(max_size=300), max_size=20))
def test_any_bytes_at_all_stay_bounded_and_raise_nothing(pieces: list[bytes]) -> None:
    framer, answers = CodeFramer(longest=64), AnswerFilter()
    for piece in pieces:
        for code in framer.feed(answers.feed(piece)):
            assert 0 < len(code) <= 64
        assert len(framer._held) <= 64
        assert len(answers._held) <= 512


@SHORT
@given(st.integers(0, 60), st.integers(1, 20))
def test_a_code_broken_by_a_silence_gives_neither_of_its_halves(cut: int, silences: int) -> None:
    framer, stream = CodeFramer(), CODE.encode() + b"\r"
    cut = min(cut, len(stream))
    got = framer.feed(stream[:cut])
    for _ in range(silences):
        framer.break_off()
    got += framer.feed(stream[cut:])
    assert got in ([], [CODE.encode()])
    assert framer.feed(b"NEXT\r") == [b"NEXT"]


def test_a_torso_does_not_spoil_the_line_for_ever() -> None:
    framer = CodeFramer()
    framer.feed(b"HTTPS://XIN")
    for _ in range(framer.patience + 2):
        framer.break_off()
    assert framer.feed(b"NEXT\r") == [b"NEXT"]


def test_what_began_before_a_look_is_not_of_that_look() -> None:
    framer = CodeFramer()
    framer.feed(b"SOMEBODY ELS")
    framer.pass_over(b"ES")
    assert framer.feed(b" CODE\rMINE\r") == [b"MINE"]


def test_an_overlong_code_is_dropped_to_its_end() -> None:
    framer = CodeFramer(longest=8)
    assert framer.feed(b"123456789ABC") == []
    assert framer.feed(b"DEF\rNEXT\r") == [b"NEXT"]
    assert framer.dropped == 1


@pytest.mark.parametrize("raw", [b"", b"A\x00B", b"\x1b[2J", b"A\tB", b"\xff\xfe", b"\xc2\x85", b"1" * 7090])
def test_what_is_no_text(raw: bytes) -> None:
    assert text_of(raw) is None


def test_what_is_a_text() -> None:
    assert text_of("新县 𠮷".encode()) == "新县 𠮷"
    assert text_of(b"1" * LONGEST)


def test_triggers_are_the_published_bytes() -> None:
    assert (HONEYWELL.trigger.hex(), HONEYWELL.stop.hex()) == ("16540d", "16550d")
    assert NEWLAND.trigger == b"~\x010000#SCNTRG1;\x03"
    assert NEWLAND.find_answer(b"\x02\x010000#SCNTRG1\x06;\x03") is True
    assert NEWLAND.find_answer(b"\x02\x010000#SCNTRG1\x15;\x03") is False
    assert NEWLAND.find_answer(b"\x02\x010000#SCNTRG1") is None


@pytest.fixture(scope="module", params=["honeywell", "newland"])
def code_scanner(request: pytest.FixtureRequest) -> Iterator[SimulatorProcess]:
    simulator = SimulatorProcess("devices.qr.simulator", "--kind", request.param)
    yield simulator
    simulator.end()


@pytest.fixture
def open_reader(code_scanner: SimulatorProcess) -> Iterator[Callable[..., SerialQrReader]]:
    code_scanner.put("/faults", {})
    code_scanner.delete("/code")
    code_scanner.delete("/log")
    opened: list[SerialQrReader] = []

    def open_with(**settings: str) -> SerialQrReader:
        quick = {"look_s": "10", "idle_ms": "1000", "answer_ms": "2000", **settings}
        asked = "".join(f"&{name}={value}" for name, value in quick.items())
        opened.append(open_serial(DeviceUrl.parse(code_scanner.url + asked)))
        return opened[-1]

    yield open_with
    for each in opened:
        each.close()


Open = Callable[..., SerialQrReader]


def test_the_driver_is_a_reader(open_reader: Open) -> None:
    reader = open_reader()
    assert isinstance(reader, QrReader)
    assert reader.check().state is DeviceState.READY


@pytest.mark.parametrize(
    ("text", "pieces"), [(CODE, 0), (CODE, 1), ("新县 一件事 𠮷", 1), ("9" * 4000, 0), ("9" * 4000, 100)]
)
def test_a_code_is_read(open_reader: Open, code_scanner: SimulatorProcess, text: str, pieces: int) -> None:
    code_scanner.put("/faults", {"piece_bytes": pieces})
    code_scanner.put("/code", {"text": text})
    assert open_reader().read() == [text]


def test_the_light_goes_off_when_nothing_is_shown(open_reader: Open, code_scanner: SimulatorProcess) -> None:
    assert open_reader(look_s="0.1").read() == []
    assert _wait_for(lambda: len(code_scanner.get("/log")) == 2), "a trigger and a stop"
    code_scanner.put("/code", {"text": CODE})
    time.sleep(0.1)
    assert "sent" not in code_scanner.get("/log"), "it is still scanning"
    code_scanner.delete("/code")


def _wait_for(is_so: Callable[[], bool], limit_s: float = 5) -> bool:
    patience = Patience(limit_s)
    while not is_so() and patience.lasts():
        time.sleep(0.01)
    return is_so()


@pytest.mark.parametrize("cut", [1, 17, len(CODE)])
def test_half_a_code_is_no_code(open_reader: Open, code_scanner: SimulatorProcess, cut: int) -> None:
    code_scanner.put("/faults", {"cut_after_bytes": cut})
    code_scanner.put("/code", {"text": CODE})
    reader = open_reader(look_s="0.3", idle_ms="30")
    assert reader.read() == []
    code_scanner.put("/faults", {})
    code_scanner.put("/code", {"text": "NEXT"})
    assert reader.read() in ([], ["NEXT"])
    code_scanner.put("/code", {"text": "LAST"})
    assert reader.read() == ["LAST"]


def test_a_pause_in_the_middle_gives_nothing(open_reader: Open, code_scanner: SimulatorProcess) -> None:
    code_scanner.put("/faults", {"pause_after_bytes": 12, "pause_s": 0.2})
    code_scanner.put("/code", {"text": CODE})
    assert open_reader(look_s="0.5", idle_ms="30").read() == []


def test_control_bytes_are_no_text(open_reader: Open, code_scanner: SimulatorProcess) -> None:
    code_scanner.put("/code", {"hex": b"A\x1b[31mB".hex()})
    assert open_reader(look_s="0.3").read() == []


def test_a_scanner_that_refuses_says_so(open_reader: Open, code_scanner: SimulatorProcess) -> None:
    code_scanner.put("/faults", {"refuses": True})
    health = open_reader().check()
    assert (health.state, health.reason) == (DeviceState.ERROR, "reader_refused")


def test_two_programs_do_not_share_a_scanner(open_reader: Open) -> None:
    first, second = open_reader(look_s="0.1"), open_reader(look_s="0.1")
    assert first.read() == []
    with pytest.raises(DeviceError, match="reader_busy"):
        second.read()


def test_a_reader_that_looks_is_busy_and_says_so_at_once(open_reader: Open) -> None:
    reader = open_reader(look_s="1")
    looking = threading.Thread(target=reader.read)
    looking.start()
    try:
        assert _wait_for(lambda: reader.check().state is DeviceState.BUSY, 3)
    finally:
        looking.join()
    assert reader.check().state is DeviceState.READY


def test_a_scanner_that_scans_by_itself(start_simulator: Callable[..., SimulatorProcess]) -> None:
    simulator = start_simulator("devices.qr.simulator", "--kind", "plain")
    reader = open_serial(DeviceUrl.parse(simulator.url + "&look_s=0.5"))
    assert reader.check().state is DeviceState.READY
    simulator.put("/code", {"text": CODE})
    assert reader.read() == [CODE]
    simulator.put("/code", {"text": "OF THE LAST PERSON"})
    assert _wait_for(lambda: simulator.get("/log").count("sent") == 2)
    reader.clear()
    assert reader.read() == []
    reader.close()


@pytest.mark.parametrize("wrong", ["dialect=zebra", "suffix=none", "baud=fast", "look_s=-1"])
def test_a_wrong_setting_is_refused(wrong: str) -> None:
    with pytest.raises(BadDeviceUrl):
        open_serial(DeviceUrl.parse(f"qr+serial:/dev/null?{wrong}"))


def test_a_line_that_is_not_there(tmp_path: Path) -> None:
    reader = open_serial(DeviceUrl.parse(f"qr+serial:{tmp_path}/scanner"))
    assert reader.check().state is DeviceState.ABSENT
    with pytest.raises(DeviceError, match="reader_gone"):
        reader.read()
