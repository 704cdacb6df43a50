"""What the watcher tells, over the real driver and the simulator's process."""

import logging
import queue
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devices.errors import DeviceError
from devices.id_card.card import IdCard
from devices.id_card.port import IdCardReader
from devices.id_card.sam_v import open_serial
from devices.simulator_process import SimulatorProcess
from devices.states import DeviceState
from devices.url import DeviceUrl
from devices.watch import CardEvent, CardPlaced, CardRemoved, CardUnreadable, CardWatcher, ReaderState
from tests.patience import Patience


class Watch:
    """A running watcher and what it has told."""

    def __init__(self, open_reader: Callable[[], IdCardReader], misses: int = 2) -> None:
        self.told: queue.Queue[CardEvent] = queue.Queue()
        self.watcher = CardWatcher(open_reader, self.told.put, poll_s=0.02, misses=misses)

    def next(self, limit_s: float = 5) -> CardEvent:
        return self.told.get(timeout=limit_s)

    def states(self, *wanted: DeviceState) -> None:
        for state in wanted:
            event = self.next()
            assert isinstance(event, ReaderState)
            assert event.health.state is state

    def is_quiet(self, for_s: float = 0.15) -> bool:
        time.sleep(for_s)
        return self.told.empty()


@pytest.fixture
def watch_url() -> Iterator[Callable[..., Watch]]:
    """Watch the reader at a URL until the test ends."""
    started: list[Watch] = []

    def watch(url: str) -> Watch:
        quick = DeviceUrl.parse(url + "&patience=0.3&gap_ms=50")
        started.append(Watch(lambda: open_serial(quick)))
        started[-1].watcher.start()
        return started[-1]

    yield watch
    for each in started:
        each.watcher.stop()


@pytest.fixture
def watch(watch_url: Callable[..., Watch], reader_simulator: SimulatorProcess) -> Watch:
    started = watch_url(reader_simulator.url)
    started.states(DeviceState.CONNECTING, DeviceState.READY)
    return started


def test_a_card_comes_stays_and_goes(
    watch: Watch, reader_simulator: SimulatorProcess, any_card: IdCard
) -> None:
    assert watch.is_quiet()
    reader_simulator.put("/card", any_card.to_json())
    assert watch.next() == CardPlaced(any_card)
    assert watch.is_quiet()
    reader_simulator.delete("/card")
    assert watch.next() == CardRemoved()
    assert watch.is_quiet()


@pytest.mark.parametrize("finds_again", [True, False])
def test_another_card_is_another_card_at_once(
    watch: Watch,
    reader_simulator: SimulatorProcess,
    resident_card: IdCard,
    other_card: IdCard,
    finds_again: bool,
) -> None:
    reader_simulator.put("/faults", {"finds_read_card_again": finds_again})
    reader_simulator.put("/card", resident_card.to_json())
    assert watch.next() == CardPlaced(resident_card)
    reader_simulator.put("/card", other_card.to_json())
    assert watch.next() == CardRemoved()
    assert watch.next() == CardPlaced(other_card)
    assert watch.is_quiet()


def test_the_same_card_after_one_missed_look_never_left(
    watch: Watch, reader_simulator: SimulatorProcess, resident_card: IdCard
) -> None:
    reader_simulator.put("/card", resident_card.to_json())
    assert watch.next() == CardPlaced(resident_card)
    reader_simulator.delete("/log")
    reader_simulator.put("/card", resident_card.to_json())  # lifted and laid back between two looks
    assert watch.is_quiet()
    log = reader_simulator.get("/log")
    assert {"command": "3003", "status": "000041", "bytes": 3} in log
    assert "3001" in [entry["command"] for entry in log], "it must be read again to know it"


@pytest.mark.parametrize("after", [1, 9, 200, 1294])
def test_a_card_pulled_in_mid_read_is_never_placed(
    watch: Watch, reader_simulator: SimulatorProcess, resident_card: IdCard, after: int
) -> None:
    reader_simulator.put("/faults", {"on": "3001", "times": 1, "lift_after_bytes": after})
    reader_simulator.put("/card", resident_card.to_json())
    event = watch.next()
    assert isinstance(event, CardUnreadable)
    assert event.error.reason == "card_lifted"
    assert watch.is_quiet()
    reader_simulator.put("/card", resident_card.to_json())
    assert watch.next() == CardPlaced(resident_card)


def test_a_damaged_card_is_told_once_and_again_when_laid_again(
    watch: Watch, reader_simulator: SimulatorProcess, resident_card: IdCard
) -> None:
    reader_simulator.put("/faults", {"on": "3001", "corrupt_text_byte": 123})
    for _ in range(2):
        reader_simulator.put("/card", resident_card.to_json())
        event = watch.next()
        assert isinstance(event, CardUnreadable)
        assert event.error.reason == "card_damaged"
        assert watch.is_quiet()
        reader_simulator.delete("/card")
        assert watch.is_quiet()


