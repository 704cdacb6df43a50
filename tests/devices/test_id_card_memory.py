"""What a card said stays in the card's object: not in the memory behind it, no log, no error, no repr."""

import logging
import re
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from devices.errors import DeviceError
from devices.id_card.card import IdCard
from devices.id_card.simulated_reader import FINGERPRINT
from devices.id_card.text_block import encode_text_block
from devices.simulator_process import SimulatorProcess
from devices.watch import CardEvent, CardWatcher

from .id_card_wires import PATIENT, WIRES, open_reader

ROOT = Path(__file__).parents[2]


@contextmanager
def _holder(url: str, command: str, *, holds_raw: bool = False) -> Iterator[int]:
    """The process id of a program that has read the card and holds it."""
    asked = [url, command, "yes" if holds_raw else "no"]
    holder = subprocess.Popen(
        [sys.executable, "-m", "tests.devices.id_card_holder", *asked],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert holder.stdin
    assert holder.stdout
    try:
        assert holder.stdout.readline() == "read\n"
        yield holder.pid
    finally:
        holder.stdin.close()
        holder.wait(20)
        holder.stdout.close()


def _read_memory(pid: int) -> Iterator[bytes]:
    """Every writable stretch of a process's memory."""
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            stretch = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if stretch and "[v" not in line:
                begins, ends = (int(each, 16) for each in stretch.groups())
                memory.seek(begins)
                yield memory.read(ends - begins)


def _raw_parts(card: IdCard) -> dict[str, bytes]:
    """Stretches of the card's raw block that decoded text does not look like in memory."""
    block = encode_text_block(card)
    return {"number": block[122:158], "dates": block[188:220], "birth": block[36:52]}


@pytest.mark.parametrize("wire", WIRES)
def test_the_raw_block_is_gone_when_the_card_is_there(
    reader_simulator: SimulatorProcess, resident_card: IdCard, wire: str
) -> None:
    reader_simulator.put("/card", resident_card.to_json())
    with _holder(reader_simulator.addresses[WIRES[wire]], "3001") as pid:
        memory = list(_read_memory(pid))
    left = {name for name, raw in _raw_parts(resident_card).items() if any(raw in part for part in memory)}
    assert left == set()
    # it is this card's holder that was looked at
    assert any(resident_card.id_number.encode() in part for part in memory)


def test_a_fingerprint_is_gone_at_once(reader_simulator: SimulatorProcess, resident_card: IdCard) -> None:
    reader_simulator.put("/card", resident_card.to_json())
    with _holder(reader_simulator.url, "3010") as pid:
        memory = list(_read_memory(pid))
    for start in range(0, len(FINGERPRINT), 64):
        assert not any(FINGERPRINT[start : start + 64] in part for part in memory)


def test_what_is_kept_would_be_found(reader_simulator: SimulatorProcess, resident_card: IdCard) -> None:
    reader_simulator.put("/card", resident_card.to_json())
    with _holder(reader_simulator.url, "3010", holds_raw=True) as pid:
        memory = list(_read_memory(pid))
    for raw in (*_raw_parts(resident_card).values(), FINGERPRINT[:64]):
        assert any(raw in part for part in memory)


def _secrets(card: IdCard) -> list[str]:
    values = [card.name, card.id_number, card.address]
    return values + [value.encode("utf-16-le").hex() for value in values]


def test_no_error_carries_what_was_read(reader_simulator: SimulatorProcess, resident_card: IdCard) -> None:
    reader_simulator.put("/card", resident_card.to_json())
    reader = open_reader(reader_simulator, "serial")
    for at in (31, 37, 123, 157, 188, 205, 249):
        reader_simulator.put("/faults", {"on": "3001", "corrupt_text_byte": at})
        with pytest.raises(DeviceError) as caught:
            reader.read()
        error = caught.value
        told = traceback.TracebackException.from_exception(error, capture_locals=True)
        said = "".join(told.format()) + repr(error) + repr(vars(error))
        assert not [secret for secret in _secrets(resident_card) if secret in said]
        assert error.__cause__ is None
        assert error.__context__ is None
    reader.close()


def test_no_log_carries_what_was_read(
    reader_simulator: SimulatorProcess, resident_card: IdCard, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    events: list[CardEvent] = []

    def fail(event: CardEvent) -> None:
        events.append(event)
        raise ValueError("the listener fails")

    watcher = CardWatcher(lambda: open_reader(reader_simulator, "serial", PATIENT), fail, poll_s=0.02)
    watcher.start()
    for fault in ({}, {"on": "3001", "times": 1, "wrong_checksum": True}, {"corrupt_text_byte": 123}):
        before = len(events)
        reader_simulator.put("/faults", fault)
        reader_simulator.put("/card", resident_card.to_json())
        for _ in range(500):
            if len(events) > before:
                break
            watcher._ended.wait(0.01)
        reader_simulator.delete("/card")
        watcher._ended.wait(0.15)
    watcher.stop()
    said = caplog.text + repr(events)
    assert "the listener to the card reader failed" in said
    assert "IdCard(kind='resident')" in said
    assert not [secret for secret in _secrets(resident_card) if secret in said]
