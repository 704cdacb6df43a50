"""The form as a citizen would read it: by poppler's text, and by the QR a scanner sees."""

import dataclasses
import io
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from onething.documents.form_pdf import render_form
from onething.documents.glyphs import MissingGlyphs
from onething.domain.form_content import FormField, FormSection
from onething.paper.intake import take_page

from .made_form import RARE_NAME, made_content, signature_png


def _text(pdf: bytes, tmp_path: Path) -> str:
    path = tmp_path / "form.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True, timeout=30)
    assert done.stderr == b""
    return done.stdout.decode()


@pytest.fixture(scope="module")
def pdf() -> bytes:
    """The made form."""
    return render_form(made_content())


def test_every_value_label_and_source_can_be_read(pdf: bytes, tmp_path: Path) -> None:
    content = made_content()
    text = _text(pdf, tmp_path).replace("\n", "")
    wanted = [content.title_zh, content.title_en, content.case_number, "2026-11-23 10:15"]
    wanted += [field.value for section in content.sections for field in section.fields]
    wanted += [field.source_zh for section in content.sections for field in section.fields]
    wanted += [matter.zh + " " + matter.en for matter in content.matters]
    wanted += [matter.department_zh for matter in content.matters]
    wanted += [material.zh for material in content.materials] + [
        material.why_zh for material in content.materials
    ]
    assert [piece for piece in wanted if piece not in text] == []


def test_papers_handed_in_are_counted(pdf: bytes, tmp_path: Path) -> None:
    text = _text(pdf, tmp_path)
    assert "已提交 2 页" in text
    assert "需要提交" not in text


def test_rare_characters_of_a_name_survive(pdf: bytes, tmp_path: Path) -> None:
    assert RARE_NAME in _text(pdf, tmp_path)


def test_a_value_names_its_source_by_mark(pdf: bytes, tmp_path: Path) -> None:
    text = _text(pdf, tmp_path)
    assert "411599199703120027 ①" in text
    assert "① 居民身份证" in text
    assert "③ 民政局 婚姻登记库 2026-11-20" in text
    assert re.search(r"19900001234\s+领取方式", text)


def test_what_no_mark_means_is_said_only_where_there_is_none(pdf: bytes, tmp_path: Path) -> None:
    assert "无标记" in _text(pdf, tmp_path)
    typed = FormSection("申请人", "Applicant", (FormField("姓名", "Name", "陈明", "本人填写"),))
    assert "无标记" not in _text(
        render_form(dataclasses.replace(made_content(), sections=(typed,))), tmp_path
    )


def test_pages_are_counted_and_the_file_is_pdf_a(pdf: bytes, tmp_path: Path) -> None:
    text = _text(pdf, tmp_path)
    assert "第 1 页 / 共 2 页" in text
    assert "第 2 页 / 共 2 页" in text
    with pikepdf.open(io.BytesIO(pdf)) as document:
        metadata = document.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "U")
        assert "XX-2K7M-49PD-R" in metadata["dc:title"]
    info = subprocess.run(["pdfinfo", tmp_path / "form.pdf"], capture_output=True, check=True, text=True)
    assert "A4" in info.stdout


def test_the_code_on_paper_reads_back(pdf: bytes) -> None:
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=150 / 72).to_pil()
    (code,) = zxingcpp.read_barcodes(page)
    assert code.text == made_content().verify_qr


def test_printed_scanned_askew_and_taken_in_again_it_still_verifies(pdf: bytes) -> None:
    printed = pypdfium2.PdfDocument(pdf)[0].render(scale=200 / 72).to_pil().convert("RGB")
    scan = printed.rotate(-3.3, fillcolor=(235, 233, 228), resample=Image.Resampling.BICUBIC)
    out = io.BytesIO()
    scan.save(out, "JPEG", quality=80)
    (page,) = take_page(out.getvalue()).pages
    assert page.skew_degrees == pytest.approx(3.3, abs=0.3)
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.data)))
    assert code.text == made_content().verify_qr


def test_many_at_once_do_not_mix() -> None:
    with ThreadPoolExecutor(4) as threads:
        forms = threads.map(
            lambda number: render_form(made_content(name=f"张{'一二三'[number % 3]}")), range(9)
        )
        assert len(set(forms)) == 3


def test_the_signature_is_on_the_page() -> None:
    def dark(pdf: bytes) -> int:
        page = pypdfium2.PdfDocument(pdf)[1].render(scale=1).to_pil().convert("L")
        return sum(page.histogram()[:60])

    signed = made_content()
    unsigned = dataclasses.replace(signed, signature_png=None)
    assert dark(render_form(signed)) > dark(render_form(unsigned)) + 100


def test_the_same_content_gives_the_same_bytes() -> None:
    assert render_form(made_content()) == render_form(made_content())
    later = dataclasses.replace(made_content(), printed_at=datetime(2026, 11, 24, 1, 0, tzinfo=UTC))
    assert render_form(later) != render_form(made_content())


def test_values_stay_data(tmp_path: Path) -> None:
    nasty = '#read("/etc/passwd") *b* $x$ <b> = _i_ @a `c` [y] \\ // "q" #'
    section = FormSection("申请人", "Applicant", (FormField("备注", "Note", nasty),))
    content = dataclasses.replace(made_content(), sections=(section,), declaration_zh=nasty)
    assert _text(render_form(content), tmp_path).replace("\n", " ").count(nasty) == 2


@pytest.mark.parametrize(
    "name",
    ["张\U000323af", "张\ue000", "张\u202e明", "张\x07明", "张\ud800"],
    ids=["ExtH", "private", "RTL", "BEL", "half"],
)
def test_what_cannot_be_printed_is_refused_by_name(name: str) -> None:
    with pytest.raises(MissingGlyphs) as caught:
        render_form(made_content(name=name))
    assert caught.value.characters == name[1]


def test_or_is_printed_as_its_number_with_a_note(tmp_path: Path) -> None:
    pdf = render_form(made_content(name="张\U000323af\U000323af"), name_missing_glyphs=True)
    text = _text(pdf, tmp_path).replace("\n", "")
    assert "张〔U+323AF〕〔U+323AF〕" in text
    assert "本机字库缺少以下字符" in text


def test_a_form_with_nothing_on_it_still_prints(tmp_path: Path) -> None:
    empty = dataclasses.replace(
        made_content(),
        sections=(FormSection("空", "Empty", ()),),
        materials=(),
        matters=(),
        signature_png=None,
    )
    assert empty.case_number in _text(render_form(empty), tmp_path)


def test_many_people_and_long_values_take_more_pages(tmp_path: Path) -> None:
    fields = tuple(
        FormField(f"雇员{n}姓名", "Employee", f"{RARE_NAME}{n}", f"来源{n}", "2026-11-20") for n in range(200)
    )
    long = FormField("经营范围", "Scope", "餐饮服务；食品销售；" * 80)
    content = dataclasses.replace(
        made_content(), sections=(FormSection("雇员", "Employees", (*fields, long)),)
    )
    text = _text(render_form(content), tmp_path).replace("\n", "")
    assert f"{RARE_NAME}199" in text
    assert text.count("餐饮服务；食品销售；") == 80


@pytest.mark.parametrize("cut", [slice(0, 0), slice(0, 200), slice(0, -30), slice(8, None)])
def test_a_damaged_signature_is_an_error_and_never_a_blank(cut: slice) -> None:
    broken = signature_png()[cut] or b"<svg/>"
    with pytest.raises(ValueError, match="PNG"):
        render_form(dataclasses.replace(made_content(), signature_png=broken))
