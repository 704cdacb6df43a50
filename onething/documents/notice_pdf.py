"""Notices to the citizen as PDF/A-2u (ISO 19005-2): title, number, what was decided, why, and by when."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Final

import typst

from onething.documents.fonts import typesetting_fonts
from onething.documents.form_pdf import PDF_STANDARD
from onething.documents.glyphs import find_missing, name_missing
from onething.domain.notice_content import NoticeContent

TEMPLATE: Final = Path(__file__).with_name("notice.typ").read_bytes()


class TypstNotices:
    """Prints notices (``ports.NoticePrinter``)."""

    def render(self, content: NoticeContent) -> bytes:
        """The notice as PDF bytes; a character no font has is printed as its number."""
        return render_notice(content)


def render_notice(content: NoticeContent) -> bytes:
    """The notice as PDF bytes; the same content gives the same bytes. Raises: FontsMissing."""
    told = json.dumps(asdict(content), ensure_ascii=False)
    ready = name_missing(told, find_missing([told]))
    compiler = typst.Compiler(TEMPLATE, font_paths=typesetting_fonts(), sys_inputs={"notice": ready})
    pdf = compiler.compile(format="pdf", pdf_standards=[PDF_STANDARD], timestamp=0)
    assert isinstance(pdf, bytes)
    return pdf
