"""Judges a PDF by walking its objects, then draws its pages; nothing of the file itself is kept."""

import io
from collections.abc import Iterator
from typing import Any, Final

import cv2
import numpy as np
import pikepdf
import pypdfium2

from .limits import PaperLimits
from .refusals import PaperRefused
from .sheets import Picture

ACTIVE_KEYS: Final = frozenset(
    {"/JS", "/JavaScript", "/AA", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/XFA", "/EF"}
)
ACTIVE_ACTIONS: Final = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToE",
        "/Rendition",
        "/RichMediaExecute",
        "/Movie",
    }
)
MOST_OBJECTS: Final = 50_000
DEEPEST: Final = 40
POINTS_PER_INCH: Final = 72.0
DOTS_PER_INCH: Final = 300.0


def require_harmless(data: bytes, limits: PaperLimits) -> None:
    """Raise PaperRefused when the PDF (ISO 32000) is encrypted, too long, broken, or can act by itself.

    An OpenAction that only names the page to show first is no action and passes.
    """
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            if document.is_encrypted:
                raise PaperRefused("pdf_encrypted")
            _require_few_pages(document, limits)
            for item in _all_objects(document):
                _require_passive(item, 0)
    except pikepdf.PasswordError as error:
        raise PaperRefused("pdf_encrypted") from error
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise PaperRefused("damaged") from error


def _require_few_pages(document: pikepdf.Pdf, limits: PaperLimits) -> None:
    count = len(document.pages)
    if count > limits.pages:
        raise PaperRefused("too_many_pages", limit=limits.pages)
    if count == 0:
        raise PaperRefused("damaged")


def _all_objects(document: pikepdf.Pdf) -> Iterator[Any]:
    yield document.trailer
    if len(document.objects) > MOST_OBJECTS:
        raise PaperRefused("damaged")
    yield from document.objects


def _require_passive(item: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise PaperRefused("damaged")
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        for key, value in item.items():
            _require_passive_entry(key, value)
            if not _is_indirect(value):
                _require_passive(value, depth + 1)
    elif isinstance(item, pikepdf.Array):
        for value in item:
            if not _is_indirect(value):
                _require_passive(value, depth + 1)


def _require_passive_entry(key: str, value: Any) -> None:
    if key in ACTIVE_KEYS or (key == "/OpenAction" and not _is_destination(value)):
        raise PaperRefused("pdf_active_content")
    if key == "/S" and isinstance(value, pikepdf.Name) and str(value) in ACTIVE_ACTIONS:
        raise PaperRefused("pdf_active_content")


def _is_destination(value: Any) -> bool:
    if isinstance(value, pikepdf.Dictionary):
        return value.get("/S") == pikepdf.Name("/GoTo") and "/Next" not in value
    return isinstance(value, pikepdf.Array | pikepdf.Name | pikepdf.String)


def _is_indirect(value: Any) -> bool:
    return isinstance(value, pikepdf.Object) and bool(value.is_indirect)


def draw_pages(data: bytes, limits: PaperLimits) -> Iterator[Picture]:
    """Yield each page as BGR pixels at 300 dots an inch, or less where `limits.long_side` asks for it.

    Raises: PaperRefused `damaged`.
    """
    try:
        document = pypdfium2.PdfDocument(data)
        for number in range(len(document)):
            page = document[number]
            yield _draw(page, limits)
            page.close()
    except pypdfium2.PdfiumError as error:
        raise PaperRefused("damaged") from error


def _draw(page: Any, limits: PaperLimits) -> Picture:
    longest = max(page.get_size())
    if longest < 1.0:
        raise PaperRefused("damaged")
    scale = min(DOTS_PER_INCH / POINTS_PER_INCH, limits.long_side / longest)
    pixels: Any = page.render(scale=scale, may_draw_forms=False, rev_byteorder=False).to_numpy()
    if pixels.ndim == 2 or pixels.shape[2] == 1:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR), np.uint8)
    return np.ascontiguousarray(pixels[:, :, :3], dtype=np.uint8)
