"""Takes one uploaded or scanned file and gives its clean pages."""

from dataclasses import dataclass
from typing import Final

from .clean import CleanPage
from .headers import read_size
from .kind import PDF, read_kind
from .limits import MIB, PaperLimits
from .refusals import PaperRefused
from .workroom import Job, workroom_for

DEFAULT_LIMITS: Final = PaperLimits()
SIGNATURE_LIMITS: Final = PaperLimits(size_bytes=2 * MIB, pixels=4_000_000, seconds=5.0, cpu_seconds=5)


@dataclass(frozen=True)
class TakenPaper:
    """The pages of one file, in order; `media_type` is what was handed in, `cpu_seconds` what it cost."""

    pages: tuple[CleanPage, ...]
    media_type: str
    cpu_seconds: float


def take_photograph(data: bytes, *, limits: PaperLimits = DEFAULT_LIMITS) -> TakenPaper:
    """Return the pages as `take_page` does, of a picture that a camera took: it must be readable.

    Raises: PaperRefused, also `blurred` and `not_a_page`.
    """
    return _take(data, limits, photograph=True)


def take_page(data: bytes, *, limits: PaperLimits = DEFAULT_LIMITS) -> TakenPaper:
    """Return the clean pages of a JPEG, PNG or PDF; no byte of the file handed in is among them.

    Cheap judgements (size, kind, stated pixels) are made here; decoding happens in a confined process.

    Raises: PaperRefused, whose `reason` is one of refusals.SENTENCES.
    """
    return _take(data, limits, photograph=False)


def _take(data: bytes, limits: PaperLimits, *, photograph: bool) -> TakenPaper:
    if len(data) > limits.size_bytes:
        raise PaperRefused("too_large", limit=limits.size_bytes // MIB)
    media_type = read_kind(data)
    if media_type != PDF:
        _require_few_pixels(read_size(data, media_type), limits)
    job = Job(data, media_type, limits, photograph=photograph)
    pages, cpu_seconds = workroom_for(limits).read(job)
    return TakenPaper(tuple(pages), media_type, cpu_seconds)


def take_signature(data: bytes, *, limits: PaperLimits = SIGNATURE_LIMITS) -> CleanPage:
    """Return a hand-written signature (PNG or JPEG) as PNG: its strokes in ink on a transparent ground.

    Raises: PaperRefused, also `no_ink` when nothing was written.
    """
    if len(data) > limits.size_bytes:
        raise PaperRefused("too_large", limit=limits.size_bytes // MIB)
    media_type = read_kind(data)
    if media_type == PDF:
        raise PaperRefused("not_an_image")
    _require_few_pixels(read_size(data, media_type), limits)
    pages, _ = workroom_for(limits).read(Job(data, media_type, limits, signature=True))
    return pages[0]


def _require_few_pixels(size: tuple[int, int], limits: PaperLimits) -> None:
    if size[0] * size[1] > limits.pixels:
        raise PaperRefused("too_many_pixels", limit=limits.pixels // 10_000)
