"""Working procedures and clerks' handbooks as PDF/A-2u files (ISO 19005-2), fit to hang on a wall."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import typst

from onething.domain.handbook import Handbook
from onething.domain.procedures import Procedure

from .fonts import SANS_CHAIN, typesetting_fonts
from .glyphs import find_missing, name_missing

TEMPLATE: Final = Path(__file__).with_name("procedure.typ").read_bytes()
COUNTY_TIME: Final = ZoneInfo("Asia/Shanghai")
PDF_STANDARD: Final = "a-2u"


class ProcedureNotRendered(Exception):
    """A procedure could not be typeset; `reason` is stable, the text says what typst said."""

    reason = "procedure_not_rendered"


def render_handbook(handbook: Handbook, published_at: datetime) -> bytes:
    """Return a one-thing's handbook with every matter's procedure behind it, as PDF bytes.

    The same content and moment give the same bytes. Raises: FontsMissing, ProcedureNotRendered.
    """
    book = asdict(handbook)
    procedures = book.pop("procedures")
    title = f"{handbook.label.zh}业务手册"
    return _typeset(
        {**_cover(title, handbook, published_at), "book": book, "procedures": procedures}, published_at
    )


def render_procedure(handbook: Handbook, procedure: Procedure, published_at: datetime) -> bytes:
    """Return one matter's working procedure as PDF bytes.

    Raises: FontsMissing, ProcedureNotRendered.
    """
    title = f"{procedure.label.zh}工作规程"
    return _typeset(
        {**_cover(title, handbook, published_at), "book": None, "procedures": [asdict(procedure)]},
        published_at,
    )


def _cover(title: str, handbook: Handbook, published_at: datetime) -> dict[str, Any]:
    return {
        "title_zh": title,
        "county": asdict(handbook.county),
        "revision": handbook.revision,
        "published_on": published_at.astimezone(COUNTY_TIME).date().isoformat(),
    }


def _typeset(content: Mapping[str, Any], published_at: datetime) -> bytes:
    text = json.dumps(content, ensure_ascii=False)
    ready = name_missing(text, find_missing([text], SANS_CHAIN))
    compiler = typst.Compiler(TEMPLATE, font_paths=typesetting_fonts(), sys_inputs={"book": ready})
    try:
        pdf = compiler.compile(
            format="pdf", pdf_standards=[PDF_STANDARD], timestamp=int(published_at.timestamp())
        )
    except typst.TypstError as error:
        raise ProcedureNotRendered(str(error)) from error
    if not isinstance(pdf, bytes):
        raise ProcedureNotRendered("typst gave no PDF")
    return pdf
