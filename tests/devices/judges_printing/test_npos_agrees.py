"""npos, which nobody here wrote, takes our receipts apart: our commands, our text, and nothing else.

It throws on a command that it does not know, so a stray control byte cannot hide.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from devices.receipt_printer.encoding import STATUS_BACK_OFF, encode_slip
from devices.receipt_printer.layout import Line, lay_out
from devices.receipt_printer.link import PAPER_MARKER
from devices.receipt_printer.profile import get_profile
from devices.receipt_printer.slip import Cut, Element, Pair, Text
from tests.devices.judges_printing.node_judge import NodeJudge
from tests.devices.printing import SLIP

OURS = {"ESC @", "GS a", "FS &", "ESC a", "ESC E", "GS !", "GS v0", "ESC d", "GS V", "GS (k", "GS r"}
HOSTILE = (
    "\x1b\x1d\x1c\x10\x04\x14@V\x00\n\r\t\x7f\x80\x9b\u202e\u2066\u200d\ufeff\ue000¥€张䶮𠮷A \x05\x0c\x18"
)


@pytest.fixture(scope="module")
def npos() -> Iterator[NodeJudge]:
    judge = NodeJudge("npos_reader.mjs")
    yield judge
    judge.end()


def _read(npos: NodeJudge, slip: list[Element], profile: str = "80mm") -> dict[str, Any]:
    kind = get_profile(profile)
    data = encode_slip(lay_out(slip, kind.columns), kind) + STATUS_BACK_OFF + PAPER_MARKER
    told: dict[str, Any] = json.loads(npos.ask(data.hex()))
    return told


def _lines(told: dict[str, Any]) -> list[str]:
    return "".join(told["text"]).removesuffix("\n").split("\n")


@pytest.mark.parametrize("profile", ["80mm", "58mm", "80mm-512", "80mm-numbered", "80mm-simple"])
def test_a_receipt_is_what_we_meant(npos: NodeJudge, profile: str) -> None:
    told = _read(npos, SLIP, profile)
    assert "error" not in told
    assert set(told["commands"]) <= OURS
    assert told["commands"][0] == "ESC @"
    assert told["commands"][-1] == "GS r"
    assert told["commands"].count("GS V") == (get_profile(profile).cutter != "none")
    words = " ".join(_lines(told))
    for word in ("新县政务服务中心", "办件编号", "7KQ2-M9XD-4", "费用 ￥0.00"):
        assert word in words


def test_four_byte_characters_are_read_back(npos: NodeJudge) -> None:
    told = _read(npos, [Text("张䶮㐂三"), Cut()], "80mm-numbered")
    assert _lines(told) == ["张䶮㐂三"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from(HOSTILE), max_size=40) | st.text(max_size=60), st.text(max_size=20))
@example("\x1b@\x1dV\x00\x10\x04\x01\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08", "\x1cp\x01\x00")
def test_what_people_wrote_is_never_a_command(npos: NodeJudge, name: str, address: str) -> None:
    told = _read(npos, [Text(name, bold=True), Pair(name, address)])
    assert "error" not in told
    assert set(told["commands"]) <= OURS - {"GS V", "GS (k", "ESC d"}
    assert told["commands"].count("ESC @") == 1
    laid = lay_out([Text(name, bold=True), Pair(name, address)], 48)
    drawn = told["commands"].count("GS v0")
    assert len([line for line in _lines(told) if line]) <= len(laid)
    written = [line.text for line in laid if isinstance(line, Line) and line.text in "".join(told["text"])]
    assert len(written) + drawn >= len(laid)
