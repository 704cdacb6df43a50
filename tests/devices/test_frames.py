"""The SAM-V frame against the published bytes, and against any bytes at all."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from devices.id_card import commands
from devices.id_card.frames import LONGEST, PREAMBLE, FrameParser, Reply, build_frame, checksum

from ..fuzz.fuzz_card_reader import STREAMS, try_stream

SHORT = settings(max_examples=60, deadline=None)

REQUESTS = [
    (commands.RESET, "0003 10FF EC"),
    (commands.STATUS, "0003 11FF ED"),
    (commands.SAM_ID, "0003 12FF EE"),
    (commands.FIND, "0003 2001 22"),
    (commands.SELECT, "0003 2002 21"),
    (commands.READ, "0003 3001 32"),
    (commands.READ_WITH_FINGERPRINT, "0003 3010 23"),
    (commands.NEWEST_ADDRESS, "0003 3003 30"),
    (commands.set_speed(115200), "0003 6000 63"),
    (commands.set_speed(9600), "0003 6004 67"),
]
REPLIES = [
    ("000060", "0004 000060 64"),
    ("000091", "0004 000091 95"),
    ("000090", "0004 000090 94"),
    ("00009F00000000", "0008 00009F 00000000 97"),
    ("0000900000000000000000", "000C 000090 0000000000000000 9C"),
    ("000080", "0004 000080 84"),
    ("000081", "0004 000081 85"),
    ("000041", "0004 000041 45"),
]

bodies = st.binary(min_size=3, max_size=1300)


@pytest.mark.parametrize(("command", "published"), REQUESTS)
def test_requests_are_the_published_bytes(command: commands.Command, published: str) -> None:
    assert build_frame(command.code) == PREAMBLE + bytes.fromhex(published)


@pytest.mark.parametrize(("body", "published"), REPLIES)
def test_replies_are_the_published_bytes(body: str, published: str) -> None:
    frame = PREAMBLE + bytes.fromhex(published)
    assert FrameParser().feed(frame) == [bytes.fromhex(body)]
    assert build_frame(bytes.fromhex(body)) == frame


def test_a_whole_read_is_1295_bytes() -> None:
    frame = build_frame(bytes.fromhex("000090") + bytes.fromhex("01000400") + bytes(1280))
    assert len(frame) == 1295
    assert frame[5:7].hex() == "0508"


@pytest.mark.parametrize(
    ("fingerprint_bytes", "length", "whole"), [(1024, "090a", 2321), (512, "070a", 1809), (0, "050a", 1297)]
)
def test_a_read_with_fingerprint_has_the_published_lengths(
    fingerprint_bytes: int, length: str, whole: int
) -> None:
    frame = build_frame(bytes(3 + 6 + 1280 + fingerprint_bytes))
    assert (frame[5:7].hex(), len(frame)) == (length, whole)


@SHORT
@given(st.lists(bodies, max_size=4), st.data())
def test_any_splitting_gives_the_same_frames(wanted: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(map(build_frame, wanted))
    parser, got = FrameParser(), []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        got += parser.feed(stream[:size])
        stream = stream[size:]
    assert got == wanted
    assert parser.dropped_bytes == 0


@SHORT
@given(st.binary(max_size=300), bodies)
def test_a_frame_after_garbage_is_found(garbage: bytes, body: bytes) -> None:
    # a frame's beginning in the garbage may claim what follows; giving it up brings back what it claimed
    parser = FrameParser()
    got = parser.feed(garbage + build_frame(body))
    got += parser.break_off()
    assert body in got


@SHORT
@given(bodies, st.data())
def test_a_flipped_bit_never_passes(body: bytes, data: st.DataObject) -> None:
    frame = bytearray(build_frame(body))
    at = data.draw(st.integers(7, len(frame) - 1))
    frame[at] ^= 1 << data.draw(st.integers(0, 7))
    assert body not in FrameParser().feed(bytes(frame))


@SHORT
@given(bodies, st.data())
def test_a_frame_cut_short_is_never_passed_and_the_next_one_is(body: bytes, data: st.DataObject) -> None:
    cut = build_frame(body)[: data.draw(st.integers(0, len(body) + 7))]
    parser = FrameParser()
    assert parser.feed(cut) == []
    good = build_frame(b"\0\0\x90")
    claimed = (cut + good)[5 : 5 + 2 + 1 + len(body)]
    # one stretch in 256 has the right XOR by chance: to the frame it is then whole
    assume(len(claimed) < len(body) + 3 or checksum(claimed))
    got = parser.feed(good) + parser.break_off()
    assert b"\0\0\x90" in got


@SHORT
@given(bodies, st.data())
def test_a_frame_after_silence_is_found_whatever_was_cut(body: bytes, data: st.DataObject) -> None:
    parser = FrameParser()
    parser.feed(build_frame(body)[: data.draw(st.integers(0, len(body) + 7))])
    assert parser.break_off() == []
    assert parser.feed(build_frame(b"\0\0\x90")) == [b"\0\0\x90"]


@SHORT
@given(st.lists(st.binary(max_size=3 * LONGEST), max_size=5))
def test_the_buffer_is_bounded_whatever_comes(chunks: list[bytes]) -> None:
    parser = FrameParser()
    for chunk in chunks:
        parser.feed(PREAMBLE + b"\x0f\xff" + chunk)
        assert parser.held_bytes <= LONGEST + len(PREAMBLE) + 2


def test_every_cut_of_a_card_read_passes_nothing() -> None:
    frame = build_frame(bytes.fromhex("00009001000400") + bytes(range(256)) * 5)
    for length in range(len(frame)):
        parser = FrameParser()
        assert parser.feed(frame[:length]) == []
        assert parser.break_off() == []


@pytest.mark.parametrize("length", ["0000", "0003", "FFFF"])
def test_impossible_lengths_are_passed_over(length: str) -> None:
    parser = FrameParser(shortest=4)
    good = build_frame(b"\0\0\x90")
    assert parser.feed(PREAMBLE + bytes.fromhex(length) + good) == [b"\0\0\x90"]
    assert parser.bad_frames == 1


def test_a_longer_run_of_the_first_byte_is_no_obstacle() -> None:
    assert FrameParser().feed(b"\xaa\xaa" + build_frame(b"\0\0\x90")) == [b"\0\0\x90"]


def test_nothing_of_a_frame_stays_in_the_parser() -> None:
    parser = FrameParser()
    secret = "411599199406080020".encode("utf-16-le")
    bodies = parser.feed(build_frame(b"\0\0\x90" + secret) + build_frame(secret)[:30])
    assert secret not in parser._memory
    parser.clear()
    assert not any(parser._memory)
    reply = Reply.of(bodies[0])
    assert reply.data == secret
    assert "4" not in repr(reply).replace("0x", "").partition("data")[2]
    reply.wipe()
    assert not any(bodies[0][3:])


@SHORT
@given(st.integers(0, 255), STREAMS)
def test_the_long_fuzz_target_holds_in_short(step: int, stream: bytes) -> None:
    try_stream(bytes([step]) + stream)
