"""A code scanner is pulled out in the middle of a code and put back as another port: found by its name."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devices.errors import DeviceError
from devices.qr.port import QrReader
from devices.qr.serial_scanner import open_serial
from devices.qr.wedge import open_evdev
from devices.simulator_process import SimulatorProcess
from devices.states import DeviceState
from devices.url import DeviceUrl

IS_ALL = os.environ.get("FAULTS") == "all"
CODE = "HTTPS://XINXIAN.INVALID/C/7KQ2M9XD4"
OPENERS: dict[str, Callable[[DeviceUrl], QrReader]] = {
    "honeywell": open_serial,
    "newland": open_serial,
    "plain": open_serial,
    "wedge": open_evdev,
}


@pytest.fixture(scope="module", params=OPENERS)
def bench(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[SimulatorProcess, Path]]:
    link = tmp_path_factory.mktemp(request.param) / "usb-Invented_Scanner_0001"
    simulator = SimulatorProcess("devices.qr.simulator", "--kind", request.param, "--link", str(link))
    yield simulator, link
    simulator.end()


# 72 bytes of input events a character: the same share of bytes for both kinds of wire
@pytest.mark.parametrize("after", range(0, len(CODE), 1 if IS_ALL else 17))
def test_half_a_code_is_none_and_the_scanner_comes_back_by_its_name(
    bench: tuple[SimulatorProcess, Path], after: int
) -> None:
    simulator, link = bench
    parsed = DeviceUrl.parse(simulator.url)
    kind = parsed.options.get("dialect", "wedge")
    url = DeviceUrl(parsed.scheme, parsed.target, {**parsed.options, "look_s": "10", "idle_ms": "1000"})
    reader = OPENERS[kind](url)
    before = link.readlink()
    simulator.put("/faults", {"unplug_after_bytes": after * (72 if kind == "wedge" else 1)})
    simulator.put("/code", {"text": CODE})
    with pytest.raises(DeviceError, match="reader_gone"):
        reader.read()
    assert reader.check().state is DeviceState.ABSENT
    simulator.put("/faults", {})
    taken = _take(before)
    simulator.put("/plug", {"is_in": True})
    assert link.readlink() != before
    assert reader.check().state is DeviceState.READY
    simulator.put("/code", {"text": CODE})
    assert reader.read() == [CODE]
    reader.close()
    for descriptor in taken:
        os.close(descriptor)


def _take(path: Path) -> list[int]:
    """Some other device gets the scanner's old number in the meantime."""
    taken: list[int] = []
    while not taken or os.ttyname(taken[-1]) != str(path):
        taken += os.openpty()
        assert len(taken) < 100, f"{path} is still held"
    return taken
