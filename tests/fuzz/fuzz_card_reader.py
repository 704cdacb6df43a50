"""Any bytes at all on the card reader's wire: no exception, no wrong card, bounded memory.

    python -m tests.fuzz.fuzz_card_reader [SECONDS]

A long run is not part of `make test`. With atheris installed (coverage-guided; not among our locked packages)
each input it finds is tried; without it hypothesis makes them, from frames and pieces of frames. Ends at
the first input that breaks a promise, or after so many seconds (default 60).
"""

import inspect
import sys
import time
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import Process
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from types import ModuleType
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from devices.errors import Refused
from devices.id_card import card_data, frames, text_block
from devices.id_card.card import IdCard
from devices.id_card.card_data import parse_card_data
from devices.id_card.card_number import check_digit, is_valid_number
from devices.id_card.frames import LONGEST, PREAMBLE, FrameParser, Reply, build_frame, checksum
from devices.id_card.text_block import encode_text_block

DEFAULT_SECONDS = 60
_HEAD = len(PREAMBLE) + 2
# invented: there is no county 411599
_CARD = IdCard(
    kind="resident",
    name="张𠮷䶮",
    sex="2",
    ethnicity="01",
    birth_on=date(1994, 6, 8),
    address="河南省新县虚构路1号",
    id_number="41159919940608002" + check_digit("41159919940608002"),
    authority="新县公安局",
    valid_from=date(2014, 3, 1),
    valid_to=None,
)
_READ = build_frame(bytes.fromhex("00009001000400") + encode_text_block(_CARD) + bytes(1024))
_PIECES = st.sampled_from(
    [
        PREAMBLE,
        PREAMBLE[:-1],
        PREAMBLE + b"\x05\x08",
        PREAMBLE + b"\xff\xff",
        build_frame(b"\0\0\x90"),
        _READ,
        _READ[:700],
        _READ[14:],
        build_frame(b"\0\0\x9f\0\0\0\0")[:-1],
    ]
)
STREAMS = st.lists(st.binary(max_size=300) | _PIECES | st.binary().map(build_frame), max_size=12).map(
    b"".join
)


def try_stream(data: bytes) -> None:
    """One input: the first byte says in what pieces the rest arrives. AssertionError for a broken promise."""
    step = data[0] + 1 if data else 1
    stream = data[1:]
    parser, bodies = FrameParser(), []
    for start in range(0, len(stream), step):
        bodies += parser.feed(stream[start : start + step])
        assert parser.held_bytes <= LONGEST + _HEAD
    bodies += parser.break_off()
    assert parser.held_bytes == 0
    assert not any(parser._memory)
    for body in bodies:
        assert checksum(body) ^ checksum((len(body) + 1).to_bytes(2, "big")) in stream
        _try_reply(Reply.of(body))
    whole = sum(len(body) + _HEAD + 1 for body in bodies)
    assert whole + parser.dropped_bytes == len(stream)
    # and as if the checksum had been right: a fuzzer seldom finds that out by itself
    _try_reply(Reply.of(bytearray(b"\0\0\x90" + stream)))


def _try_reply(reply: Reply) -> None:
    for parts in (2, 3):
        try:
            card = parse_card_data(reply.data, parts=parts)
        except Refused:
            continue
        assert card.kind == "foreigner_2017" or is_valid_number(card.id_number)
    reply.wipe()
    assert not any(reply.data)


def _run_hypothesis(seconds: float) -> int:
    """How many inputs were tried until the time was over."""
    ends_at = time.monotonic() + seconds
    tried = 0

    @settings(max_examples=2000, deadline=None, database=None, suppress_health_check=list(HealthCheck),
              phases=(Phase.generate, Phase.shrink))  # fmt: skip
    @given(st.integers(0, 255), STREAMS)
    def tries(step: int, stream: bytes) -> None:
        nonlocal tried
        # what is left of a round when the time is over costs nothing
        if time.monotonic() < ends_at:
            tried += 1
            try_stream(bytes([step]) + stream)

    while time.monotonic() < ends_at:
        tries()
    return tried


def main() -> int:
    """Fuzz with what is installed; 0 when no promise was broken."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_SECONDS
    if find_spec("atheris") is None:
        print(f"hypothesis: {_run_hypothesis(seconds)} inputs, no promise broken", flush=True)
        return 0
    with TemporaryDirectory() as seeds:
        for number, seed in enumerate((_READ, _READ[10:-1], _READ * 2)):
            Path(seeds, str(number)).write_bytes(b"\x3f" + seed)
        # it leaves by the back door, so it gets a process of its own
        fuzzing = Process(target=_run_atheris, args=(seconds, seeds))
        fuzzing.start()
        fuzzing.join()
        return fuzzing.exitcode or 0


def _functions_of(module: ModuleType) -> Iterator[Any]:
    """The functions and methods that a module itself defines."""
    for value in vars(module).values():
        if getattr(value, "__module__", "") != module.__name__:
            continue
        methods = vars(value).values() if inspect.isclass(value) else [value]
        yield from filter(inspect.isfunction, methods)


def _run_atheris(seconds: float, seeds: str) -> None:
    atheris = import_module("atheris")
    for module in (frames, card_data, text_block):
        for function in _functions_of(module):
            atheris.instrument_func(function)
    limits = [f"-max_total_time={int(seconds)}", "-max_len=6000", f"-artifact_prefix={gettempdir()}/"]
    atheris.Setup([sys.argv[0], *limits, seeds], try_stream)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
