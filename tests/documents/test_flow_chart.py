"""The flow chart: what it tells, that nothing overlaps, that it carries no script."""

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.documents.flow_chart import CatalogFlowCharts, draw_flow_chart
from onething.documents.flow_drawing import CLOSING, OPENING, text_width, wrap
from onething.documents.flow_layout import ChartNotDrawn
from onething.documents.flow_process import FlowChart, FlowFeed, FlowStep, chart_of
from onething.domain.catalog import Catalog, Label, UnknownThing
from onething.packs.reading import load_pack

SVG = "{http://www.w3.org/2000/svg}"
PACK = Path(__file__).parents[2] / "catalog" / "xinxian"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The county's own catalog."""
    loaded = load_pack(PACK)
    assert loaded.catalog is not None, loaded.problems
    return loaded.catalog


def _step(code: str, *after: tuple[str, str], **more: object) -> FlowStep:
    feeds = tuple(FlowFeed(step, Label(carries, carries)) for step, carries in after)
    return FlowStep(
        code, Label(f"事项{code}", f"Matter {code}"), Label("县公安局", "Police"), after=feeds, **more
    )  # type: ignore[arg-type]


def _chart(*steps: FlowStep) -> FlowChart:
    return FlowChart(Label("新生儿出生", "Birth of a child"), Label("卫健委", "Health"), 5, steps)


def _texts(svg: str) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def _boxes(svg: str) -> list[tuple[float, float, float, float]]:
    """The steps' rectangles: neither the ground nor the dashed frame."""
    rects = [
        r for r in ElementTree.fromstring(svg).iter(f"{SVG}rect") if r.get("stroke") not in (None, "#9db3c8")
    ]
    return [tuple(float(r.get(key, 0)) for key in ("x", "y", "width", "height")) for r in rects]  # type: ignore[misc]


def test_steps_stand_in_waves_with_what_flows_between() -> None:
    chart = _chart(
        _step("A"), _step("B", ("A", "出生医学证明")), _step("C"), _step("D", ("B", "户口簿"), ("C", ""))
    )
    assert [[step.id for step in wave] for wave in chart.waves()] == [["A", "C"], ["B"], ["D"]]
    texts = _texts(draw_flow_chart(chart))
    for wanted in (
        "事项A",
        "事项D",
        "出生医学证明",
        "户口簿",
        "县公安局",
        "卫健委牵头",
        "是",
        "否",
        "好差评",
    ):
        assert wanted in texts
    assert any("5个工作日内" in text for text in texts)


def test_it_is_told_in_words_too() -> None:
    chart = _chart(_step("A"), _step("B", ("A", "证明")))
    root = ElementTree.fromstring(draw_flow_chart(chart))
    described = root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "新生儿出生"
    assert described is not None
    assert "事项B（县公安局，在事项A之后）" in (described.text or "")
    ids = {node.get("id") for node in root.iter()}
    assert set((root.get("aria-labelledby") or "").split()) <= ids


def test_english_holds_no_chinese() -> None:
    svg = draw_flow_chart(_chart(_step("A"), _step("B", ("A", "proof"))), "en")
    shown = " ".join(_texts(svg)) + (ElementTree.fromstring(svg).findtext(f"{SVG}desc") or "")
    assert "Matter A" in shown
    assert not re.search("[\u4e00-\u9fff]", shown)


def test_names_are_data_and_never_markup() -> None:
    nasty = '<script>alert(1)</script>&"]--> \\N {x}'
    step = FlowStep('a"b:c<d>', Label(nasty, nasty), Label(nasty, nasty))
    after = _step("e:f", ('a"b:c<d>', nasty))
    svg = draw_flow_chart(FlowChart(Label(nasty, nasty), Label("x", "x"), 1, (step, after)))
    root = ElementTree.fromstring(svg)
    assert [node for node in root.iter() if node.tag.endswith("script")] == []
    assert "alert(1)" in "".join(_texts(svg))


def test_the_same_chart_is_drawn_the_same() -> None:
    chart = _chart(_step("A"), _step("B", ("A", "证明")), _step("C"))
    assert draw_flow_chart(chart) == draw_flow_chart(chart)


@pytest.mark.parametrize("steps", [0, 1, 2, 7, 40])
def test_boxes_never_overlap_however_many(steps: int) -> None:
    chart = _chart(*(_step(f"S{n}", *([(f"S{n // 3}", "证明")] if n % 4 == 1 else [])) for n in range(steps)))
    boxes = _boxes(draw_flow_chart(chart))
    assert len(boxes) == steps + 5
    for at, (x, y, width, height) in enumerate(boxes):
        for other_x, other_y, other_width, other_height in boxes[at + 1 :]:
            apart = x + width <= other_x or other_x + other_width <= x
            assert apart or y + height <= other_y or other_y + other_height <= y


def test_every_thing_of_the_county_is_drawn_for_a_kiosk(catalog: Catalog) -> None:
    charts = CatalogFlowCharts()
    for code, thing in catalog.things.items():
        for lang in ("zh", "en"):
            svg = charts.draw(catalog, code, lang)
            root = ElementTree.fromstring(svg)
            width = float((root.get("viewBox") or "").split()[2])
            size = min(float(node.get("font-size", 0)) for node in root.iter(f"{SVG}text"))
            assert size * 1000 / width >= (20 if lang == "zh" else 18), (code, lang)
            shown = "".join(_texts(svg)).replace("\u00a0", "").replace(" ", "")
            for matter in thing.matters.values():
                name = matter.label.en if lang == "en" else matter.label.zh
                assert name.replace(" ", "") in shown


def test_a_birth_waits_for_its_certificate(catalog: Catalog) -> None:
    chart = chart_of(catalog, "P-NEWBORN")
    assert "出生医学证明" in {feed.carries.zh for step in chart.steps for feed in step.after}


def test_a_chart_is_drawn_once(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    charts = CatalogFlowCharts()
    first = charts.draw(catalog, "P-NEWBORN")
    monkeypatch.setenv("PATH", "")
    assert charts.draw(catalog, "P-NEWBORN") is first
    with pytest.raises(ChartNotDrawn):
        charts.draw(catalog, "P-DISABILITY")
    with pytest.raises(UnknownThing):
        charts.draw(catalog, "NO-SUCH-THING")


def test_a_circle_is_still_drawn() -> None:
    svg = draw_flow_chart(_chart(_step("A", ("B", "")), _step("B", ("A", ""))))
    assert {"事项A", "事项B"} <= set(_texts(svg))


@given(text=st.text("出生医学证明（户口）登记，、ab c", min_size=1, max_size=40), room=st.integers(60, 300))
def test_lines_keep_every_letter_and_break_well(text: str, room: int) -> None:
    lines = wrap(text, room)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for before, after in pairwise(line for line in lines if line):
        assert after[0] not in CLOSING
        assert before[-1] not in OPENING


def test_lines_fit_their_room() -> None:
    assert all(text_width(line) <= 230 for line in wrap("城乡居民基本医疗保险参保登记", 230))
    assert wrap("生育医疗费用报销（待遇支付）", 230) == ["生育医疗费用报销", "（待遇支付）"]
    assert wrap("Medical insurance registration", 230) == ["Medical insurance", "registration"]
