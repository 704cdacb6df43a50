"""Code scanners, cameras and page scanners hang: every wait ends, and they come back by themselves."""

import base64
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import cv2
import numpy as np
import pytest

from devices.camera.camera import Camera
from devices.document_camera.camera import CameraDocumentScanner
from devices.errors import DeviceError, TimedOut
from devices.qr.camera import CameraQrReader
from devices.qr.serial_scanner import open_serial
from devices.scanner.escl import EsclScanner
from devices.simulator_process import SimulatorProcess
from devices.states import DeviceState
from devices.url import DeviceUrl
from tests.patience import Patience

# what a loaded machine adds; a wait without an end would be far beyond it
SLACK_S = 3.0


@pytest.fixture
def start() -> Iterator[Callable[..., SimulatorProcess]]:
    started: list[SimulatorProcess] = []

    def start(module: str, *arguments: str) -> SimulatorProcess:
        started.append(SimulatorProcess(module, *arguments))
        return started[-1]

    yield start
    for each in started:
        each.process.send_signal(signal.SIGCONT)
        each.end()


@contextmanager
def _frozen(simulator: SimulatorProcess, limit_s: float) -> Iterator[None]:
    simulator.process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, simulator.process.pid, os.WSTOPPED | os.WNOWAIT)
    begun = time.monotonic()
    try:
        yield
        assert time.monotonic() - begun < limit_s + SLACK_S
    finally:
        simulator.process.send_signal(signal.SIGCONT)


def _silence(act: Callable[[], object]) -> str:
    with pytest.raises(DeviceError) as caught:
        act()
    assert isinstance(caught.value, TimedOut)
    assert caught.value.mender == "technician"
    return caught.value.reason


@pytest.mark.parametrize("kind", ["honeywell", "newland"])
def test_a_code_scanner(start: Callable[..., SimulatorProcess], kind: str) -> None:
    simulator = start("devices.qr.simulator", "--kind", kind)
    reader = open_serial(DeviceUrl.parse(simulator.url + "&look_s=2&answer_ms=300"))
    with _frozen(simulator, 3):
        health = reader.check()
        assert (health.state, health.reason) == (DeviceState.ERROR, "reader_silent")
        if kind == "newland":  # a Honeywell does not acknowledge a trigger: it may only see no code
            assert _silence(reader.read) == "reader_silent"
        else:
            assert reader.read() == []
    patience = Patience(10)
    while reader.check().state is not DeviceState.READY and patience.lasts():
        time.sleep(0.05)
    read = []
    for _ in range(2):  # an answer that comes late may spoil the first code, which is shown again
        simulator.put("/code", {"text": "1234"})
        read += reader.read()
    assert read in (["1234"], ["1234"] * 2)
    reader.close()


def test_a_code_scanner_is_asked_twice_before_it_is_down(start: Callable[..., SimulatorProcess]) -> None:
    simulator = start("devices.qr.simulator")
    reader = open_serial(DeviceUrl.parse(simulator.url + "&answer_ms=200"))
    simulator.put("/faults", {"is_silent": True})
    assert reader.check().reason == "reader_silent"
    assert len(simulator.get("/log")) == 2
    simulator.put("/faults", {})
    assert reader.check().state is DeviceState.READY
    reader.close()


def test_a_camera(start: Callable[..., SimulatorProcess]) -> None:
    simulator = start("devices.camera.simulator")
    jpeg = cv2.imencode(".jpg", np.full((240, 320, 3), 130, np.uint8))[1].tobytes()
    simulator.put("/frame", {"jpeg": base64.b64encode(jpeg).decode()})
    target = simulator.url.removeprefix("qr+camera:")
    reader = CameraQrReader(Camera(target), look_s=0.2)
    table = CameraDocumentScanner(Camera(target))
    assert reader.read() == []
    with _frozen(simulator, 6):
        assert _silence(reader.read) == "reader_silent"
        assert _silence(lambda: table.scan(dpi=300, colour=True)) == "camera_silent"
    assert reader.read() == []
    reader.close()
    table.close()


def test_a_page_scanner(start: Callable[..., SimulatorProcess]) -> None:
    simulator = start("devices.scanner.simulator")
    scanner = EsclScanner(simulator.addresses["escl"], limit_s=1, answer_limit_s=0.5)
    with _frozen(simulator, 2):
        assert scanner.check().reason == "scanner_silent"
        assert _silence(lambda: scanner.scan(dpi=75, colour=False, source="flatbed")) == "scanner_silent"
    assert len(scanner.scan(dpi=75, colour=False, source="flatbed")) == 1
    scanner.close()
