"""Scanners that pose as a keyboard, over a stream of Linux input events."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.errors import DeviceError
from devices.qr.keys import EV_KEY, EV_SYN, EVENT, SYN_DROPPED, KeyReader, press
from devices.qr.port import QrReader
from devices.qr.wedge import WedgeQrReader, open_evdev
from devices.simulator_process import SimulatorProcess
from devices.states import DeviceState
from devices.url import DeviceUrl

CODE = "https://xinxian.invalid/c/7KQ2M9XD4?a=1&b=%20#~{}|\"'<>"
SHORT = settings(max_examples=40, deadline=None)
typed = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40)


def _key(code: int, value: int) -> bytes:
    return EVENT.pack(0, 0, EV_KEY, code, value)


@SHORT
@given(st.lists(typed, max_size=4), st.data())
def test_what_is_typed_is_read_however_it_is_cut(texts: list[str], data: st.DataObject) -> None:
    stream = b"".join(press(text) for text in texts)
    reader, got = KeyReader(), []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        got += reader.feed(stream[:size])
        stream = stream[size:]
    assert got == texts


def test_the_kernels_own_bytes() -> None:
    # "aA1" + Enter as `evtest` shows them on a 64-bit machine: 16 bytes of time, type, code, value
    strokes = [(30, 1), (30, 0), (42, 1), (30, 1), (30, 0), (42, 0), (2, 1), (2, 0), (28, 1), (28, 0)]
    stream = b"".join(bytes(16) + b"\x01\x00" + bytes([key, 0, down, 0, 0, 0]) for key, down in strokes)
    assert KeyReader().feed(stream) == ["aA1"]


def test_keypad_digits_caps_lock_and_repeats() -> None:
    keypad = b"".join(_key(code, 1) + _key(code, 0) for code in (79, 80, 81, 75, 76, 77, 71, 72, 73, 82))
    assert KeyReader().feed(keypad + _key(96, 1)) == ["1234567890"]
    locked = _key(58, 1) + _key(58, 0) + _key(30, 1) + _key(2, 1) + _key(42, 1) + _key(30, 1) + _key(28, 1)
    assert KeyReader().feed(locked) == ["A1a"]
    held = _key(30, 1) + _key(30, 2) + _key(30, 2) + _key(30, 0) + _key(28, 1)
    assert KeyReader().feed(held) == ["a"], "a scanner presses each key once"


@pytest.mark.parametrize(
    "spoiler", [_key(29, 1), _key(56, 1), _key(15, 1), EVENT.pack(0, 0, EV_SYN, SYN_DROPPED, 0)]
)
def test_a_text_not_known_in_full_is_none(spoiler: bytes) -> None:
    reader, whole = KeyReader(), press("1234")
    assert reader.feed(whole[:96] + spoiler + whole[96:]) == []
    assert reader.dropped == 1
    assert reader.feed(press("NEXT")) == ["NEXT"]


def test_half_a_text_is_no_text_nor_is_its_other_half() -> None:
    reader, whole = KeyReader(), press("123456")
    assert reader.feed(whole[:96]) == []
    reader.break_off()
    assert reader.feed(whole[96:]) == []
    assert reader.feed(press("NEXT")) == ["NEXT"]


@SHORT
@given(st.binary(max_size=2400), st.integers(1, 100))
def test_any_bytes_at_all_stay_bounded(stream: bytes, size: int) -> None:
    reader = KeyReader(longest=10)
    for at in range(0, len(stream), size):
        for text in reader.feed(stream[at : at + size]):
            assert 0 < len(text) <= 10
        assert len(reader._bytes) < EVENT.size


@pytest.fixture
def stream(tmp_path: Path) -> tuple[Path, int]:
    """A byte stream in place of the input device, and where to write to it."""
    path = tmp_path / "event-kbd"
    os.mkfifo(path)
    return path, os.open(path, os.O_RDWR | os.O_NONBLOCK)


def test_the_driver_over_a_byte_stream(stream: tuple[Path, int]) -> None:
    path, keyboard = stream
    reader = WedgeQrReader(str(path), look_s=10, idle_s=1)
    assert isinstance(reader, QrReader)
    assert reader.check().state is DeviceState.READY
    os.write(keyboard, press(CODE))
    assert reader.read() == [CODE]
    os.write(keyboard, press("OF THE LAST PERSON") + press("HALF OF IT")[:96])
    reader.clear()
    os.write(keyboard, press("HALF OF IT")[96:] + press("MINE"))
    assert reader.read() == ["MINE"]
    os.close(keyboard)
    with pytest.raises(DeviceError, match="reader_gone"):
        reader.read()
    assert reader.check().state is DeviceState.READY, "the path is there again"
    path.unlink()
    assert reader.check().state is DeviceState.ABSENT
    reader.close()


def test_a_simulated_scanner(start_simulator: Callable[..., SimulatorProcess], tmp_path: Path) -> None:
    link = tmp_path / "event-kbd"
    simulator = start_simulator("devices.qr.simulator", "--kind", "wedge", "--link", str(link))
    reader = open_evdev(DeviceUrl.parse(simulator.url + "?look_s=10&idle_ms=2000"))
    simulator.put("/code", {"text": CODE})
    assert reader.read() == [CODE]
    simulator.put("/plug", {"is_in": False})
    with pytest.raises(DeviceError, match="reader_gone"):
        reader.read()
    simulator.put("/plug", {"is_in": True})
    simulator.put("/code", {"text": CODE})
    assert reader.read() == [CODE]
    reader.close()
