"""The reader is unplugged at any byte, and is found again by its serial number, not by its path."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devices.errors import DeviceError, Gone
from devices.id_card.card import IdCard
from devices.id_card.sam_v import SamVReader
from devices.simulator_process import SimulatorProcess
from devices.states import DeviceState
from devices.watch import CardEvent, CardPlaced, CardRemoved, CardWatcher, ReaderState
from tests.patience import Patience

from ..id_card_wires import IS_ALL, PATIENT, WIRES, open_reader, open_url, read_in_three, take_bytes

READ = 1295
PLUGGED = [wire for wire in WIRES if wire != "tcp"]


@pytest.fixture(scope="module")
def linked_simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorProcess]:
    """A reader whose tty has a name by its serial number, as udev gives it."""
    link = tmp_path_factory.mktemp("by-id") / "usb-simulated_card_reader_SIM-0001"
    simulator = SimulatorProcess("devices.id_card.simulator", "--link", str(link))
    yield simulator
    simulator.end()


@pytest.fixture
def simulator(linked_simulator: SimulatorProcess) -> Iterator[SimulatorProcess]:
    """Plugged in and well, with no card on it."""
    for wire in PLUGGED:
        _plug(linked_simulator, wire, is_in=True)
    linked_simulator.put("/faults", {})
    linked_simulator.delete("/card")
    yield linked_simulator
    linked_simulator.delete("/neighbour")


def _plug(simulator: SimulatorProcess, wire: str, *, is_in: bool) -> None:
    simulator.put("/plug", {"wire": wire, "is_in": is_in})


def _assert_gone(reader: SamVReader) -> None:
    for _ in range(2):
        with pytest.raises(Gone) as caught:
            reader.read()
        assert (caught.value.reason, caught.value.mender) == ("reader_gone", "technician")
    assert reader.check().state is DeviceState.ABSENT


@pytest.mark.parametrize("wire", PLUGGED)
def test_it_comes_back_under_another_number(
    simulator: SimulatorProcess, resident_card: IdCard, wire: str
) -> None:
    simulator.put("/card", resident_card.to_json())
    reader = open_reader(simulator, wire)
    assert reader.read() == resident_card
    _plug(simulator, wire, is_in=False)
    _assert_gone(reader)
    # what was its number is taken by something else before it is back
    other = os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY)
    simulator.put("/neighbour")
    _plug(simulator, wire, is_in=True)
    assert reader.read() == resident_card
    assert reader.check().state is DeviceState.READY
    reader.close()
    os.close(other)


def test_of_two_of_a_make_the_serial_number_decides(
    simulator: SimulatorProcess, resident_card: IdCard
) -> None:
    simulator.put("/card", resident_card.to_json())
    _plug(simulator, "usb", is_in=False)
    simulator.put("/neighbour")
    _plug(simulator, "usb", is_in=True)
    url = simulator.addresses["usb_url"]
    named, unnamed = open_url(url), open_url(url.replace(":SIM-0001", ""))
    assert named.read() == resident_card
    named.close()
    # without a serial number the first of the make is taken, and that one is not a reader that answers
    with pytest.raises(DeviceError) as caught:
        unnamed.read()
    assert caught.value.reason == "reader_silent"
    unnamed.close()


def _pulls() -> list[tuple[str, int]]:
    """Every byte on the tty; on USB the places about the head, and a share."""
    pulls: list[tuple[str, int]] = []
    for wire in PLUGGED:
        if wire == "serial":
            places = take_bytes(READ, step=431)
        else:
            places = sorted({0, 1, 6, 7, 8, *range(9, READ, 13), READ - 1}) if IS_ALL else [0, 7, READ - 1]
        pulls += [(wire, at) for at in places]
    return pulls


@pytest.mark.parametrize(("wire", "at"), _pulls())
def test_pulled_out_in_mid_read(
    simulator: SimulatorProcess, resident_card: IdCard, wire: str, at: int
) -> None:
    simulator.put("/card", resident_card.to_json())
    reader = open_reader(simulator, wire)
    simulator.put("/faults", {"on": "3001", "times": 1, "unplug_after_bytes": at})
    with pytest.raises(Gone):
        reader.read()
    assert reader.check().state is DeviceState.ABSENT
    _plug(simulator, wire, is_in=True)
    assert read_in_three(reader) == resident_card
    reader.close()


def test_a_serial_server_that_hangs_up_in_mid_read_is_gone_and_back(
    simulator: SimulatorProcess, resident_card: IdCard
) -> None:
    simulator.put("/card", resident_card.to_json())
    reader = open_reader(simulator, "tcp")
    for at in (0, 7, 600):
        simulator.put("/faults", {"on": "3001", "times": 1, "unplug_after_bytes": at})
        with pytest.raises(Gone):
            reader.read()
        assert reader.read() == resident_card
    reader.close()


@pytest.mark.parametrize("wire", ["serial", "usb"])
def test_who_watches_sees_it_go_and_come_back_by_itself(
    simulator: SimulatorProcess, resident_card: IdCard, wire: str
) -> None:
    simulator.put("/card", resident_card.to_json())
    events: list[CardEvent] = []
    watcher = CardWatcher(lambda: open_reader(simulator, wire, PATIENT), events.append, poll_s=0.02)
    watcher.start()
    _await(lambda: CardPlaced(resident_card) in events)
    _plug(simulator, wire, is_in=False)
    _await(lambda: watcher.health.state is DeviceState.ABSENT)
    assert CardRemoved() in events
    _plug(simulator, wire, is_in=True)
    _await(lambda: events.count(CardPlaced(resident_card)) == 2)
    watcher.stop()
    states = [event.health.state for event in events if isinstance(event, ReaderState)]
    assert states[-2:] == [DeviceState.ABSENT, DeviceState.READY]


def _await(holds: Callable[[], bool]) -> None:
    patience = Patience(10)
    while not holds():
        assert patience.lasts()
        time.sleep(0.01)


def test_a_name_that_points_nowhere_is_a_reader_that_is_gone(tmp_path: Path) -> None:
    link = tmp_path / "usb-reader"
    link.symlink_to(tmp_path / "no-such-tty")
    reader = open_url(f"idcard+serial:{link}")
    _assert_gone(reader)
