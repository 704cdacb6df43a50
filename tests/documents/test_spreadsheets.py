"""Exports open in a spreadsheet as what they are: text, numbers, days; and no text runs."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest

from onething.documents.spreadsheets import Spreadsheets
from onething.domain.spreadsheet import Share, Sheet, safe_text

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SLY = ('=HYPERLINK("http://x.invalid","点我")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1")
QUOTED = 'XJ26,"甲"\n乙'
SHEET = Sheet(
    "办件看板：[一]",
    ("编号", "提交", "应办结日", "按时率", "件数", "空"),
    (
        (
            'XJ26,"甲"\n乙',
            datetime(2026, 11, 20, 17, 5, tzinfo=UTC),
            date(2026, 11, 27),
            Share(0.9666),
            12,
            None,
        ),
        (SLY[0], datetime(2026, 11, 20, 1, 5, tzinfo=UTC), None, Share(None), 0, ""),
    ),
)


def _lines(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_begins_with_its_mark_and_reads_back() -> None:
    data = Spreadsheets().to_csv(SHEET)
    assert data.startswith(b"\xef\xbb\xbf")
    heads, first, second = _lines(data)
    assert heads == list(SHEET.headings)
    assert first == ['XJ26,"甲"\n乙', "2026-11-21 01:05", "2026-11-27", "96.7%", "12", ""]
    assert second[1:] == ["2026-11-20 09:05", "", "", "0", ""]


@pytest.mark.parametrize("text", SLY)
def test_no_cell_of_a_csv_begins_as_a_formula(text: str) -> None:
    sheet = Sheet("x", (text,), ((text,),))
    for (cell,) in _lines(Spreadsheets().to_csv(sheet)):
        assert cell[0] == "'"
        assert cell[1:] == text


def test_plain_text_is_left_as_it_is() -> None:
    for text in ("新县", "1-2", "a=b", ""):
        assert safe_text(text) == text


def _part(data: bytes, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return ElementTree.fromstring(archive.read(name))


def test_xlsx_has_texts_as_texts_and_numbers_as_numbers() -> None:
    data = Spreadsheets().to_xlsx([SHEET, Sheet("总体", ("指标",), (("收件",),))])
    book = _part(data, "xl/workbook.xml")
    names = [sheet.get("name") for sheet in book.iter(f"{MAIN}sheet")]
    assert names == ["办件看板： 一 ", "总体"]
    page = _part(data, "xl/worksheets/sheet1.xml")
    assert not list(page.iter(f"{MAIN}f")), "a formula"
    cells = {cell.get("r"): cell for cell in page.iter(f"{MAIN}c")}
    texts = ["".join(entry.itertext()) for entry in _part(data, "xl/sharedStrings.xml").iter(f"{MAIN}si")]
    assert texts[int(cells["A3"].findtext(f"{MAIN}v") or -1)] == SLY[0]
    assert cells["E2"].get("t") is None
    assert cells["E2"].findtext(f"{MAIN}v") == "12"
    assert float(cells["D2"].findtext(f"{MAIN}v") or 0) == pytest.approx(0.9666)
    assert cells["C2"].findtext(f"{MAIN}v") == "46353"  # 27 November 2026
    assert "D3" not in cells


def test_equal_tables_give_equal_files() -> None:
    assert Spreadsheets().to_xlsx([SHEET]) == Spreadsheets().to_xlsx([SHEET])
