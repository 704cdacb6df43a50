"""Noise on the line: the driver's reader and the simulated printer take any bytes and go on."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from devices.receipt_printer.simulated_printer import PrinterFaults, SimulatedPrinter
from devices.receipt_printer.status import AnswerParser

ANYTHING = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# the beginnings of commands, so that noise gets further than their first byte
COMMANDS = st.sampled_from(
    [b"\x1b@", b"\x1c&", b"\x1d!", b"\x1d(k", b"\x1dv0\0", b"\x1dV", b"\x1b$", b"\x1b\\", b"\x1d(H", b"\x1bd"]
    + [b"\x1d(k\x03\x001Q0", b"\x1d(k\x03\x001E", b"\x10\x04\x01", b"\x10\x14\x08", b"\x1da\xff", b"\x1dI"]
)
STREAM = st.lists(st.binary(max_size=12) | COMMANDS, max_size=12).map(b"".join)


@ANYTHING
@given(st.binary(max_size=200), st.integers(0, 200))
def test_any_answer_is_taken_and_little_is_kept(noise: bytes, cut: int) -> None:
    parser, whole = AnswerParser(), AnswerParser()
    answers = parser.feed(noise[:cut]) + parser.feed(noise[cut:])
    assert answers == whole.feed(noise)
    assert len(parser._buffer) <= 6
    assert sum(len(answer.raw) for answer in answers) <= len(noise)


@ANYTHING
@given(st.binary(max_size=60))
def test_after_a_pause_of_silence_answers_are_understood_again(noise: bytes) -> None:
    parser = AnswerParser()
    parser.feed(noise)
    parser.feed(b"\xff" * 6)  # no answer begins with it, so it fills up whatever was begun
    assert [answer.kind for answer in parser.feed(b"\x12\x00")] == ["real_time", "paper"]


@ANYTHING
@given(STREAM)
@example(b"\x1d(k\x00\x00")
@example(b"\x1d(k\x03\x001Q0")
@example(b"\x1d(k\x03\x001E\xff\x1d(k\x03\x001Q0")
@example(b"\x1dv0\0\xff\xff\x00\x00")
def test_the_simulated_printer_survives_any_bytes(stream: bytes) -> None:
    printer = SimulatedPrinter(384)
    printer.receive(stream)
    printer.work()
    printer.receive(b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08" + bytes(10))
    printer.lose_power()
    assert len(printer.paper.list_slips()) < 200
    printer.receive(b"\x1b@\x1c&" + "还在".encode("gb18030") + b"\n\x1dVA\0\x1dr\x01")
    assert printer.work().endswith(b"\x00")
    assert printer.paper.slips[-1].lines == ["还在"]


@pytest.mark.parametrize("name", ["paper", "no_such_fault", ""])
def test_a_fault_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no such fault"):
        PrinterFaults.from_json({name: True})
