"""Reading QR codes: what is there, and never anything else."""

import io
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import qrcode
import qrcode.util
from PIL import Image
from pyzbar import pyzbar
from qrcode.constants import ERROR_CORRECT_M

from devices.errors import DeviceError
from devices.qr import image as qr_image
from devices.qr.image import decode_qr, open_image
from devices.qr.port import QrReader
from devices.states import DeviceState
from devices.url import DeviceUrl

CODE = "HTTPS://XINXIAN.INVALID/C/7KQ2M9XD4"


def _code(data: str | bytes, box: int = 6) -> np.ndarray:
    maker = qrcode.QRCode(border=4, box_size=box, error_correction=ERROR_CORRECT_M)
    maker.add_data(data)
    return np.array(maker.make_image().get_image().convert("L"))


def _in_frame(*codes: np.ndarray, size: tuple[int, int] = (1080, 1920), noise: float = 6) -> np.ndarray:
    grain = np.random.default_rng(7)
    frame = np.full(size, 150.0)
    for place, code in enumerate(codes):
        frame[200 : 200 + code.shape[0], 300 + 500 * place : 300 + 500 * place + code.shape[1]] = code
    return np.clip(frame + grain.normal(0, noise, size), 0, 255).astype(np.uint8)


def _png(pixels: np.ndarray) -> bytes:
    held = io.BytesIO()
    Image.fromarray(pixels).save(held, "PNG")
    return held.getvalue()


@pytest.mark.parametrize("text", [CODE, "1234567890", "新县 一件事一次办 𠮷", "a" * 400])
def test_a_code_in_a_picture(text: str) -> None:
    assert decode_qr(_png(_code(text.encode()))) == [text]


def test_a_code_in_a_colour_frame_and_a_jpeg() -> None:
    frame = cv2.cvtColor(_in_frame(_code(CODE)), cv2.COLOR_GRAY2BGR)
    assert decode_qr(frame) == [CODE]
    assert decode_qr(cv2.imencode(".jpg", frame)[1].tobytes()) == [CODE]


@pytest.mark.parametrize("angle", [0, 17, 90, 180, 268])
@pytest.mark.parametrize("blur", [0.1, 2.0])
def test_a_code_held_askew_and_out_of_focus(angle: int, blur: float) -> None:
    frame = _in_frame(_code(CODE))
    turn = cv2.getRotationMatrix2D((400, 300), angle, 1)
    frame = cv2.warpAffine(frame, turn, (1920, 1080), borderValue=150)
    assert decode_qr(cv2.GaussianBlur(frame, (0, 0), blur)) == [CODE]


def test_several_codes_come_in_reading_order_each_once() -> None:
    assert decode_qr(_in_frame(_code("ONE"), _code("TWO"), _code("ONE"))) == ["ONE", "TWO"]


def test_a_small_code_on_a_scanned_page() -> None:
    page = _in_frame(_code(CODE, box=3), size=(3508, 2480))
    assert decode_qr(page) == [CODE]


@pytest.mark.parametrize("size", [(1080, 1920), (1, 1), (3, 2000)])
def test_nothing_is_nothing(size: tuple[int, int]) -> None:
    assert decode_qr(np.full(size, 128, np.uint8)) == []


@pytest.mark.parametrize(
    "raw",
    ["新县一件事".encode("gb18030"), "新县".encode("gb18030"), "テスト".encode("shift-jis"), b"\xff\x00\x81"],
)
def test_bytes_of_an_unnamed_character_set_are_never_guessed(raw: bytes) -> None:
    assert decode_qr(_code(raw)) == []


def test_zbar_is_asked_and_believed_about_ascii_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qr_image, "_attempts", lambda grey: [])
    assert decode_qr(_in_frame(_code(CODE))) == [CODE]
    assert decode_qr(_in_frame(_code("新县一件事一次办".encode()))) == []


class _StructuredAppend:
    """The head of one part of a code split in two: mode 3, then 4 + 4 + 8 bits in place of a length."""

    mode = 3

    def __len__(self) -> int:
        return (0 << 12) | (1 << 8) | 0x55

    def write(self, buffer: Any) -> None:
        """The head has no data of its own."""


def test_a_split_code_that_zbar_chokes_on_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = qrcode.util.length_in_bits
    monkeypatch.setattr(
        "qrcode.util.length_in_bits", lambda mode, version: 16 if mode == 3 else plain(mode, version)
    )
    maker = qrcode.QRCode(border=4, box_size=6, version=2)
    maker.data_list = [_StructuredAppend(), qrcode.util.QRData(b"HALF OF IT")]
    maker.makeImpl(False, 0)
    part = np.array(maker.make_image().get_image().convert("L"))
    with pytest.raises(ValueError, match="ZBarOrientation"):
        pyzbar.decode(part, symbols=[pyzbar.ZBarSymbol.QRCODE])
    monkeypatch.setattr(qr_image, "_attempts", lambda grey: [])
    assert decode_qr(part) == []


@pytest.mark.parametrize(
    "data",
    [b"", b"not a picture", b"GIF89a" + bytes(40), b"%!PS-Adobe-3.0 EPSF-3.0\n", _png(_code(CODE))[:200]],
)
def test_bytes_that_are_no_picture_are_refused(data: bytes) -> None:
    with pytest.raises(DeviceError) as caught:
        decode_qr(data)
    assert (caught.value.reason, caught.value.mender) == ("picture_unreadable", "citizen")


def test_a_picture_too_large_to_open_is_refused() -> None:
    held = io.BytesIO()
    Image.new("1", (7000, 6000)).save(held, "PNG")
    with pytest.raises(DeviceError, match="7000x6000"):
        decode_qr(held.getvalue())


def test_a_reader_over_a_file(tmp_path: Path) -> None:
    reader = open_image(DeviceUrl.parse(f"qr+image:{tmp_path}/frame.png"))
    assert isinstance(reader, QrReader)
    assert reader.check().state is DeviceState.ABSENT
    with pytest.raises(DeviceError, match="reader_gone"):
        reader.read()
    (tmp_path / "frame.png").write_bytes(_png(_code(CODE)))
    assert reader.check().state is DeviceState.READY
    assert reader.read() == [CODE]
    reader.close()


def _best_ms(frame: np.ndarray, wanted: list[str]) -> float:
    taken = []
    for _ in range(5):
        begun = time.process_time()  # the machine may be busy with other things
        assert decode_qr(frame) == wanted
        taken.append((time.process_time() - begun) * 1000)
    return min(taken)


def test_a_frame_is_read_in_time() -> None:
    assert _best_ms(_in_frame(_code(CODE)), [CODE]) < 40
    assert _best_ms(_in_frame(), []) < 60
