"""The lists as a spreadsheet, read back from its XML."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from onething.documents.lists_xlsx import write_lists
from onething.domain.catalog import Label
from onething.domain.service_lists import COLUMNS, ServiceList, as_csv, cells_of, list_services
from onething.packs.reading import load_pack

PUBLISHED_AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NAMES = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@pytest.fixture(scope="module")
def services() -> ServiceList:
    catalog = load_pack(Path(__file__).parents[2] / "catalog" / "xinxian").catalog
    assert catalog is not None
    return list_services(catalog, "person", 3)


def cells(book: bytes) -> list[list[str]]:
    """The texts of each row, as a spreadsheet shows them."""
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        shared = ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))
        sheet = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
    words = ["".join(each.itertext()) for each in shared.findall("x:si", NAMES)]
    found = []
    for row in sheet.iterfind(".//x:row", NAMES):
        found.append([])
        for cell in row.findall("x:c", NAMES):
            value = cell.findtext("x:v", namespaces=NAMES) or ""
            assert cell.find("x:f", NAMES) is None, "no cell is a formula"
            found[-1].append(words[int(value)] if cell.get("t") == "s" else value)
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_row_is_there_in_its_language(services: ServiceList, language: str) -> None:
    rows = cells(write_lists(services, PUBLISHED_AT, language))
    assert rows[0][0] == (services.title.zh if language == "zh" else services.title.en)
    assert rows[2] == [label.zh if language == "zh" else label.en for label in COLUMNS.values()]
    assert rows[3:] == [[str(cell) for cell in cells_of(row, language)] for row in services.rows]


def test_the_revision_and_its_day_stand_under_the_title(services: ServiceList) -> None:
    assert "第3版，2026年11月23日" in cells(write_lists(services, PUBLISHED_AT))[1][0]


def test_the_same_list_gives_the_same_bytes(services: ServiceList) -> None:
    assert write_lists(services, PUBLISHED_AT) == write_lists(services, PUBLISHED_AT)


def test_no_text_becomes_a_formula(services: ServiceList) -> None:
    row = replace(services.rows[0], thing=Label("=1+1", "=1+1"))
    risky = replace(services, rows=(row,))
    assert cells(write_lists(risky, PUBLISHED_AT))[3][2] == "=1+1"
    assert "'=1+1" in as_csv(risky)
