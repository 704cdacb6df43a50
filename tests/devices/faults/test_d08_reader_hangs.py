"""The reader's firmware hangs: each step has its time limit, one reset is tried, then it is down."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from devices.errors import TimedOut
from devices.id_card import commands
from devices.id_card.card import IdCard
from devices.id_card.sam_v import SamVReader
from devices.simulator_process import SimulatorProcess
from devices.states import DeviceState
from devices.watch import CardEvent, CardPlaced, CardRemoved, CardUnreadable, CardWatcher
from tests.patience import Patience

from ..id_card_wires import HASTY, IS_ALL, PATIENT, WIRES, answer_or_reason, open_reader, read_in_three

PATIENCE = float(HASTY["patience"])
# a simulator's USB bus is asked over TCP, which waits a little longer for each transfer than libusb would
USB_MARGIN_S = 0.15
# what a loaded machine adds; a wait without an end would be far beyond it
SLACK_S = 2.0

ASKED: dict[str, Callable[[SamVReader], object]] = {
    "2001": lambda reader: reader.read(),
    "2002": lambda reader: reader.read(),
    "3001": lambda reader: reader.read(),
    "3010": lambda reader: reader.read_with_fingerprint(),
    "3003": lambda reader: reader.read_newest_address(),
    "12ff": lambda reader: reader.read_module_id(),
    "10ff": lambda reader: reader.reset(),
    "6000": lambda reader: reader.set_speed(115200),
}
# silence costs its whole time limit: without FAULTS=all the dear ones once, the cheapest on every wire
ALL_CASES = [(wire, command) for wire in WIRES for command in ASKED]
CASES = [("serial", each) for each in ("2001", "2002", "3001", "3003", "10ff")] + [
    (wire, "12ff") for wire in WIRES
]


@pytest.fixture(scope="module")
def freezable() -> Iterator[SimulatorProcess]:
    simulator = SimulatorProcess("devices.id_card.simulator")
    yield simulator
    simulator.process.send_signal(signal.SIGCONT)
    simulator.end()


@contextmanager
def _frozen(simulator: SimulatorProcess) -> Iterator[None]:
    simulator.process.send_signal(signal.SIGSTOP)
    # the signal takes its time to reach the last thread
    os.waitid(os.P_PID, simulator.process.pid, os.WSTOPPED | os.WNOWAIT)
    try:
        yield
    finally:
        simulator.process.send_signal(signal.SIGCONT)


@pytest.mark.parametrize(("wire", "command"), ALL_CASES if IS_ALL else CASES)
def test_each_step_ends_in_time_and_resets_once(
    reader_simulator: SimulatorProcess, resident_card: IdCard, wire: str, command: str
) -> None:
    reader_simulator.put("/card", resident_card.to_json())
    reader = open_reader(reader_simulator, wire, HASTY)
    # silent from this command on, whatever is asked afterwards
    reader_simulator.put("/faults", {"silent_from": command})
    reader_simulator.delete("/log")
    begun = time.monotonic()
    with pytest.raises(TimedOut) as caught:
        ASKED[command](reader)
    taken_s = time.monotonic() - begun
    assert (caught.value.reason, caught.value.mender) == ("reader_silent", "technician")
    asked = [entry["command"] for entry in reader_simulator.get("/log")]
    assert asked.count(command) == 1
    assert asked.count("10ff") == 1
    assert asked[-1] == "10ff"
    limits_s = sum(_limit_s(each) for each in asked)
    assert taken_s < limits_s * PATIENCE + SLACK_S
    reader_simulator.put("/faults", {})
    assert read_in_three(reader) == resident_card
    reader.close()


def _limit_s(code: str) -> float:
    known = [each for each in vars(commands).values() if isinstance(each, commands.Command)]
    return next((each.limit_s for each in known if each.code.hex() == code), 1.0)


@pytest.mark.parametrize("command", ["2001", "3001"] if IS_ALL else ["2001"])
def test_a_reader_that_wakes_on_reset_asks_for_the_card_anew(
    reader_simulator: SimulatorProcess, resident_card: IdCard, command: str
) -> None:
    reader_simulator.put("/card", resident_card.to_json())
    reader = open_reader(reader_simulator, "serial", HASTY)
    reader_simulator.put("/faults", {"on": command, "is_silent": True, "times": 1})
    assert answer_or_reason(reader.read) == "reader_restarted"
    assert read_in_three(reader) == resident_card
    reader.close()


@pytest.mark.parametrize("wire", WIRES if IS_ALL else ["serial", "usb"])
def test_a_frozen_reader_is_down_and_comes_back(
    freezable: SimulatorProcess, resident_card: IdCard, wire: str
) -> None:
    freezable.put("/card", resident_card.to_json())
    reader = open_reader(freezable, wire, HASTY)
    assert read_in_three(reader) == resident_card
    begun = time.monotonic()
    with _frozen(freezable):
        assert answer_or_reason(reader.read) == "reader_silent"
        assert reader.check().reason == "reader_silent"
        taken_s = time.monotonic() - begun
    limits_s = (commands.FIND.limit_s + commands.STATUS.limit_s + 2 * commands.RESET.limit_s) * PATIENCE
    # on USB a reader that hangs does not even take the request, which has a limit of its own
    margin_s = 2 * 0.5 + 12 * USB_MARGIN_S if wire.startswith("usb") else 0
    assert taken_s < limits_s + margin_s + SLACK_S
    assert read_in_three(reader) == resident_card
    reader.close()


def test_nothing_waits_for_a_frozen_reader(freezable: SimulatorProcess, resident_card: IdCard) -> None:
    freezable.put("/card", resident_card.to_json())
    events: list[CardEvent] = []
    watcher = CardWatcher(lambda: open_reader(freezable, "serial", HASTY), events.append, poll_s=0.02)
    watcher.start()
    _await(lambda: CardPlaced(resident_card) in events)
    with _frozen(freezable):
        longest_s, begun = 0.0, time.monotonic()
        while watcher.health.state is not DeviceState.ERROR:
            # what the screen asks is answered while the reader's own thread waits
            asked_at = time.monotonic()
            assert asked_at - begun < 10
            _ = watcher.health.reason
            longest_s = max(longest_s, time.monotonic() - asked_at)
            time.sleep(0.005)
        assert longest_s < 0.5
        assert watcher.health.reason == "reader_silent"
        assert CardRemoved() in events
    _await(lambda: events.count(CardPlaced(resident_card)) == 2)
    assert not any(isinstance(event, CardUnreadable) for event in events)
    with _frozen(freezable):
        begun = time.monotonic()
        watcher.stop()
        assert time.monotonic() - begun < 4 + SLACK_S


def test_a_slow_reader_is_waited_for(reader_simulator: SimulatorProcess, resident_card: IdCard) -> None:
    reader_simulator.put("/card", resident_card.to_json())
    reader_simulator.put("/faults", {"on": "3001", "delay_s": 0.4})
    reader = open_reader(reader_simulator, "serial", PATIENT)
    assert reader.read() == resident_card
    reader.close()


def _await(holds: Callable[[], bool]) -> None:
    patience = Patience(10)
    while not holds():
        assert patience.lasts()
        time.sleep(0.01)
