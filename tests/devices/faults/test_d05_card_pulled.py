"""The card is pulled at any byte of any answer: nothing of it is kept, and the next try reads it whole."""

import time
from collections.abc import Callable

import pytest

from devices.errors import DeviceError
from devices.id_card.card import IdCard
from devices.id_card.sam_v import SamVReader
from devices.id_card.simulated_reader import MODULE_ID
from devices.simulator_process import SimulatorProcess
from devices.states import DeviceState
from devices.watch import CardEvent, CardPlaced, CardRemoved, CardUnreadable, CardWatcher
from tests.patience import Patience

from ..id_card_wires import HASTY, IS_ALL, WIRES, answer_or_reason, open_reader, read_in_three, take_bytes

# bytes in the answer to each command that touches the card
FIND, SELECT, READ, READ_WITH_FINGERPRINT, ADDRESS = 15, 19, 1295, 2321, 81
MOVED_TO = "河南省新县新搬的家"
FAULTS_OF_A_PULLED_CARD = {"card_absent", "card_lifted", "reader_restarted"}


def _cases() -> list[tuple[str, str, int]]:
    """Every byte on one wire, a share of them on the others: what differs there is the framing only."""
    lengths = {"2001": FIND, "2002": SELECT, "3001": READ, "3010": READ_WITH_FINGERPRINT, "3003": ADDRESS}
    cases = [("serial", command, at) for command, length in lengths.items() for at in take_bytes(length)]
    for wire in set(WIRES) - {"serial"}:
        step = 13 if IS_ALL else 431
        # the first places in and behind the head, where USB changes from one endpoint to the other
        places = {1, 6, 7, 8} if IS_ALL else {6, 7}
        cases += [(wire, "3001", at) for at in sorted({*range(1, READ, step), *places, READ - 1})]
    return sorted(cases)


@pytest.mark.parametrize(("wire", "command", "at"), _cases())
def test_nothing_of_a_pulled_card_is_kept(
    reader_simulator: SimulatorProcess, resident_card: IdCard, wire: str, command: str, at: int
) -> None:
    reader_simulator.put("/card", resident_card.to_json())
    reader = open_reader(reader_simulator, wire, HASTY)
    reader_simulator.put(
        "/faults", {"on": command, "times": 1, "lift_after_bytes": at, "newest_address": MOVED_TO}
    )
    asked = {"3010": reader.read_with_fingerprint, "3003": reader.read_newest_address}
    with pytest.raises(DeviceError) as caught:
        asked.get(command, reader.read)()
    assert caught.value.reason in FAULTS_OF_A_PULLED_CARD
    assert (caught.value.retryable, caught.value.mender) == (True, "citizen")
    assert reader.is_card_present() is False
    reader_simulator.put("/card", resident_card.to_json())
    assert read_in_three(reader) == resident_card
    reader.close()


@pytest.mark.parametrize("at", take_bytes(11, step=5))
def test_a_card_pulled_while_it_is_looked_for_is_absent(
    reader_simulator: SimulatorProcess, resident_card: IdCard, at: int
) -> None:
    reader_simulator.put("/card", resident_card.to_json())
    reader = open_reader(reader_simulator, "serial", HASTY)
    assert read_in_three(reader) == resident_card
    reader_simulator.put("/faults", {"on": "3003", "times": 1, "lift_after_bytes": at})
    assert answer_or_reason(reader.is_card_present) in {False, *FAULTS_OF_A_PULLED_CARD}
    assert reader.is_card_present() is False
    reader.close()


# the commands that ask the module and not the card are answered right, or not at all
MODULE_COMMANDS: dict[str, tuple[int, Callable[[SamVReader], object], object]] = {
    "11ff": (11, lambda reader: reader.check().state, DeviceState.READY),
    "12ff": (27, lambda reader: reader.read_module_id(), MODULE_ID),
    "10ff": (11, lambda reader: reader.reset(), None),
    "6000": (11, lambda reader: reader.set_speed(115200), None),
}


@pytest.mark.parametrize(
    ("command", "at"),
    [(command, at) for command, (length, _, _) in MODULE_COMMANDS.items() for at in take_bytes(length, 9)],
)
def test_the_module_is_heard_though_an_answer_broke_off(
    reader_simulator: SimulatorProcess, resident_card: IdCard, command: str, at: int
) -> None:
    reader_simulator.put("/card", resident_card.to_json())
    reader = open_reader(reader_simulator, "serial", HASTY)
    reader_simulator.put("/faults", {"on": command, "times": 1, "lift_after_bytes": at})
    _, ask, answer = MODULE_COMMANDS[command]
    outcome = answer_or_reason(lambda: ask(reader))
    assert outcome in (answer, DeviceState.ERROR, "reader_restarted", "reader_silent")
    assert reader.check().state is DeviceState.READY
    assert ask(reader) == answer
    reader.close()


@pytest.mark.parametrize("at", take_bytes(READ, step=97 if IS_ALL else 600))
def test_who_watches_is_told_of_whole_cards_only(
    reader_simulator: SimulatorProcess, resident_card: IdCard, other_card: IdCard, at: int
) -> None:
    events: list[CardEvent] = []
    reader_simulator.put("/faults", {"on": "3001", "times": 1, "lift_after_bytes": at})
    watcher = CardWatcher(lambda: open_reader(reader_simulator, "serial", HASTY), events.append, poll_s=0.02)
    watcher.start()
    reader_simulator.put("/card", resident_card.to_json())
    _await(lambda: any(isinstance(event, CardUnreadable) for event in events))
    reader_simulator.put("/card", other_card.to_json())
    _await(lambda: any(isinstance(event, CardPlaced) for event in events))
    reader_simulator.delete("/card")
    _await(lambda: isinstance(events[-1], CardRemoved))
    watcher.stop()
    assert [event.card for event in events if isinstance(event, CardPlaced)] == [other_card]


def _await(holds: Callable[[], bool]) -> None:
    patience = Patience(10)
    while not holds():
        assert patience.lasts()
        time.sleep(0.01)
