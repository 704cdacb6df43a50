"""The filled form as a PDF/A-2u file (ISO 19005-2) that the citizen keeps and departments can verify."""

import base64
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import typst
from PIL import Image

from onething.domain.form_content import FormContent, FormField

from .fonts import typesetting_fonts
from .glyphs import MissingGlyphs, find_missing, name_missing
from .qr_code import draw_qr

TEMPLATE: Final = Path(__file__).with_name("form.typ").read_bytes()
COUNTY_TIME: Final = ZoneInfo("Asia/Shanghai")
PDF_STANDARD: Final = "a-2u"
WIDE_VALUE: Final = 15  # full-width characters that still fit half a line
MARKS: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
MOST_SIGNATURE_PIXELS: Final = 4_000_000


class FormNotRendered(Exception):
    """The form could not be typeset; `reason` is stable, the text says what typst said."""

    reason = "form_not_rendered"


def render_form(content: FormContent, *, name_missing_glyphs: bool = False) -> bytes:
    """Return the form as PDF bytes; the same content gives the same bytes.

    A character no font has raises MissingGlyphs, or with `name_missing_glyphs` is printed as its number
    (〔U+323AF〕) with a note that says so.

    Raises: MissingGlyphs, FontsMissing, FormNotRendered, ValueError (a QR payload that is not ASCII, a
    signature that is no PNG).
    """
    missing = find_missing(_texts(content))
    if missing and not name_missing_glyphs:
        raise MissingGlyphs(missing)
    return typeset(form_input(content, missing), content.printed_at or content.submitted_at)


class TypstForms:
    """Prints forms (ports.FormPrinter); a character no font has is printed as its number and said so."""

    def render(self, content: FormContent) -> bytes:
        """Return the form as PDF bytes. Raises: FontsMissing, FormNotRendered."""
        return render_form(content, name_missing_glyphs=True)


def form_input(content: FormContent, missing: str = "") -> str:
    """Return what the template reads, as JSON: plain data, marks numbered, pictures as SVG."""
    marks = _number_sources(content)
    laid_out = asdict(content)
    laid_out["sections"] = [
        {"zh": section.zh, "en": section.en, "fields": [_laid_out(field, marks) for field in section.fields]}
        for section in content.sections
    ]
    laid_out |= {
        "sources": [{"mark": mark, "zh": zh, "as_of": as_of} for (zh, as_of), mark in marks.items()],
        "unmarked": any(not field.source_zh for section in content.sections for field in section.fields),
        "submitted_at": _county_time(content.submitted_at),
        "printed_at": _county_time(content.printed_at or content.submitted_at),
        "qr": draw_qr(content.verify_qr),
        "signature": _signature_svg(content.signature_png) if content.signature_png else "",
        "signature_png": None,
        "others": [
            {"zh": each.role_zh, "en": each.role_en, "name": each.name, "picture": _signature_svg(each.png)}
            for each in content.others
        ],
        "missing": [f"U+{ord(character):04X}" for character in missing],
    }
    return name_missing(json.dumps(laid_out, ensure_ascii=False), missing)


def typeset(form_json: str, printed_at: datetime) -> bytes:
    """Compile the template over ready input. Raises: FormNotRendered."""
    compiler = typst.Compiler(TEMPLATE, font_paths=typesetting_fonts(), sys_inputs={"form": form_json})
    moment = int(printed_at.timestamp())
    try:
        pdf = compiler.compile(format="pdf", pdf_standards=[PDF_STANDARD], timestamp=moment)
    except typst.TypstError as error:
        raise FormNotRendered(str(error)) from error
    if not isinstance(pdf, bytes):
        raise FormNotRendered("typst gave no PDF")
    return pdf


def _require_whole_png(png: bytes) -> tuple[int, int]:
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
            size = image.size
            image.verify()
    except (OSError, SyntaxError, ValueError) as error:
        raise ValueError("a signature is a whole PNG") from error
    if size[0] * size[1] > MOST_SIGNATURE_PIXELS:
        raise ValueError("a signature is a small PNG")
    return size


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))


def _number_sources(content: FormContent) -> dict[tuple[str, str], str]:
    """Return a mark for each (source, date), in the order in which the form first shows them."""
    sources = dict.fromkeys(
        (field.source_zh, field.as_of)
        for section in content.sections
        for field in section.fields
        if field.source_zh
    )
    return {source: _mark(number) for number, source in enumerate(sources)}


def _mark(number: int) -> str:
    return MARKS[number] if number < len(MARKS) else f"[{number + 1}]"


def _laid_out(field: FormField, marks: dict[tuple[str, str], str]) -> dict[str, Any]:
    mark = marks.get((field.source_zh, field.as_of), "")
    return {"zh": field.zh, "en": field.en, "value": field.value, "mark": mark, "wide": _is_wide(field.value)}


def _is_wide(value: str) -> bool:
    return sum(0.55 if character.isascii() else 1.0 for character in value) > WIDE_VALUE


def _county_time(moment: datetime) -> str:
    return moment.astimezone(COUNTY_TIME).strftime("%Y-%m-%d %H:%M")


def _signature_svg(png: bytes) -> str:
    # typst takes pictures as text only inside SVG, where a damaged one would be left out without a word
    width, height = _require_whole_png(png)
    picture = base64.b64encode(png).decode("ascii")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{picture}"/></svg>'
    )
