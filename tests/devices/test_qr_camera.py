"""QR codes before a camera, from a stream, a film, and files."""

import base64
import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import qrcode
from PIL import Image

from devices.camera.camera import Camera
from devices.camera.feeds import CameraLost, VideoFeed
from devices.errors import DeviceError
from devices.qr.camera import CameraQrReader, open_camera
from devices.qr.files import decode_files
from devices.qr.port import QrReader
from devices.simulator_process import SimulatorProcess
from devices.states import DeviceState
from devices.url import DeviceUrl
from tests.patience import Patience

CODE = "HTTPS://XINXIAN.INVALID/C/7KQ2M9XD4"


def _frame(text: str | None) -> np.ndarray:
    frame = np.full((480, 640), 140, np.uint8)
    if text:
        code = np.array(qrcode.make(text, box_size=6).get_image().convert("L"))
        frame[60 : 60 + code.shape[0], 100 : 100 + code.shape[1]] = code
    return frame


def _show(camera: SimulatorProcess, text: str | None) -> None:
    jpeg = cv2.imencode(".jpg", _frame(text))[1].tobytes()
    camera.put("/frame", {"jpeg": base64.b64encode(jpeg).decode()})


@pytest.fixture(scope="module")
def camera_process() -> Iterator[SimulatorProcess]:
    simulator = SimulatorProcess("devices.camera.simulator")
    yield simulator
    simulator.end()


@pytest.fixture
def camera(camera_process: SimulatorProcess) -> SimulatorProcess:
    camera_process.put("/faults", {})
    camera_process.delete("/log")
    _show(camera_process, None)
    return camera_process


@pytest.fixture
def open_reader(camera: SimulatorProcess) -> Iterator[Callable[..., CameraQrReader]]:
    opened: list[CameraQrReader] = []

    def open_with(look_s: str = "5") -> CameraQrReader:
        opened.append(open_camera(DeviceUrl.parse(f"{camera.url}?look_s={look_s}")))
        return opened[-1]

    yield open_with
    for each in opened:
        each.close()


Open = Callable[..., CameraQrReader]


@pytest.mark.parametrize("has_lengths", [True, False])
def test_a_code_before_the_camera(open_reader: Open, camera: SimulatorProcess, has_lengths: bool) -> None:
    camera.put("/faults", {"has_lengths": has_lengths})
    reader = open_reader()
    assert isinstance(reader, QrReader)
    assert reader.check().state is DeviceState.READY
    _show(camera, CODE)
    assert reader.read() == [CODE]
    reader.clear()
    assert reader.read() == [CODE], "it is still shown"


def test_nothing_shown_is_nothing_and_costs_little(open_reader: Open, camera: SimulatorProcess) -> None:
    camera.put("/faults", {"rate": 60})
    reader = open_reader(look_s="1.5")
    begun, cpu = time.monotonic(), time.process_time()
    assert reader.read() == []
    taken = time.monotonic() - begun
    assert taken < 1.5 + 3
    assert time.process_time() - cpu < 0.75 * taken


def test_the_newest_frame_is_looked_at(camera: SimulatorProcess) -> None:
    camera.put("/faults", {"rate": 100})
    viewer = Camera(camera.url.removeprefix("qr+camera:"), linger_s=30)
    viewer.next_frame()
    _show(camera, CODE)
    time.sleep(0.3)
    camera.put("/faults", {"rate": 5})
    assert viewer.next_frame().std() > 20, "an old frame was kept"
    viewer.close()


def test_nobody_is_filmed_when_nobody_looks(camera: SimulatorProcess) -> None:
    viewer = Camera(camera.url.removeprefix("qr+camera:"), linger_s=0.2)
    viewer.next_frame()
    patience = Patience(5)
    while camera.get("/log")["open"] and patience.lasts():
        time.sleep(0.05)
    assert camera.get("/log")["open"] == 0
    assert viewer.next_frame().shape == (480, 640, 3)
    viewer.close()


def test_looking_after_a_camera_is_not_filming(camera: SimulatorProcess) -> None:
    viewer = Camera(camera.url.removeprefix("qr+camera:"), frame_every_s=300)
    viewer.check()
    connections = camera.get("/log")["connections"]
    patience = Patience(5)
    while camera.get("/log")["open"] and patience.lasts():
        time.sleep(0.02)
    assert camera.get("/log")["open"] == 0, "it was not let go"
    for _ in range(3):
        viewer.check()
    assert camera.get("/log")["connections"] == connections
    camera.put("/faults", {"is_refused": True})
    with pytest.raises(CameraLost):
        viewer.next_frame()
    with pytest.raises(CameraLost):
        viewer.check()


@pytest.mark.parametrize(
    ("faults", "reason"),
    [
        ({"is_frozen": True}, "silent"),
        ({"is_refused": True}, "gone"),
        ({"ends_after_frames": 1}, "gone"),
        ({"is_garbled": True}, "unreadable"),
    ],
)
def test_a_camera_that_fails_is_said_and_comes_back(
    camera: SimulatorProcess, faults: dict[str, object], reason: str
) -> None:
    camera.put("/faults", faults)
    viewer = Camera(camera.url.removeprefix("qr+camera:"))
    begun = time.monotonic()
    with pytest.raises(CameraLost) as caught:
        viewer.next_frame(limit_s=1)
    assert caught.value.reason == reason
    assert time.monotonic() - begun < 1 + 3
    camera.put("/faults", {})
    assert viewer.next_frame().shape == (480, 640, 3)
    viewer.close()


def test_the_reader_says_it_in_its_own_words(open_reader: Open, camera: SimulatorProcess) -> None:
    camera.put("/faults", {"is_refused": True})
    reader = open_reader()
    assert reader.check().state is DeviceState.ABSENT
    with pytest.raises(DeviceError, match="qr: reader_gone"):
        reader.read()


def test_a_film(tmp_path: Path) -> None:
    path = tmp_path / "codes.avi"
    film = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 25, (640, 480))
    for text in [None] * 6 + [CODE] * 30:
        film.write(cv2.cvtColor(_frame(text), cv2.COLOR_GRAY2BGR))
    film.release()
    reader = open_camera(DeviceUrl.parse(f"qr+camera:{path}?look_s=5"))
    assert reader.read() == [CODE]
    reader.close()


def test_a_path_that_is_no_camera(tmp_path: Path) -> None:
    with pytest.raises(CameraLost, match="gone"):
        VideoFeed(str(tmp_path / "video9"))


def test_files_one_by_one(tmp_path: Path) -> None:
    held = io.BytesIO()
    Image.fromarray(_frame(CODE)).save(held, "PNG")
    (tmp_path / "code.png").write_bytes(held.getvalue())
    (tmp_path / "blank.png").write_bytes(cv2.imencode(".png", _frame(None))[1].tobytes())
    (tmp_path / "torso.png").write_bytes(held.getvalue()[:100])
    names = ["code.png", "blank.png", "torso.png", "missing.png"]
    answers = [each.to_json() for each in decode_files(tmp_path / name for name in names)]
    assert answers == [
        {"file": str(tmp_path / "code.png"), "texts": [CODE], "reason": ""},
        {"file": str(tmp_path / "blank.png"), "texts": [], "reason": ""},
        {"file": str(tmp_path / "torso.png"), "texts": [], "reason": "picture_unreadable"},
        {"file": str(tmp_path / "missing.png"), "texts": [], "reason": "file_unreadable"},
    ]
