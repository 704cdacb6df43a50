"""A sheet under a camera: taken when it lies whole, still and in light, and never as it lay before."""

import base64
import io
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from devices.camera.camera import Camera
from devices.document_camera.camera import CameraDocumentScanner, open_camera
from devices.document_camera.port import DocumentCamera
from devices.errors import DeviceError
from devices.simulator_process import SimulatorProcess
from devices.states import DeviceState
from devices.url import DeviceUrl

from ..paper.made_pages import photographed, written_page

SIZE = (1600, 1280)
CORNERS = [(400, 60), (1240, 90), (1270, 1220), (370, 1200)]
PAGE = written_page(1240, 1754)


def _show(camera: SimulatorProcess, *pictures: Any) -> None:
    jpegs = [cv2.imencode(".jpg", picture)[1].tobytes() for picture in pictures]
    camera.put("/frame", {"jpegs": [base64.b64encode(jpeg).decode() for jpeg in jpegs]})


@pytest.fixture(scope="module")
def camera_process() -> Iterator[SimulatorProcess]:
    simulator = SimulatorProcess("devices.camera.simulator")
    yield simulator
    simulator.end()


@pytest.fixture
def camera(camera_process: SimulatorProcess) -> SimulatorProcess:
    camera_process.put("/faults", {})
    _show(camera_process, photographed(PAGE, CORNERS, SIZE))
    return camera_process


@pytest.fixture
def scanner(camera: SimulatorProcess) -> Iterator[CameraDocumentScanner]:
    scanner = CameraDocumentScanner(Camera(camera.url.removeprefix("qr+camera:")), still_s=1, least_dpi=80)
    yield scanner
    scanner.close()


def _refused(scanner: CameraDocumentScanner, **how: object) -> DeviceError:
    asked = {"dpi": 300, "colour": True, "source": "flatbed", **how}
    with pytest.raises(DeviceError) as caught:
        scanner.scan(**asked)  # type: ignore[arg-type]
    return caught.value


def test_the_driver_is_a_document_camera(camera: SimulatorProcess) -> None:
    url = camera.url.removeprefix("qr+camera:")
    opened = open_camera(DeviceUrl.parse(f"documentcamera+camera:{url}"))
    assert isinstance(opened, DocumentCamera)
    assert opened.check().state is DeviceState.READY
    opened.close()


@pytest.mark.parametrize(("colour", "mode"), [(True, "RGB"), (False, "L")])
@pytest.mark.parametrize(("turns", "turned"), [(0, 0), (1, 270), (2, 180)])
def test_a_sheet_is_a_page(
    scanner: CameraDocumentScanner, camera: SimulatorProcess, colour: bool, mode: str, turns: int, turned: int
) -> None:
    _show(camera, np.ascontiguousarray(np.rot90(photographed(PAGE, CORNERS, SIZE), -turns)))
    (page,) = scanner.scan(dpi=300, colour=colour)
    assert (page.turned, page.is_upright_sure, page.media_type) == (turned, True, "image/jpeg")
    picture = Image.open(io.BytesIO(page.image))
    assert (picture.mode, picture.size) == (mode, (page.width, page.height))
    assert page.width / page.height == pytest.approx(210 / 297, rel=0.12)
    assert 90 < page.dpi < 110
    shown = np.asarray(picture.convert("L").resize((310, 438))).astype(int)
    wanted = cv2.cvtColor(cv2.resize(PAGE, (310, 438), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    assert np.corrcoef(shown.ravel(), wanted.astype(int).ravel())[0, 1] > 0.6, "it is another picture"


def test_a_wish_for_less_is_granted(scanner: CameraDocumentScanner) -> None:
    (page,) = scanner.scan(dpi=90, colour=True)
    assert page.dpi == 90
    assert page.height == pytest.approx(90 * 11.69, abs=2)


EMPTY = np.full((SIZE[1], SIZE[0], 3), 55, np.uint8)
REACHING_OUT = [(400, -90), (1240, -70), (1270, 1220), (370, 1200)]
FAR_AWAY = [(560, 300), (1100, 310), (1110, 1060), (550, 1050)]


@pytest.mark.parametrize(
    ("picture", "reason", "mender"),
    [
        (EMPTY, "no_documents", "citizen"),
        (EMPTY // 4, "picture_dark", "attendant"),
        (photographed(PAGE, REACHING_OUT, SIZE), "sheet_cut_off", "citizen"),
        (photographed(PAGE, FAR_AWAY, SIZE), "page_too_small", "technician"),
    ],
    ids=["empty", "dark", "cut off", "far away"],
)
def test_what_is_no_page_is_said(
    scanner: CameraDocumentScanner, camera: SimulatorProcess, picture: Any, reason: str, mender: str
) -> None:
    _show(camera, picture)
    error = _refused(scanner)
    assert (error.reason, error.mender) == (reason, mender)


def test_a_feeder_is_refused(scanner: CameraDocumentScanner) -> None:
    assert _refused(scanner, source="feeder").reason == "setting_refused"


def test_a_sheet_in_motion_is_not_taken(scanner: CameraDocumentScanner, camera: SimulatorProcess) -> None:
    _show(camera, *(photographed(PAGE, [(x + by, y) for x, y in CORNERS], SIZE) for by in (-60, 0, 60)))
    assert _refused(scanner).reason == "page_moving"


def test_the_preview_shows_the_edge_that_was_found(scanner: CameraDocumentScanner) -> None:
    picture = Image.open(io.BytesIO(scanner.preview())).convert("RGB")
    assert max(picture.size) == 960
    x, y = (round((CORNERS[0][i] + CORNERS[1][i]) / 2 * 0.6) for i in (0, 1))
    around = np.asarray(picture.crop((x - 4, y - 6, x + 4, y + 6))).astype(int)
    assert (around[:, :, 1] - around[:, :, 0]).max() > 60, "no green line at the upper edge"


@pytest.mark.parametrize(
    ("faults", "state", "reason"),
    [
        ({"is_refused": True}, DeviceState.ABSENT, "camera_gone"),
        ({"is_garbled": True}, DeviceState.ERROR, "camera_silent"),
    ],
)
def test_a_camera_that_fails_comes_back(
    scanner: CameraDocumentScanner, camera: SimulatorProcess, faults: Any, state: DeviceState, reason: str
) -> None:
    camera.put("/faults", faults)
    assert scanner.check().state is state
    assert _refused(scanner).reason == reason
    camera.put("/faults", {})
    assert len(scanner.scan(dpi=300, colour=True)) == 1
