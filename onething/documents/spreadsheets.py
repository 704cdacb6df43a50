"""Tables as CSV and XLSX files; no cell of them is ever taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from onething.domain.spreadsheet import Cell, Share, Sheet, safe_text
from onething.domain.working_days import SHANGHAI

# Without it Excel on Chinese Windows reads UTF-8 as GBK.
BYTE_ORDER_MARK: Final = "\ufeff"
MOST_NAME: Final = 31  # characters of a sheet's name
NOT_IN_NAME: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
WIDEST: Final = 46
EPOCH: Final = datetime(2026, 1, 1)  # noqa: DTZ001  the format knows no time zone; equal tables give equal files


class Spreadsheets:
    """``ports.Spreadsheets``: CSV (RFC 4180, UTF-8 with its mark) and XLSX (ISO/IEC 29500)."""

    def to_csv(self, sheet: Sheet) -> bytes:
        """Headings and rows; the title is the file's name and not in it."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(safe_text(heading) for heading in sheet.headings)
        writer.writerows([_written(cell) for cell in row] for row in sheet.rows)
        return (BYTE_ORDER_MARK + out.getvalue()).encode()

    def to_xlsx(self, sheets: Sequence[Sheet]) -> bytes:
        """One sheet after the other, headings kept in view, columns that can be filtered."""
        out = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(out, options) as book:
            book.set_properties({"created": EPOCH})
            heading = book.add_format(
                {"bold": True, "bg_color": "#EEF4FC", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
            )
            formats = {
                "share": book.add_format({"num_format": "0.0%"}),
                "day": book.add_format({"num_format": "yyyy-mm-dd"}),
                "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            }
            for sheet in sheets:
                page = book.add_worksheet(sheet.title.translate(NOT_IN_NAME)[:MOST_NAME])
                _fill(page, sheet, heading, formats)
        return out.getvalue()


def _fill(page: Worksheet, sheet: Sheet, heading: Format, formats: dict[str, Format]) -> None:
    page.write_row(0, 0, sheet.headings, heading)
    for number, row in enumerate(sheet.rows, 1):
        for column, cell in enumerate(row):
            _write(page, number, column, cell, formats)
    page.freeze_panes(1, 0)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.headings) - 1)
    for column, title in enumerate(sheet.headings):
        texts = [title, *(_written(row[column]) for row in sheet.rows[:200])]
        page.set_column(column, column, min(WIDEST, max(map(_width, texts)) + 2))


def _write(page: Worksheet, row: int, column: int, cell: Cell | Share, formats: dict[str, Format]) -> None:
    if isinstance(cell, Share):
        if cell.value is not None:
            page.write_number(row, column, cell.value, formats["share"])
    elif isinstance(cell, datetime):
        moment = cell.astimezone(SHANGHAI).replace(tzinfo=None)
        page.write_datetime(row, column, moment, formats["moment"])
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, formats["day"])
    elif isinstance(cell, str):
        page.write_string(row, column, cell)
    elif cell is not None:
        page.write_number(row, column, cell)


def _written(cell: Cell | Share) -> str:
    if isinstance(cell, Share):
        return "" if cell.value is None else f"{cell.value:.1%}"
    if isinstance(cell, datetime):
        return cell.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    if cell is None:
        return ""
    return safe_text(cell) if isinstance(cell, str) else str(cell)


def _width(text: str) -> float:
    """In digits; a full-width character takes two."""
    return sum(2.0 if ord(character) > 0x2E80 else 1.0 for character in text)
