"""receiptline, which nobody here wrote, encodes Chinese text into the same GB18030 bytes as we do."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from devices.receipt_printer.encoding import encode_slip, is_in_rom
from devices.receipt_printer.layout import Line
from devices.receipt_printer.profile import get_profile
from tests.devices.judges_printing.node_judge import NodeJudge

NUMBERED = get_profile("80mm-numbered")
TEXTS = [
    "新县政务服务中心",
    "一件事一次办",
    "收件时间",
    "，。；：？！（）《》",
    "㐂䶮㛃",
    "张㐂三",
    "中国人民",
]


@pytest.fixture(scope="module")
def receiptline() -> Iterator[NodeJudge]:
    judge = NodeJudge("receiptline_encoder.mjs")
    yield judge
    judge.end()


def _ours(text: str) -> str:
    data = encode_slip([Line(text)], replace(NUMBERED, columns=48))
    return data.split(b"\x1d!\x00", 1)[1].removesuffix(b"\n").hex()


@pytest.mark.parametrize("text", TEXTS)
def test_the_same_text_is_the_same_bytes(receiptline: NodeJudge, text: str) -> None:
    assert receiptline.ask(json.dumps(text)) == _ours(text)


def test_every_character_of_the_rom_is_the_same_bytes(receiptline: NodeJudge) -> None:
    """All that go out as text: the unified ideographs, extension A, full-width forms and punctuation."""
    places = [*range(0x3400, 0x4DB6), *range(0x4E00, 0x9FA6), *range(0x3001, 0x3012), *range(0xFF01, 0xFF5F)]
    chars = [chr(place) for place in places if is_in_rom(chr(place), "gb18030")]
    assert len(chars) > 27000
    for start in range(0, len(chars), 20):
        text = "".join(chars[start : start + 20])
        assert receiptline.ask(json.dumps(text)) == _ours(text), text
