"""The card reader on USB: both framings, and what libusb may say, on a bus without a kernel."""

import contextlib
from collections.abc import Callable, Iterator

import pytest

from devices.errors import DeviceError
from devices.id_card.card import IdCard
from devices.id_card.frames import FrameParser, build_frame
from devices.id_card.sam_v import open_usb
from devices.id_card.simulated_wires import PAIR_ENDPOINTS, SPLIT_ENDPOINTS
from devices.simulated_usb import SimulatedUsbBus, SimulatedUsbDevice, UsbSaysNo, UsbShape
from devices.simulator_process import SimulatorProcess
from devices.states import DeviceState
from devices.url import BadDeviceUrl, DeviceUrl

from .id_card_wires import HASTY, PATIENT, answer_or_reason, open_url

GOOD = build_frame(bytes.fromhex("000090"))
EPIPE, EACCES, EBUSY = 32, 13, 16


class _Bench:
    """One bare device on a bus: what it got, and what it answers to a whole request."""

    def __init__(self, endpoints: tuple[int, ...], serial_number: str = "BENCH-1") -> None:
        self.got: list[tuple[int, bytes]] = []
        self.answer: Callable[[SimulatedUsbDevice], None] = lambda device: None
        self._parser = FrameParser(shortest=3)
        self.bus = SimulatedUsbBus()
        shape = UsbShape(0x0400, 0xC35A, serial_number, "bench", endpoints)
        self.device = SimulatedUsbDevice(shape, self._take)
        self.bus.plug_in(self.device)
        self.url = f"idcard+usb://0400:C35A:{serial_number}?bus={self.bus.address}"

    def _take(self, endpoint: int, data: bytes) -> None:
        self.got.append((endpoint, data))
        for _ in self._parser.feed(data):
            self.answer(self.device)


def _answer_split(device: SimulatedUsbDevice) -> None:
    device.give(0x81, GOOD[:7])
    device.give(0x85, GOOD[7:])


def test_a_split_reader_gets_and_gives_head_and_rest_apart() -> None:
    bench = _Bench(SPLIT_ENDPOINTS)
    bench.answer = _answer_split
    reader = open_url(bench.url)
    assert reader.check().state is DeviceState.READY
    assert bench.got == [(0x02, bytes.fromhex("AAAAAA96690003")), (0x06, bytes.fromhex("11FFED"))]
    reader.close()


def test_a_reader_with_one_pair_gets_whole_frames_and_may_fill_up_its_own() -> None:
    bench = _Bench(PAIR_ENDPOINTS)
    bench.answer = lambda device: device.give(PAIR_ENDPOINTS[1], GOOD.ljust(64, b"\0"))
    reader = open_url(bench.url)
    for _ in range(3):
        assert reader.check().state is DeviceState.READY
    assert bench.got == [(PAIR_ENDPOINTS[0], bytes.fromhex("AAAAAA9669000311FFED"))] * 3
    reader.close()


def test_a_framing_may_be_named() -> None:
    bench = _Bench(SPLIT_ENDPOINTS)
    bench.answer = lambda device: device.give(0x81, GOOD)
    reader = open_url(f"{bench.url}&framing=pair")
    assert reader.check().state is DeviceState.READY
    assert bench.got == [(0x02, bytes.fromhex("AAAAAA9669000311FFED"))]
    reader.close()
    bare = _Bench(PAIR_ENDPOINTS)
    wrong = open_url(f"{bare.url}&framing=split")
    assert wrong.check().reason == "reader_faulty"
    wrong.close()


def test_a_device_without_endpoints_both_ways_is_no_reader() -> None:
    reader = open_url(_Bench((0x81,)).url)
    assert reader.check().reason == "reader_faulty"


