"""Work for oneself, marriage, home from the army, retirement: at the kiosk, till every office is done."""

import pytest

from demo.outputs import Visit
from demo.world import World

from .sitting import Sitting
from .window import Window

pytestmark = pytest.mark.browser
BANK_CARD, BANK = "6225990000000000017", "新县农村商业银行"


def hand_in(world: World, window: Window, sitting: Sitting) -> dict[str, str]:
    """Go on to the receipt and away; each part's department by its matter, once all have completed theirs."""
    sitting.go_to("receipt")
    number = sitting.read_case_number()
    sitting.finish()
    visit = Visit(world, sitting.holder)
    case = visit.wait_for_departments(number)
    visit.end()
    assert {part["state"] for part in case["parts"]} == {"completed"}
    assert case["state"] == "closed"
    return {part["matter"]: part["department_zh"] for part in case["parts"]}


def test_a_rider(world: World, window: Window) -> None:
    answers = {
        "job.form": "platform",
        "job.begins_on": "2026-11-02",
        "job.contribution_base": "60",
        "application.mobile": "19900000201",
    }
    sitting = Sitting(world, window, "gu.rider", thing="P-FLEXJOB", answers=answers)
    parts = hand_in(world, window, sitting)
    assert set(sitting.asked) == set(answers)
    assert parts == {
        "JOB-REG": "人力资源和社会保障局",
        "PENSION": "人力资源和社会保障局",
        "MEDICAL": "医疗保障局",
        "PAY": "税务局",
    }


def test_a_stall_that_is_recognised_already(world: World, window: Window) -> None:
    """The recognition is ticked with the subsidy and drops out once its question is answered."""
    answers = {
        "job.form": "business",
        "job.begins_on": "2025-04-18",
        "job.contribution_base": "100",
        "applicant.bank_card": BANK_CARD,
        "applicant.bank_name": BANK,
        "application.mobile": "19900000202",
    }
    sitting = Sitting(world, window, "luo.stall", thing="P-FLEXJOB", answers=answers)
    sitting.go_to("matters")
    for code in ("SUBSIDY", "HARDSHIP"):
        window.act("toggle_matter", code)
    sitting.go_to("questions")
    window.choose("job.recognised", "true")
    sitting.go_to("form")
    assert "新县罗家豆腐坊" in window.known("企业名称").inner_text()
    parts = hand_in(world, window, sitting)
    assert set(sitting.asked) == set(answers)
    assert set(parts) == {"JOB-REG", "PENSION", "MEDICAL", "PAY", "SUBSIDY"}


def test_a_couple(world: World, window: Window) -> None:
    answers = {
        "marriage.wished_on": "2026-12-12",
        "marriage.wished_half": "morning",
        "application.mobile": "19900000203",
    }
    sitting = Sitting(world, window, "song.man", other="qin.woman", thing="P-MARRIAGE", answers=answers)
    sitting.go_to("form")
    assert "离婚" in window.page.locator("#screen").inner_text()
    parts = hand_in(world, window, sitting)
    assert set(sitting.asked) == set(answers)
    assert parts == {"MARRY": "民政局", "HUKOU-STATUS": "公安局"}


def test_two_who_are_too_young_on_that_day(world: World, window: Window) -> None:
    """She is 20 in February; the day wished for is before, and the screen says so before anybody goes."""
    answers = {
        "marriage.wished_on": "2017-12-12",
        "marriage.wished_half": "afternoon",
        "application.mobile": "19900000203",
    }
    sitting = Sitting(world, window, "song.man", other="qin.woman", thing="P-MARRIAGE", answers=answers)
    sitting.go_to("form")
    sitting.answer_fields()
    window.says("请改约日期")


def test_home_from_the_army(world: World, window: Window) -> None:
    answers = {
        "veteran.bank_card": BANK_CARD,
        "veteran.bank_name": BANK,
        "application.mobile": "19900000207",
    }
    sitting = Sitting(
        world, window, "jiang.veteran", other="jiang.father", thing="P-VETERAN", answers=answers
    )
    sitting.go_to("form")
    assert "义退字第2026199001号" in window.known("退出现役证件号").inner_text()
    parts = hand_in(world, window, sitting)
    assert set(sitting.asked) == set(answers)
    assert parts["RESERVE"] == "人民武装部"
    assert len(parts) == 7


def test_a_bookkeeper_retires(world: World, window: Window) -> None:
    answers = {
        "retiree.bank_card": BANK_CARD,
        "retiree.bank_name": BANK,
        "application.mobile": "19900000212",
    }
    sitting = Sitting(world, window, "yan.bookkeeper", thing="P-RETIRE", answers=answers)
    sitting.go_to("form")
    month = window.known("法定退休年月")
    assert "2026-02" in month.inner_text() or "2026年2月" in month.inner_text()
    assert "由已有信息得出" in month.locator(".chip").inner_text()
    parts = hand_in(world, window, sitting)
    assert set(sitting.asked) == set(answers)
    assert parts["HUKOU-CHECK"] == "公安局"
