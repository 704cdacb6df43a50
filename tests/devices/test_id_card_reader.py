"""The card reader's contract, over the serial wire and over TCP, against the simulator's process."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devices.errors import DeviceError, Failed, Gone, NotReady, Refused, TimedOut
from devices.id_card.card import IdCard
from devices.id_card.port import IdCardReader
from devices.id_card.sam_v import SamVReader, open_serial, open_tcp
from devices.id_card.simulated_reader import MODULE_ID
from devices.simulator_process import SimulatorProcess
from devices.states import DeviceState
from devices.url import DeviceUrl

# short, so that a fault costs milliseconds; the ratios between the limits stay the wire's own
QUICK = {"patience": "0.3", "gap_ms": "50"}


def _open(simulator: SimulatorProcess, wire: str = "url") -> SamVReader:
    url = DeviceUrl.parse(simulator.addresses[wire])
    options = {**url.options, **QUICK}
    return {"url": open_serial, "tcp_url": open_tcp}[wire](DeviceUrl(url.scheme, url.target, options))


@pytest.fixture(params=["url", "tcp_url"], ids=["serial", "tcp"])
def reader(request: pytest.FixtureRequest, reader_simulator: SimulatorProcess) -> Iterator[SamVReader]:
    opened = _open(reader_simulator, request.param)
    yield opened
    opened.close()


@pytest.fixture
def placed(reader_simulator: SimulatorProcess, resident_card: IdCard) -> IdCard:
    reader_simulator.put("/card", resident_card.to_json())
    return resident_card


def _refused(reader: SamVReader) -> DeviceError:
    with pytest.raises(DeviceError) as caught:
        reader.read()
    assert caught.value.zh
    assert caught.value.en
    return caught.value


def test_the_driver_is_a_reader(reader: SamVReader) -> None:
    assert isinstance(reader, IdCardReader)
    assert reader.check().state is DeviceState.READY


def test_every_kind_of_card_is_read_whole(
    reader: SamVReader, reader_simulator: SimulatorProcess, any_card: IdCard
) -> None:
    reader_simulator.put("/card", any_card.to_json())
    assert reader.is_card_present()
    assert reader.read() == any_card


def test_no_card_is_an_answer_not_a_failure(reader: SamVReader) -> None:
    assert reader.is_card_present() is False
    error = _refused(reader)
    assert isinstance(error, NotReady)
    assert (error.reason, error.mender, error.retryable) == ("card_absent", "citizen", True)
    assert error.raw_status == "000080"


@pytest.mark.parametrize("finds_again", [True, False])
@pytest.mark.parametrize("answers_address", [True, False])
def test_a_lifted_card_is_noticed(
    reader: SamVReader,
    reader_simulator: SimulatorProcess,
    placed: IdCard,
    finds_again: bool,
    answers_address: bool,
) -> None:
    traits = {"finds_read_card_again": finds_again, "answers_address": answers_address}
    reader_simulator.put("/faults", traits)
    assert reader.read() == placed
    if answers_address:
        assert [reader.is_card_present() for _ in range(3)] == [True, True, True]
    reader_simulator.delete("/card")
    assert reader.is_card_present() is False
    assert reader.is_card_present() is False


def test_a_card_exchanged_between_two_looks_is_absent_once(
    reader: SamVReader, reader_simulator: SimulatorProcess, placed: IdCard, other_card: IdCard
) -> None:
    assert reader.read() == placed
    reader_simulator.put("/card", other_card.to_json())
    assert reader.is_card_present() is False
    assert reader.is_card_present() is True
    assert reader.read() == other_card


def test_a_card_can_be_read_again(reader: SamVReader, placed: IdCard) -> None:
    assert [reader.read() for _ in range(3)] == [placed] * 3


def test_the_rest_of_the_commands(
    reader: SamVReader, reader_simulator: SimulatorProcess, placed: IdCard
) -> None:
    assert reader.read_module_id() == MODULE_ID
    reader.reset()
    reader.set_speed(115200)
    assert reader.read_newest_address() is None
    reader_simulator.put("/faults", {"newest_address": "河南省新县新搬的家"})
    assert reader.read_newest_address() == "河南省新县新搬的家"
    for length in (0, 512, 1024):
        reader_simulator.put("/faults", {"fingerprint_bytes": length})
        assert reader.read_with_fingerprint() == (placed, bytes(length))


def test_a_reader_that_sends_card_serial_numbers(
    reader: SamVReader, reader_simulator: SimulatorProcess, placed: IdCard
) -> None:
    reader_simulator.put("/faults", {"serial_numbers": "0102030405060708"})
    assert reader.read() == placed


# D5: the read's answer is 7 bytes of head, 3 of status, 4 of lengths, 256 of text, 1024 of photo, 1 of XOR
STAGES = [0, 1, 4, 5, 6, 7, 9, 10, 13, 14, 44, 130, 269, 270, 700, 1293, 1294]


@pytest.mark.parametrize("after", STAGES)
def test_a_card_lifted_in_mid_read_leaves_nothing(
    reader: SamVReader, reader_simulator: SimulatorProcess, placed: IdCard, after: int
) -> None:
    reader_simulator.put("/faults", {"on": "3001", "times": 1, "lift_after_bytes": after})
    error = _refused(reader)
    # with not one byte sent the reader seems dead, is reset, and says so; else the second asking tells
    assert error.reason == ("card_lifted" if after else "reader_restarted")
    assert error.retryable
    assert error.mender == "citizen"
    reader_simulator.put("/card", placed.to_json())
    assert reader.read() == placed


@pytest.mark.parametrize("command", ["2001", "2002"])
@pytest.mark.parametrize("after", [0, 3, 8, 10])
def test_a_card_lifted_before_the_read_leaves_nothing(
    reader: SamVReader, reader_simulator: SimulatorProcess, placed: IdCard, command: str, after: int
) -> None:
    reader_simulator.put("/faults", {"on": command, "times": 1, "lift_after_bytes": after})
    assert _refused(reader).reason in ("card_absent", "card_lifted", "reader_restarted")
    reader_simulator.put("/card", placed.to_json())
    assert reader.read() == placed


# D6: what a bad line does to an answer without any harm done
@pytest.mark.parametrize(
    "fault",
    [
        {"garbage_before": "00ff55aa"},
        {"garbage_before": "aaaaaa9669"},
        {"garbage_before": "aaaaaa96690004000090"},
        {"garbage_before": "aaaa", "garbage_after": "aaaaaa96"},
        {"garbage_after": "ff" * 40},
        {"piece_bytes": 1},
        {"piece_bytes": 7},
        {"is_glued": True},
        {"times": 1, "wrong_checksum": True},
        {"times": 1, "cut_after_bytes": 9},
        {"times": 1, "status": "000010"},
        {"delay_s": 0.02},
    ],
    ids=str,
)
def test_a_bad_line_is_outlived(
    reader: SamVReader, reader_simulator: SimulatorProcess, placed: IdCard, fault: dict[str, object]
) -> None:
    if "times" in fault:
        fault = {**fault, "on": "3001"}
    reader_simulator.put("/faults", fault)
    assert reader.read() == placed
    assert reader.is_card_present()


def test_a_line_that_stays_bad_is_said_to_be(
    reader: SamVReader, reader_simulator: SimulatorProcess, placed: IdCard
) -> None:
    reader_simulator.put("/faults", {"wrong_checksum": True})
    error = _refused(reader)
    assert isinstance(error, Failed)
    assert (error.reason, error.mender) == ("reply_garbled", "technician")
    assert reader.bad_frames >= 2


@pytest.mark.parametrize(
    ("command", "status", "reason", "kind"),
    [
        ("2001", "000080", "card_absent", NotReady),
        ("2002", "000081", "card_lifted", Failed),
        ("2002", "6A8231", "card_refused", Refused),
        ("2002", "6A8232", "card_refused", Refused),
        ("3001", "6A8233", "card_refused", Refused),
        ("3001", "000040", "card_wrong_kind", Refused),
        ("3001", "6A8241", "card_lifted", Failed),
        ("3001", "6A8247", "card_lifted", Failed),
        ("3001", "000021", "reader_refused", Refused),
        ("3001", "000023", "reader_refused", Refused),
        ("3001", "000024", "reader_refused", Refused),
        ("3001", "0000EE", "reader_refused", Refused),
        ("3001", "000011", "reply_garbled", Failed),
        ("2001", "000060", "reader_faulty", Failed),
        ("2001", "000066", "reader_faulty", Failed),
    ],
)
def test_every_published_word_has_its_reason(
    reader: SamVReader,
    reader_simulator: SimulatorProcess,
    placed: IdCard,
    command: str,
    status: str,
    reason: str,
    kind: type[DeviceError],
) -> None:
    reader_simulator.put("/faults", {"on": command, "status": status})
    error = _refused(reader)
    assert error.reason == reason
    assert isinstance(error, kind)


@pytest.mark.parametrize("at", [31, 37, 123, 157, 188, 205, 249])
def test_a_card_whose_text_is_spoilt_is_damaged(
    reader: SamVReader, reader_simulator: SimulatorProcess, placed: IdCard, at: int
) -> None:
    # the frame's own checksum is right: only the card's content is not
    reader_simulator.put("/faults", {"on": "3001", "corrupt_text_byte": at})
    error = _refused(reader)
    assert (error.reason, error.mender, error.retryable) == ("card_damaged", "attendant", False)
    assert placed.id_number not in str(error)


def test_a_failed_self_test_is_health_not_an_exception(
    reader: SamVReader, reader_simulator: SimulatorProcess
) -> None:
    reader_simulator.put("/faults", {"self_test_fails": True})
    bad = reader.check()
    assert (bad.state, bad.reason) == (DeviceState.ERROR, "reader_faulty")
    time.sleep(0.01)
    assert reader.check().since_at == bad.since_at
    reader_simulator.put("/faults", {})
    assert reader.check().state is DeviceState.READY


# D8
def test_a_silent_reader_is_reset_once_then_down(
    reader: SamVReader, reader_simulator: SimulatorProcess, placed: IdCard
) -> None:
    reader_simulator.put("/faults", {"is_silent": True})
    reader_simulator.delete("/log")
    begun = time.monotonic()
    error = _refused(reader)
    assert isinstance(error, TimedOut)
    assert (error.reason, error.mender) == ("reader_silent", "technician")
    assert time.monotonic() - begun < 3
    asked = [entry["command"] for entry in reader_simulator.get("/log")]
    assert asked == ["2001", "10ff"]


def test_a_reader_that_wakes_on_reset_says_so(
    reader: SamVReader, reader_simulator: SimulatorProcess, placed: IdCard
) -> None:
    reader_simulator.put("/faults", {"on": "3001", "is_silent": True, "times": 1})
    assert _refused(reader).reason == "reader_restarted"
    assert reader.read() == placed


def test_a_frozen_process_is_silent_and_comes_back(
    start_simulator: Callable[..., SimulatorProcess], resident_card: IdCard
) -> None:
    simulator = start_simulator("devices.id_card.simulator")
    simulator.put("/card", resident_card.to_json())
    reader = _open(simulator)
    assert reader.read() == resident_card
    simulator.process.send_signal(signal.SIGSTOP)
    assert _refused(reader).reason == "reader_silent"
    simulator.process.send_signal(signal.SIGCONT)
    assert reader.read() == resident_card
    reader.close()


# D7
def test_an_unplugged_reader_is_gone_and_comes_back_by_its_link(
    start_simulator: Callable[..., SimulatorProcess], resident_card: IdCard, tmp_path: Path
) -> None:
    simulator = start_simulator("devices.id_card.simulator", "--link", str(tmp_path / "reader"))
    simulator.put("/card", resident_card.to_json())
    reader = _open(simulator)
    assert reader.read() == resident_card
    simulator.put("/plug", {"is_in": False})
    for _ in range(2):
        error = _refused(reader)
        assert isinstance(error, Gone)
        assert error.reason == "reader_gone"
    assert reader.check().state is DeviceState.ABSENT
    holder = os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY)  # takes the freed number: another path must do
    simulator.put("/plug", {"is_in": True})
    assert reader.read() == resident_card
    reader.close()
    os.close(holder)


@pytest.mark.parametrize("after", [0, 5, 11, 600, 1294])
@pytest.mark.parametrize("wire", ["url", "tcp_url"])
def test_a_reader_pulled_out_in_mid_read_is_gone(
    start_simulator: Callable[..., SimulatorProcess], resident_card: IdCard, after: int, wire: str
) -> None:
    simulator = start_simulator("devices.id_card.simulator")
    simulator.put("/card", resident_card.to_json())
    simulator.put("/faults", {"on": "3001", "times": 1, "unplug_after_bytes": after})
    reader = _open(simulator, wire)
    assert _refused(reader).reason == "reader_gone"
    reader.close()


def test_a_port_that_is_no_reader_is_gone() -> None:
    assert _refused(open_serial(DeviceUrl.parse("idcard+serial:/dev/no-such-port"))).reason == "reader_gone"
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert _refused(open_tcp(DeviceUrl.parse(f"idcard+tcp://127.0.0.1:{port}"))).reason == "reader_gone"


def test_one_port_has_one_holder(reader_simulator: SimulatorProcess, placed: IdCard) -> None:
    first, second = _open(reader_simulator), _open(reader_simulator)
    assert first.read() == placed
    error = _refused(second)
    assert isinstance(error, NotReady)
    assert error.reason == "reader_busy"
    first.close()
    assert second.read() == placed
    second.close()


def test_the_driver_spends_no_time_of_its_own(reader_simulator: SimulatorProcess, placed: IdCard) -> None:
    # at 115200 baud: find 15, select 19 and read 1295 bytes answered, three requests of 10 asked
    wire_s = (15 + 19 + 1295 + 30) * 10 / 115200
    reader = _open(reader_simulator)
    reader_simulator.put("/faults", {"baud": 115200})
    taken = []
    for _ in range(5):
        begun = time.monotonic()
        assert reader.read() == placed
        taken.append(time.monotonic() - begun)
    reader.close()
    assert min(taken) < 1.15 * wire_s
