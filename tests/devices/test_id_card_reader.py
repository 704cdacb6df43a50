"""The card reader's contract, over each of its wires, against the simulator's process."""

import socket
import time
from collections.abc import Iterator

import pytest

from devices.errors import DeviceError, Failed, NotReady, Refused
from devices.id_card.card import IdCard
from devices.id_card.port import IdCardReader
from devices.id_card.sam_v import SamVReader, open_serial, open_tcp
from devices.id_card.simulated_reader import MODULE_ID
from devices.simulator_process import SimulatorProcess
from devices.states import DeviceState
from devices.url import DeviceUrl

from .id_card_wires import WIRES, open_reader


@pytest.fixture(params=WIRES)
def reader(request: pytest.FixtureRequest, reader_simulator: SimulatorProcess) -> Iterator[SamVReader]:
    opened = open_reader(reader_simulator, request.param)
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


TRAITS = [
    {"finds_read_card_again": finds, "answers_address": answers}
    for finds in (True, False)
    for answers in (True, False)
]


@pytest.mark.parametrize("traits", TRAITS, ids=str)
def test_a_card_lies_there_until_it_is_lifted(
    reader: SamVReader, reader_simulator: SimulatorProcess, placed: IdCard, traits: dict[str, bool]
) -> None:
    reader_simulator.put("/faults", traits)
    assert reader.is_card_present()
    assert reader.read() == placed
    assert [reader.is_card_present() for _ in range(3)] == [True, True, True]
    reader_simulator.delete("/card")
    assert [reader.is_card_present() for _ in range(2)] == [False, False]
    reader_simulator.put("/card", placed.to_json())
    assert reader.is_card_present()


@pytest.mark.parametrize("traits", TRAITS, ids=str)
def test_a_card_exchanged_between_two_looks_is_absent_once(
    reader: SamVReader,
    reader_simulator: SimulatorProcess,
    placed: IdCard,
    other_card: IdCard,
    traits: dict[str, bool],
) -> None:
    reader_simulator.put("/faults", traits)
    assert reader.read() == placed
    reader_simulator.put("/card", other_card.to_json())
    assert reader.is_card_present() is False
    assert reader.is_card_present() is True
    assert reader.read() == other_card
    assert reader.is_card_present() is True


@pytest.mark.parametrize("traits", TRAITS, ids=str)
def test_a_card_can_be_read_again(
    reader: SamVReader, reader_simulator: SimulatorProcess, placed: IdCard, traits: dict[str, bool]
) -> None:
    reader_simulator.put("/faults", traits)
    assert [reader.read() for _ in range(3)] == [placed] * 3


def test_the_rest_of_the_commands(
    reader: SamVReader, reader_simulator: SimulatorProcess, placed: IdCard
) -> None:
    assert reader.read_module_id() == MODULE_ID
    reader.reset()
    assert reader.read_newest_address() is None
    reader_simulator.put("/faults", {"newest_address": "河南省新县新搬的家"})
    assert reader.read_newest_address() == "河南省新县新搬的家"
    for length in (0, 512, 1024):
        reader_simulator.put("/faults", {"fingerprint_bytes": length})
        assert reader.read_with_fingerprint() == placed


def test_a_reader_that_sends_card_serial_numbers(
    reader: SamVReader, reader_simulator: SimulatorProcess, placed: IdCard
) -> None:
    reader_simulator.put("/faults", {"serial_numbers": "0102030405060708"})
    assert reader.read() == placed


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


def test_a_port_that_is_no_reader_is_gone() -> None:
    assert _refused(open_serial(DeviceUrl.parse("idcard+serial:/dev/no-such-port"))).reason == "reader_gone"
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert _refused(open_tcp(DeviceUrl.parse(f"idcard+tcp://127.0.0.1:{port}"))).reason == "reader_gone"


@pytest.mark.parametrize("wire", ["serial", "usb", "usb_pair"])
def test_one_port_has_one_holder(reader_simulator: SimulatorProcess, placed: IdCard, wire: str) -> None:
    first, second = open_reader(reader_simulator, wire), open_reader(reader_simulator, wire)
    assert first.read() == placed
    error = _refused(second)
    assert isinstance(error, NotReady)
    assert error.reason == "reader_busy"
    first.close()
    assert second.read() == placed
    second.close()


@pytest.mark.parametrize("baud", [57600, 38400, 19200, 9600])
def test_both_ends_change_their_speed(reader_simulator: SimulatorProcess, placed: IdCard, baud: int) -> None:
    reader = open_reader(reader_simulator, "serial")
    reader.set_speed(baud)
    assert reader.read() == placed
    reader.set_speed(115200)
    assert reader.read() == placed
    reader.close()


def test_a_reader_not_heard_at_the_new_speed_is_heard_at_the_old(
    reader_simulator: SimulatorProcess, placed: IdCard
) -> None:
    reader = open_reader(reader_simulator, "serial")
    reader_simulator.put("/faults", {"changes_speed": False})
    with pytest.raises(DeviceError) as caught:
        reader.set_speed(9600)
    assert caught.value.reason == "speed_refused"
    assert reader.read() == placed
    with pytest.raises(KeyError):
        reader.set_speed(1200)
    reader.close()


def test_a_reader_at_another_speed_is_found(reader_simulator: SimulatorProcess, placed: IdCard) -> None:
    reader = open_reader(reader_simulator, "serial")
    reader.set_speed(19200)
    reader.close()  # and opened again at the speed of its URL, which the reader no longer has
    assert reader.check().reason == "reader_silent"
    assert reader.find_speed() == 19200
    assert reader.read() == placed
    reader.set_speed(115200)
    reader.close()
