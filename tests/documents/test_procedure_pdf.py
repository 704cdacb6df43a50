"""Handbooks and working procedures as whoever reads them on paper sees them: by poppler's text."""

from __future__ import annotations

import io
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from onething.documents.catalog_prints import KeptPrints
from onething.documents.procedure_pdf import render_handbook, render_procedure
from onething.domain.catalog import Catalog
from onething.domain.handbook import Handbook, handbook_of
from onething.domain.imprint import Imprint
from onething.packs.reading import load_pack

PUBLISHED_AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PACK = Path(__file__).parents[2] / "catalog" / "xinxian"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    catalog = load_pack(PACK).catalog
    assert catalog is not None
    return catalog


@pytest.fixture(scope="module")
def handbook(catalog: Catalog) -> Handbook:
    return handbook_of(catalog, catalog.things["E-RESTAURANT"], 7)


def text_of(pdf: bytes, folder: Path) -> str:
    file = folder / "book.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, check=True, timeout=30)
    assert done.stderr == b""
    return "".join(done.stdout.decode().split())


def test_the_handbook_says_all_a_clerk_needs(handbook: Handbook, tmp_path: Path) -> None:
    text = text_of(render_handbook(handbook, PUBLISHED_AT), tmp_path)
    wanted = ["业务手册", "目录第7版·2026-11-23", handbook.lead.zh, "4个工作日", "餐饮店联合现场核查"]
    wanted += [each.label.zh for each in handbook.procedures]
    wanted += [material.label.zh for material in handbook.materials]
    wanted += [point.zh for material in handbook.materials for point in material.points]
    wanted += [label.zh for label in handbook.conditions + handbook.notes]
    wanted += [window.label.zh for window in handbook.windows]
    assert [piece for piece in wanted if "".join(piece.split()) not in text] == []


def test_the_procedure_says_who_does_what_by_when(handbook: Handbook, tmp_path: Path) -> None:
    food = next(each for each in handbook.procedures if each.code == "FOOD")
    text = text_of(render_procedure(handbook, food, PUBLISHED_AT), tmp_path)
    wanted = ["工作规程", "食品经营许可（新办）", "市场监督管理局", "不收费", "食品经营许可证"]
    wanted += [label.zh for step in food.steps for label in (step.name, step.by, step.does)]
    wanted += [step.limit.zh for step in food.steps if step.limit]
    wanted += [label.zh for rule in food.exceptions for label in (rule.name, rule.text)]
    wanted += [label.zh for label in food.afterwards]
    assert [piece for piece in wanted if "".join(piece.split()) not in text] == []


def test_every_matter_begins_on_a_page_of_its_own(handbook: Handbook) -> None:
    with pikepdf.open(io.BytesIO(render_handbook(handbook, PUBLISHED_AT))) as book:
        assert len(book.pages) > len(handbook.procedures)


def test_every_book_of_the_county_can_be_made(catalog: Catalog) -> None:
    prints = KeptPrints()
    imprint = Imprint(1, "0" * 64, PUBLISHED_AT)
    for thing in catalog.things.values():
        pdf = prints.handbook(handbook_of(catalog, thing, 1), imprint)
        document = pypdfium2.PdfDocument(pdf)
        assert len(document) > len(thing.matters), thing.code
        document.close()


def test_the_same_revision_gives_the_same_bytes(handbook: Handbook) -> None:
    assert render_handbook(handbook, PUBLISHED_AT) == render_handbook(handbook, PUBLISHED_AT)


def test_it_is_an_archival_pdf_with_its_fonts_inside(handbook: Handbook) -> None:
    pdf = render_procedure(handbook, handbook.procedures[0], PUBLISHED_AT)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        metadata = document.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "U")


def test_another_revision_is_made_anew(handbook: Handbook) -> None:
    prints = KeptPrints()
    first = prints.handbook(handbook, Imprint(1, "a" * 64, PUBLISHED_AT))
    assert prints.handbook(handbook, Imprint(1, "a" * 64, PUBLISHED_AT)) is first
    assert prints.handbook(handbook, Imprint(2, "b" * 64, datetime(2027, 1, 1, tzinfo=UTC))) != first
