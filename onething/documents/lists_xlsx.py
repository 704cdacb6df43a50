"""The county's lists of one-things as a spreadsheet (ECMA-376), ready to print on A4 landscape."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from onething.domain.service_lists import COLUMNS, ListRow, ServiceList, cells_of

COUNTY_TIME: Final = ZoneInfo("Asia/Shanghai")
# Characters wide, in the order of the columns.
WIDTHS: Final = (6, 15, 24, 52, 18, 34, 12, 22, 10, 10)
_TITLE: Final = {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}
_REMARK: Final = {"font_color": "#5d6b79", "align": "right"}
_HEAD: Final = {
    "bold": True,
    "bg_color": "#dbe8f7",
    "border": 1,
    "text_wrap": True,
    "align": "center",
    "valign": "vcenter",
}
_CELL: Final = {"border": 1, "text_wrap": True, "valign": "vcenter"}
_CENTRED: Final = {**_CELL, "align": "center"}


def write_lists(services: ServiceList, published_at: datetime, language: str = "zh") -> bytes:
    """Return one list as XLSX bytes; the same list and moment give the same bytes."""
    book_bytes = io.BytesIO()
    # Every cell is written as what it is: a text is never taken for a formula or a link.
    book = xlsxwriter.Workbook(book_bytes, {"in_memory": True})
    created = published_at.astimezone(COUNTY_TIME).replace(tzinfo=None)
    title = services.title.en if language == "en" else services.title.zh
    book.set_properties({"title": title, "created": created})
    sheet = book.add_worksheet("list" if language == "en" else "清单")
    formats = {
        name: book.add_format(look)
        for name, look in (
            ("title", _TITLE),
            ("remark", _REMARK),
            ("head", _HEAD),
            ("text", _CELL),
            ("number", _CENTRED),
        )
    }
    _write_head(sheet, services, title, created, language, formats)
    for at, row in enumerate(services.rows):
        _write_row(sheet, at + 3, row, language, formats)
    _set_page(sheet, len(services.rows))
    book.close()
    return book_bytes.getvalue()


def _write_head(
    sheet: Worksheet,
    services: ServiceList,
    title: str,
    created: datetime,
    language: str,
    formats: dict[str, Format],
) -> None:
    last = len(COLUMNS) - 1
    county = services.county.en if language == "en" else services.county.zh
    remark = (
        f"{county}, revision {services.revision}, {created:%Y-%m-%d}"
        if language == "en"
        else f"{county}第{services.revision}版，{created:%Y年%m月%d日}"
    )
    sheet.set_row(0, 30)
    sheet.merge_range(0, 0, 0, last, title, formats["title"])
    sheet.merge_range(1, 0, 1, last, remark, formats["remark"])
    for column, label in enumerate(COLUMNS.values()):
        sheet.write_string(2, column, label.en if language == "en" else label.zh, formats["head"])
        sheet.set_column(column, column, WIDTHS[column])


def _write_row(sheet: Worksheet, at: int, row: ListRow, language: str, formats: dict[str, Format]) -> None:
    for column, cell in enumerate(cells_of(row, language)):
        if isinstance(cell, int):
            sheet.write_number(at, column, cell, formats["number"])
        else:
            sheet.write_string(at, column, cell, formats["text"])


def _set_page(sheet: Worksheet, rows: int) -> None:
    sheet.freeze_panes(3, 3)
    sheet.autofilter(2, 0, rows + 2, len(COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