@pytest.mark.parametrize(
    "rest", [b"", GOOD[7:] + GOOD, b"\0" * 64 + GOOD], ids=["missing", "glued", "shifted"]
)
def test_a_rest_that_is_too_short_or_too_long_does_no_lasting_harm(rest: bytes) -> None:
    bench = _Bench(SPLIT_ENDPOINTS)

    def answer(device: SimulatedUsbDevice) -> None:
        device.give(0x81, GOOD[:7])
        device.give(0x85, rest)
        bench.answer = _answer_split

    bench.answer = answer
    reader = open_url(bench.url, HASTY)
    reader.check()
    assert reader.check().state is DeviceState.READY
    reader.close()


class _Refusing(SimulatedUsbDevice):
    """A device whose bus refuses something a few times."""

    def __init__(self, shape: UsbShape) -> None:
        super().__init__(shape, lambda _, __: _answer_split(self))
        self.refusals: list[int] = []

    def take(self, endpoint: int, size: int, limit_s: float) -> bytes:
        if self.refusals and limit_s > 0.01:
            raise UsbSaysNo(self.refusals.pop())
        return super().take(endpoint, size, limit_s)


@pytest.fixture
def refusing() -> Iterator[tuple[_Refusing, str]]:
    bus = SimulatedUsbBus()
    device = _Refusing(UsbShape(0x0400, 0xC35A, "BENCH-2", "bench", SPLIT_ENDPOINTS))
    bus.plug_in(device)
    yield device, f"idcard+usb://0400:C35A?bus={bus.address}"
    bus.pull_out(device)


def test_a_halted_pipe_is_cleared_and_used_again(refusing: tuple[_Refusing, str]) -> None:
    device, url = refusing
    reader = open_url(url)
    device.refusals = [EPIPE, EPIPE]
    assert reader.check().state is DeviceState.READY
    assert device.refusals == []
    reader.close()


def test_a_device_that_is_not_ours_to_open_says_so(refusing: tuple[_Refusing, str]) -> None:
    device, url = refusing
    reader = open_url(url)
    for number, reason in ((EACCES, "reader_forbidden"), (EBUSY, "reader_busy")):
        device.refused_claim = number
        assert reader.check().reason == reason
    device.refused_claim = 0
    assert reader.check().state is DeviceState.READY
    reader.close()


@pytest.mark.parametrize(
    "text",
    [
        "idcard+usb://0400",
        "idcard+usb://0400:C35",
        "idcard+usb://0400:XXXX",
        "idcard+usb://0400:C35A?framing=x",
    ],
)
def test_a_malformed_name_is_told_at_once(text: str) -> None:
    with pytest.raises(BadDeviceUrl):
        open_usb(DeviceUrl.parse(text))


def test_without_a_bus_or_a_device_the_reader_is_gone() -> None:
    bench = _Bench(SPLIT_ENDPOINTS)
    absent = open_url(bench.url.replace("BENCH-1", "BENCH-9"))
    assert answer_or_reason(absent.read) == "reader_gone"
    nowhere = open_url("idcard+usb://0400:C35A?bus=127.0.0.1:1")
    assert answer_or_reason(nowhere.read) == "reader_gone"
    # the machine's own bus: here without this reader, or without USB at all
    own = open_url("idcard+usb://0400:C35A:NO-SUCH-READER")
    assert answer_or_reason(own.read) == "reader_gone"


def test_a_simulator_that_ends_in_mid_use_is_a_reader_unplugged(
    start_simulator: Callable[..., SimulatorProcess], resident_card: IdCard
) -> None:
    simulator = start_simulator("devices.id_card.simulator")
    simulator.put("/card", resident_card.to_json())
    readers = [open_url(simulator.addresses[key], PATIENT) for key in ("usb_url", "usb_pair_url")]
    for reader in readers:
        assert reader.read() == resident_card
    simulator.end()
    for reader in readers:
        assert answer_or_reason(reader.read) == "reader_gone"
        with contextlib.suppress(DeviceError):
            reader.reset()
        reader.close()
