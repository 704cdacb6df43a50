"""The process that decodes: it is bound, it is replaced, and this process stays small."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from onething.paper.intake import take_page
from onething.paper.limits import MIB, PaperLimits
from onething.paper.refusals import PaperRefused
from onething.paper.workroom import Job, Workroom

from . import made_pages as made


@pytest.fixture(scope="module")
def page() -> bytes:
    """A readable page as JPEG."""
    return made.jpeg(made.written_page(1240, 1754))


@pytest.fixture
def workroom() -> Any:
    """A workroom of the test's own."""
    room = Workroom(at_once=2)
    yield room
    room.close()


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _reason(room: Workroom, data: bytes, media_type: str, limits: PaperLimits) -> str:
    with pytest.raises(PaperRefused) as caught:
        room.read(Job(data, media_type, limits))
    return caught.value.reason


def test_memory_of_this_process_stays_flat(page: bytes) -> None:
    bombs = [
        made.png_of_zeros(6_000, 6_000),
        made.png_with_text_bomb(256 * MIB),
        made.png_of_zeros(13_000, 13_000),
    ]
    take_page(page)
    before = _resident_bytes()
    for bomb in bombs * 2:
        with pytest.raises(PaperRefused):
            take_page(bomb)
    take_page(page)
    assert _resident_bytes() - before < 16 * MIB


def test_the_kernel_ends_what_takes_too_long(workroom: Workroom) -> None:
    slow = made.jpeg(made.written_page(4800, 6800))
    started = time.monotonic()
    assert _reason(workroom, slow, "image/jpeg", PaperLimits(seconds=0.05)) == "took_too_long"
    assert time.monotonic() - started < 3


def test_what_needs_too_much_memory_is_refused(workroom: Workroom) -> None:
    large = made.jpeg(made.written_page(4800, 6800))
    assert _reason(workroom, large, "image/jpeg", PaperLimits(memory_bytes=420 * MIB)) == "damaged"


def test_a_dead_process_is_replaced(workroom: Workroom, page: bytes) -> None:
    workroom.read(Job(page, "image/jpeg", PaperLimits()))
    first = workroom._process
    assert first is not None
    first.kill()
    first.wait()
    pages, _ = workroom.read(Job(page, "image/jpeg", PaperLimits()))
    assert len(pages) == 1
    assert workroom._process is not first


def test_the_decoding_process_inherits_no_secret(monkeypatch: Any, workroom: Workroom, page: bytes) -> None:
    monkeypatch.setenv("ONETHING_DATABASE_PASSWORD", "do-not-leak")
    workroom.read(Job(page, "image/jpeg", PaperLimits()))
    assert workroom._process is not None
    environment = Path(f"/proc/{workroom._process.pid}/environ").read_bytes()
    assert b"do-not-leak" not in environment


def test_it_ends_with_its_owner(page: bytes) -> None:
    room = Workroom(at_once=1)
    room.read(Job(page, "image/jpeg", PaperLimits()))
    process, control = room._process, room._control
    assert process is not None
    assert control is not None
    control.close()
    assert process.wait(timeout=5) == 0


def test_many_at_once_all_get_their_own_page(page: bytes) -> None:
    others = [made.jpeg(made.written_page(620 + 20 * n, 877)) for n in range(4)]
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(take_page, [page, *others] * 2))
    assert [paper.pages[0].width for paper in taken] == [1240, 620, 640, 660, 680] * 2
