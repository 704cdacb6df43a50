"""The bulletin says what the statistics say, in Chinese, by number and never by name of a person."""

import re
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree

import pikepdf
import pypdfium2
import pytest

from onething.documents.bulletin_charts import Bar, Piece, draw_amounts, draw_shares, draw_spans
from onething.documents.bulletin_pdf import TypstBulletins
from onething.documents.bulletin_words import list_figures, list_sections, say_share
from onething.domain.bulletin import Bulletin
from onething.domain.statistics import CaseNumbers, Colours, Rated, Saved, Statistics

from .made_bulletin import PERIOD, made_bulletin, made_statistics

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def pdf() -> bytes:
    """The bulletin of the made month."""
    return TypstBulletins().render(made_bulletin())


@pytest.fixture(scope="module")
def text(pdf: bytes) -> str:
    """Its text without spaces and line ends."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range() for page in document]
    return re.sub(r"\s", "", "".join(pages))


def test_it_is_a_pdf_for_keeping(pdf: bytes) -> None:
    with pikepdf.open(BytesIO(pdf)) as document, document.open_metadata() as metadata:
        assert metadata.pdfa_status == "2U"
        assert len(document.pages) == 2


def test_the_same_month_gives_the_same_bytes(pdf: bytes) -> None:
    assert TypstBulletins().render(made_bulletin()) == pdf


@pytest.mark.parametrize(
    "said",
    [
        "新县“一件事一次办”工作通报",
        "2026年第11期",
        "新县行政审批和政务信息管理局",
        "关于2026年11月“一件事一次办”办理情况的通报",
        "全县共收到“一件事”申请165件",
        "按时办结率96.6%",
        "预填率82.6%",
        "公安局、医疗保障局、市场监督管理局办结的事项全部在承诺时限内",
        "消防救援大队（超期4件，按时率83.3%）",
        "XJ26B7K4M2",
        "XJ26C9T3H8",
        "仍在办",
        "本月收到有效评价100条，满意率（基本满意及以上）97.0%；差评3条",
        "婚姻登记信息（92.8%）",
        "申请人对共享数据提出异议4件",
        "4／6天",
        "本月发出督办单3份，收到部门答复2份",
        "呼叫工作人员23次，已应答22次",
    ],
)
def test_it_says(text: str, said: str) -> None:
    assert said in text


def test_departments_come_best_first_and_idle_ones_not_at_all(text: str) -> None:
    table = text[text.index("其中超期") :]
    places = [table.index(name) for name in ("公安局", "医疗保障局", "市场监督管理局", "消防救援大队")]
    assert places[0] < places[1]
    assert "退役军人事务局" not in text


def test_a_late_case_is_counted_in_days(text: str) -> None:
    late = text[text.index("XJ26C9T3H8") :]
    assert late[: late.index("四、")].endswith("2026-11-20仍在办11")  # to 1 December


def test_a_month_without_anything_is_said_plainly() -> None:
    nothing = Statistics(PERIOD, made_statistics().today, CaseNumbers(), Colours(), (), (), Saved(), Rated())
    empty = replace(made_bulletin(nothing), previous=nothing, late=())
    told = "".join(paragraph for section in list_sections(empty) for paragraph in section.paragraphs)
    for said in ("本月无超期办件", "没有收到评价", "没有部门办结", "没有向共享数据来源", "暂不公布等候时长"):
        assert said in told
    assert TypstBulletins().render(empty).startswith(b"%PDF")
    assert [figure["number"] for figure in list_figures(empty)] == ["0", "0", "—", "—", "0", "0"]


def test_codes_that_the_catalog_no_longer_knows_stay_codes(text: str) -> None:
    later = replace(made_bulletin(), departments={}, things={}, matters={}, sources={})
    told = [
        cell
        for section in list_sections(later)
        if section.table
        for row in section.table.rows
        for cell in row
    ]
    assert {"GA", "E-RESTAURANT", "FIRE_CHECK", "marriage_register"} <= set(told)


def test_what_is_typed_stays_text() -> None:
    """Markup of the typesetter in a name is printed, not obeyed."""
    sly = replace(made_bulletin(), issued_by_zh='#read("/etc/passwd") *粗* $x$')
    document = pypdfium2.PdfDocument(TypstBulletins().render(sly))
    assert '#read("/etc/passwd")' in document[0].get_textpage().get_text_range()


@pytest.mark.parametrize(
    ("share", "said"),
    [(None, "—"), (0.0, "0%"), (1.0, "100%"), (0.9999, "99.9%"), (0.5, "50.0%"), (0.0004, "0%")],
)
def test_a_share_is_never_rounded_up_to_all(share: float | None, said: str) -> None:
    assert say_share(share) == said


def _widths(svg: str, colour: str) -> list[float]:
    """Of the boxes in one colour, without the legend's square."""
    boxes = [box for box in ElementTree.fromstring(svg).iter(f"{SVG}rect") if box.get("fill") == colour]
    return [float(box.get("width", "0")) for box in boxes if box.get("width") != "10.0"]


def test_shares_fill_the_whole_bar_and_amounts_only_their_part() -> None:
    bars = [
        Bar("甲", (Piece("一", 3, "#111111"), Piece("二", 1, "#222222"))),
        Bar("乙", (Piece("一", 1, "#111111"), Piece("二", 0, "#222222"))),
    ]
    shares = draw_shares(bars, description="")
    long, short = _widths(shares, "#111111")
    assert long == pytest.approx(0.75 * short, abs=0.2)
    assert _widths(shares, "#222222") == [pytest.approx(0.25 * short, abs=0.2)]
    amounts = draw_amounts(bars, description="")
    whole, quarter = (
        sum(_widths(amounts, c)[0] for c in ("#111111", "#222222")),
        _widths(amounts, "#111111")[1],
    )
    assert quarter == pytest.approx(whole / 4, abs=0.2)


def test_nothing_to_draw_is_drawn_without_a_fault() -> None:
    for svg in (
        draw_shares([Bar("空", (Piece("一", 0, "#111111"),))], description="x"),
        draw_amounts([], description="x"),
        draw_spans([], description="x", legend=("a", "b")),
    ):
        assert ElementTree.fromstring(svg).tag == f"{SVG}svg"


def test_a_chart_tells_what_it_shows_and_escapes_it() -> None:
    svg = draw_amounts([Bar("<甲&乙>", (Piece("", 1, "#111111"),), "1")], description="甲 < 乙 & 丙")
    drawn = ElementTree.fromstring(svg)
    assert drawn.findtext(f"{SVG}desc") == "甲 < 乙 & 丙"
    assert "<甲&乙>" in [word.text for word in drawn.iter(f"{SVG}text")]


def test_a_bulletin_has_no_field_for_a_person() -> None:
    """Nothing in its content could hold a name or number of one."""
    fields = set(Bulletin.__dataclass_fields__)
    assert not {name for name in fields if "holder" in name or "person" in name or "applicant" in name}
