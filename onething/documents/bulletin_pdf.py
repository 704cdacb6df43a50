"""The periodic bulletin (通报) as PDF/A-2u (ISO 19005-2), in the manner of official papers (GB/T 9704)."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import typst

from onething.domain.bulletin import Bulletin
from onething.domain.clocks import day_of

from .bulletin_words import list_figures, list_sections, say_day
from .fonts import typesetting_fonts
from .form_pdf import PDF_STANDARD
from .glyphs import find_missing, name_missing

NOTES: Final = (
    "时限按工作日和公布的承诺时限计算，补正、听证、勘验等依法暂停的期间不计入；"
    "办件以编号列出，不含个人信息。本通报由系统根据办件事件自动生成。"
)
TEMPLATE: Final = Path(__file__).with_name("bulletin.typ").read_bytes()


class BulletinNotRendered(Exception):
    """The bulletin could not be typeset; `reason` is stable, the text says what typst said."""

    reason = "bulletin_not_rendered"


class TypstBulletins:
    """Prints bulletins (``ports.BulletinPrinter``)."""

    def render(self, bulletin: Bulletin) -> bytes:
        """The bulletin as PDF bytes; the same content gives the same bytes.

        Raises: FontsMissing, BulletinNotRendered.
        """
        told = json.dumps(bulletin_input(bulletin), ensure_ascii=False)
        ready = name_missing(told, find_missing([told]))
        compiler = typst.Compiler(TEMPLATE, font_paths=typesetting_fonts(), sys_inputs={"bulletin": ready})
        moment = int(bulletin.made_at.timestamp())
        try:
            pdf = compiler.compile(format="pdf", pdf_standards=[PDF_STANDARD], timestamp=moment)
        except typst.TypstError as error:
            raise BulletinNotRendered(str(error)) from error
        if not isinstance(pdf, bytes):
            raise BulletinNotRendered("typst gave no PDF")
        return pdf


def bulletin_input(bulletin: Bulletin) -> dict[str, Any]:
    """What the template reads: plain data, charts as SVG."""
    period = bulletin.statistics.period
    return {
        "head": f"{bulletin.county_zh}“一件事一次办”工作通报",
        "issue": f"{bulletin.year}年第{bulletin.number}期",
        "issued_by": bulletin.issued_by_zh,
        "made_on": say_day(day_of(bulletin.made_at)),
        "title": f"关于{period.first.year}年{period.first.month}月“一件事一次办”办理情况的通报",
        "period": f"统计期间：{say_day(period.first)}至{say_day(period.last)}；"
        f"在办件状态截至{say_day(bulletin.statistics.today)}",
        "figures": list_figures(bulletin),
        "sections": [asdict(section) for section in list_sections(bulletin)],
        "notes": NOTES,
    }
