"""A text split over several codes: joined when it is whole, and never given in part."""

import itertools
from functools import reduce
from operator import xor
from typing import Any

import cv2
import numpy as np
import pytest
import qrcode
import qrcode.util
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode.base import rs_blocks
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.util import BitBuffer, create_bytes

from devices.qr.image import decode_frame, decode_qr
from devices.qr.parts import PartJoiner
from devices.qr.symbol import PartHead, correct, read_head

TEXT = "https://xinxian.invalid/c/7KQ2M9XD4?新县=" + "0123456789" * 6
LEVELS = [ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q, ERROR_CORRECT_H]


class _Head:
    """A part's head, where the library that draws codes writes a length: 4 + 4 + 8 bits."""

    mode = 3

    def __init__(self, place: int, parts: int, parity: int) -> None:
        self._bits = place << 12 | (parts - 1) << 8 | parity

    def __len__(self) -> int:
        return self._bits

    def write(self, buffer: Any) -> None:
        """The head has no data of its own."""


@pytest.fixture(autouse=True)
def _draws_heads(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = qrcode.util.length_in_bits
    monkeypatch.setattr(
        "qrcode.util.length_in_bits", lambda mode, version: 16 if mode == 3 else plain(mode, version)
    )


def _drawn(version: int, level: int, *pieces: Any, box: int = 5) -> np.ndarray:
    maker = qrcode.QRCode(border=4, box_size=box, version=version, error_correction=level)
    maker.data_list = list(pieces)
    maker.makeImpl(False, maker.best_mask_pattern() if version < 3 else version % 8)
    return np.array(maker.make_image().get_image().convert("L"))


def _parts(text: str, count: int, version: int = 10, level: int = ERROR_CORRECT_M) -> list[np.ndarray]:
    raw = text.encode()
    parity = reduce(xor, raw)
    size = -(-len(raw) // count)
    cut = [raw[i * size : (i + 1) * size] for i in range(count)]
    return [
        _drawn(version, level, _Head(i, count, parity), qrcode.util.QRData(piece, mode=4))
        for i, piece in enumerate(cut)
    ]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_parts_shown_one_after_another_are_joined_in_any_order(order: tuple[int, ...]) -> None:
    parts, joiner = _parts(TEXT, 3), PartJoiner()
    read = [decode_frame(parts[place], joiner) for place in order]
    assert read == [[], [], [TEXT]]


def test_all_parts_in_one_picture_are_one_text() -> None:
    assert decode_qr(np.hstack(_parts(TEXT, 3))) == [TEXT]
    assert decode_qr(np.hstack(_parts(TEXT, 3)[:2])) == []


def test_the_same_by_another_maker_of_codes() -> None:
    asked = cv2.QRCodeEncoder_Params()
    asked.mode = cv2.QRCodeEncoder_MODE_STRUCTURED_APPEND
    asked.structure_number = 3
    asked.version = 4
    drawn = cv2.QRCodeEncoder.create(asked).encodeStructuredAppend("XINXIAN 7KQ2M9XD4 0123456789")
    joiner, read = PartJoiner(), []
    for part in drawn:
        quiet = cv2.copyMakeBorder(part, 4, 4, 4, 4, cv2.BORDER_CONSTANT, value=255)
        large = cv2.resize(quiet, None, fx=6, fy=6, interpolation=cv2.INTER_NEAREST)
        read.append(decode_frame(large, joiner))
    assert read == [[], [], ["XINXIAN 7KQ2M9XD4 0123456789"]]


@pytest.mark.parametrize(("version", "level"), list(itertools.product([2, 6, 7, 14, 25, 40], LEVELS)))
def test_the_head_of_every_size_and_level(version: int, level: int) -> None:
    head = _Head(5, 12, 0xA7)
    for pieces, wanted in (
        ([head, qrcode.util.QRData(b"part")], PartHead(5, 12, 0xA7)),
        ([qrcode.util.QRData(b"whole")], None),
    ):
        (code,) = zxingcpp.read_barcodes(_drawn(version, level, *pieces))
        assert read_head(code) == wanted


@pytest.mark.parametrize("spot", [0, 2, 5, 9])
def test_a_part_with_a_damaged_head_is_still_a_part(spot: int) -> None:
    first, second = _parts(TEXT[:60], 2, level=ERROR_CORRECT_H)
    begin = 4 * 5 + 5 * (57 - 4 - spot)  # the head lies in the lower right corner
    first[begin : begin + 20, -4 * 5 - 10 : -4 * 5] = 255
    (code,) = zxingcpp.read_barcodes(first)
    assert float(code.extra["UEC"]) < 1, "nothing was damaged"
    joiner = PartJoiner()
    assert decode_frame(first, joiner) == []
    assert decode_frame(second, joiner) == [TEXT[:60]]


def test_a_mirrored_code_is_read() -> None:
    whole = _drawn(3, ERROR_CORRECT_M, qrcode.util.QRData(b"MIRRORED"))
    assert decode_qr(np.ascontiguousarray(whole[:, ::-1])) == ["MIRRORED"]
    first, second = _parts(TEXT[:60], 2)
    joiner = PartJoiner()
    assert decode_frame(np.ascontiguousarray(first[:, ::-1]), joiner) == []
    assert decode_frame(second, joiner) == [TEXT[:60]]


def test_what_is_never_made_whole_is_forgotten() -> None:
    now = [0.0]
    joiner = PartJoiner(limit_s=30, clock=lambda: now[0])
    assert joiner.add(PartHead(0, 2, ord("a") ^ ord("b")), b"a") is None
    now[0] = 31
    assert joiner.add(PartHead(1, 2, ord("a") ^ ord("b")), b"b") is None
    assert joiner.add(PartHead(0, 2, ord("a") ^ ord("b")), b"a") == b"ab"


def test_parts_of_two_texts_are_never_one() -> None:
    joiner = PartJoiner()
    parity = ord("a") ^ ord("b")
    assert joiner.add(PartHead(0, 2, parity), b"a") is None
    assert joiner.add(PartHead(1, 2, parity), b"x") is None, "the parity is not right"
    assert joiner.add(PartHead(0, 2, parity), b"a") is None
    assert joiner.add(PartHead(0, 2, parity), b"c") is None, "another first part begins anew"
    assert joiner.add(PartHead(1, 2, parity), b"b") is None
    assert joiner.add(PartHead(7, 2, parity), b"") is None, "a place that cannot be"


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 15), st.integers(1, 16), st.integers(0, 3), st.binary(max_size=3)),
        max_size=60,
    )
)
def test_whatever_is_joined_has_the_right_parity(shown: list[tuple[int, int, int, bytes]]) -> None:
    joiner = PartJoiner()
    for place, parts, parity, raw in shown:
        whole = joiner.add(PartHead(place, parts, parity), raw)
        assert whole is None or reduce(xor, whole, 0) == parity
        assert len(joiner._parts) <= 16


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from([(1, ERROR_CORRECT_L), (4, ERROR_CORRECT_M), (10, ERROR_CORRECT_H)]))
def test_errors_are_taken_out_or_said(data: st.DataObject, kind: tuple[int, int]) -> None:
    block = rs_blocks(*kind)[:1]
    buffer = BitBuffer()
    wanted = data.draw(st.binary(min_size=block[0].data_count, max_size=block[0].data_count).filter(any))
    for each in wanted:
        buffer.put(each, 8)
    codewords = create_bytes(buffer, block)
    parity = block[0].total_count - block[0].data_count
    places = data.draw(st.sets(st.integers(0, len(codewords) - 1), max_size=parity // 2 + 2))
    spoilt = list(codewords)
    for place in places:
        spoilt[place] ^= data.draw(st.integers(1, 255))
    corrected = correct(spoilt, parity)
    if len(places) <= parity // 2:
        assert corrected == codewords
    else:
        assert corrected is None or corrected != spoilt