def test_a_damaged_card_in_place_of_a_good_one_takes_it_away(
    watch: Watch, reader_simulator: SimulatorProcess, resident_card: IdCard, other_card: IdCard
) -> None:
    reader_simulator.put("/card", resident_card.to_json())
    assert watch.next() == CardPlaced(resident_card)
    reader_simulator.put("/faults", {"on": "3001", "corrupt_text_byte": 123})
    reader_simulator.put("/card", other_card.to_json())
    assert watch.next() == CardRemoved()
    assert isinstance(watch.next(), CardUnreadable)


def test_no_reader_at_the_start_holds_nothing_up(
    watch_url: Callable[..., Watch],
    start_simulator: Callable[..., SimulatorProcess],
    tmp_path: Path,
    resident_card: IdCard,
) -> None:
    link = tmp_path / "reader"
    begun = time.monotonic()
    watch = watch_url(f"idcard+serial:{link}?baud=115200")
    assert time.monotonic() - begun < 0.5
    watch.states(DeviceState.CONNECTING, DeviceState.ABSENT)
    assert watch.is_quiet()
    simulator = start_simulator("devices.id_card.simulator", "--link", str(link))
    watch.states(DeviceState.READY)
    simulator.put("/card", resident_card.to_json())
    assert watch.next() == CardPlaced(resident_card)


def test_an_unplugged_reader_takes_the_card_with_it_and_comes_back(
    watch_url: Callable[..., Watch],
    start_simulator: Callable[..., SimulatorProcess],
    tmp_path: Path,
    resident_card: IdCard,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "devices.watch")
    simulator = start_simulator("devices.id_card.simulator", "--link", str(tmp_path / "reader"))
    watch = watch_url(simulator.url)
    watch.states(DeviceState.CONNECTING, DeviceState.READY)
    simulator.put("/card", resident_card.to_json())
    assert watch.next() == CardPlaced(resident_card)
    simulator.put("/plug", {"is_in": False})
    assert watch.next() == CardRemoved()
    watch.states(DeviceState.ABSENT)
    assert watch.is_quiet(0.3)
    simulator.put("/plug", {"is_in": True})
    watch.states(DeviceState.READY)
    assert watch.next() == CardPlaced(resident_card)
    said = [record.getMessage() for record in caplog.records if record.name == "devices.watch"]
    assert said == ["card reader is ready ", "card reader is absent reader_gone", "card reader is ready "]
    assert resident_card.id_number not in caplog.text


def test_a_silent_reader_is_an_error_and_then_well(watch: Watch, reader_simulator: SimulatorProcess) -> None:
    reader_simulator.put("/faults", {"is_silent": True})
    event = watch.next()
    assert isinstance(event, ReaderState)
    assert (event.health.state, event.health.reason) == (DeviceState.ERROR, "reader_silent")
    assert watch.watcher.health == event.health
    reader_simulator.put("/faults", {})
    # Its first answers may be those of a reader that has just started.
    while event.health.state is not DeviceState.READY:
        event = watch.next()
        assert isinstance(event, ReaderState)
        assert event.health.reason in ("", "reader_restarted")


def test_a_driver_that_breaks_is_an_error_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    def break_down() -> IdCardReader:
        raise ZeroDivisionError

    watch = Watch(break_down)
    watch.watcher.start()
    watch.states(DeviceState.CONNECTING, DeviceState.ERROR)
    assert watch.is_quiet()
    watch.watcher.stop()
    assert [record.exc_info is not None for record in caplog.records if record.levelname == "ERROR"] == [True]


def test_a_listener_that_fails_does_not_end_the_watch(
    reader_simulator: SimulatorProcess, resident_card: IdCard
) -> None:
    placed: list[CardEvent] = []

    def listen(event: CardEvent) -> None:
        placed.append(event)
        raise RuntimeError("the listener is at fault")

    watcher = CardWatcher(
        lambda: open_serial(DeviceUrl.parse(reader_simulator.url)), listen, poll_s=0.02, misses=2
    )
    watcher.start()
    reader_simulator.put("/card", resident_card.to_json())
    patience = Patience(5)
    while CardPlaced(resident_card) not in placed and patience.lasts():
        time.sleep(0.01)
    watcher.stop()
    assert CardPlaced(resident_card) in placed


def test_a_stopped_watcher_lets_the_port_go(reader_simulator: SimulatorProcess, watch: Watch) -> None:
    watch.watcher.stop()
    reader = open_serial(DeviceUrl.parse(reader_simulator.url))
    try:
        assert reader.is_card_present() is False
    except DeviceError as error:
        pytest.fail(f"the port is still held: {error}")
    finally:
        reader.close()
