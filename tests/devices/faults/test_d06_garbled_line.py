"""Garbage, wrong checksums, split and glued frames: the next whole frame is found, nothing wrong passes."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices.id_card.card import IdCard
from devices.id_card.faults import FAULTS
from devices.id_card.frames import PREAMBLE, build_frame
from devices.simulator_process import SimulatorProcess

from ..id_card_wires import (
    HASTY,
    IS_ALL,
    PATIENT,
    WIRES,
    answer_or_reason,
    open_reader,
    read_in_three,
    take_bytes,
)

READ = 1295
OUTLIVED = [
    {"garbage_before": "00ff55aa"},
    {"garbage_before": "aaaaaa9669"},
    {"garbage_before": "aaaaaa96690004000090"},
    {"garbage_before": "aaaa", "garbage_after": "aaaaaa96"},
    {"garbage_after": "ff" * 40},
    {"piece_bytes": 1},
    {"piece_bytes": 7},
    {"is_glued": True},
    {"on": "3001", "times": 1, "wrong_checksum": True},
    {"on": "3001", "times": 1, "status": "000010"},
    {"delay_s": 0.02},
]


@pytest.mark.parametrize("fault", OUTLIVED, ids=str)
@pytest.mark.parametrize("wire", WIRES)
def test_a_bad_line_is_outlived(
    reader_simulator: SimulatorProcess, resident_card: IdCard, wire: str, fault: dict[str, object]
) -> None:
    reader_simulator.put("/card", resident_card.to_json())
    reader_simulator.put("/faults", fault)
    reader = open_reader(reader_simulator, wire, PATIENT)
    assert reader.read() == resident_card
    assert reader.is_card_present()
    reader.close()


@pytest.mark.parametrize("at", take_bytes(READ))
def test_an_answer_cut_at_any_byte_is_asked_for_again(
    reader_simulator: SimulatorProcess, resident_card: IdCard, at: int
) -> None:
    reader_simulator.put("/card", resident_card.to_json())
    reader = open_reader(reader_simulator, "serial", HASTY)
    reader_simulator.put("/faults", {"on": "3001", "times": 1, "cut_after_bytes": at})
    # not one byte is silence, and a module that was silent is reset: the person lays the card down again
    expected = resident_card if at else "reader_restarted"
    assert answer_or_reason(reader.read) == expected
    assert read_in_three(reader) == resident_card
    reader.close()


# what a bad line is made of: any bytes, and pieces of frames, which are the worst of them
PIECES = st.sampled_from(
    [PREAMBLE, PREAMBLE[:3], PREAMBLE + b"\x05\x08", build_frame(b"\0\0\x90")[:-1], build_frame(b"\0\0\x9f")]
)
NOISE = st.lists(st.binary(max_size=40) | PIECES, max_size=6).map(b"".join)


@settings(
    max_examples=400 if IS_ALL else 25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(before=NOISE, after=NOISE, piece=st.sampled_from([0, 1, 3, 64]), is_glued=st.booleans())
def test_whatever_the_line_adds_the_card_is_right_or_refused(
    reader_simulator: SimulatorProcess,
    resident_card: IdCard,
    before: bytes,
    after: bytes,
    piece: int,
    is_glued: bool,
) -> None:
    reader_simulator.put("/card", resident_card.to_json())
    noise = {"garbage_before": before.hex(), "garbage_after": after.hex()}
    reader_simulator.put("/faults", {**noise, "piece_bytes": piece, "is_glued": is_glued})
    reader = open_reader(reader_simulator, "serial", HASTY)
    # one stretch of noise in 256 has the right XOR and may mean anything but a card
    assert answer_or_reason(reader.read) in {resident_card, *FAULTS.faults} - {"reader_gone", "reader_busy"}
    reader_simulator.put("/faults", {})
    assert read_in_three(reader) == resident_card
    reader.close()
