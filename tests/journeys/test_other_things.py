"""The other three one-things, each gone through once at the kiosk with what its people bring."""

import pytest

from demo.outputs import Visit
from demo.world import World

from .sitting import Sitting
from .window import Window

pytestmark = pytest.mark.browser
# An invented card of no bank; the number passes Luhn's check.
BANK = {"applicant.bank_card": "6225990000000000017", "applicant.bank_name": "新县农村商业银行"}


def hand_in(world: World, window: Window, sitting: Sitting) -> dict[str, str]:
    """Go on to the receipt and away; returns each part's department by its matter."""
    sitting.go_to("receipt")
    number = sitting.read_case_number()
    slip = "\n".join(sitting.wait_for_slips(1)[0]["lines"])
    assert number in slip
    window.says("请取走回执")
    sitting.finish()
    visit = Visit(world, sitting.holder)
    case = visit.get_case(number)
    visit.end()
    assert case["state"] in ("received", "accepted", "in_handling", "closed"), case["state"]
    return {part["matter"]: part["department_zh"] for part in case["parts"]}


def test_after_a_death(world: World, window: Window) -> None:
    """The widow asks for his deposits too, which takes a code by text message."""
    answers = {**BANK, "application.mobile": "19900000010"}
    sitting = Sitting(world, window, "huang.widow", thing="P-AFTER-DEATH", answers=answers)
    sitting.go_to("matters")
    window.touch(window.page.locator("""button[hx-vals*='"DEPOSIT"']"""))
    window.says("要多核实一次：用短信验证码")
    sitting.go_to("form")
    assert window.page.locator(".field.known .value").filter(has_text="周德福").count() == 1
    assert "死亡医学证明信息" in window.known("死亡日期").locator(".chip").inner_text()
    assert "由已有信息得出" in window.known("与逝者关系").locator(".chip").inner_text()
    sitting.go_to("step_up")
    window.says("199****0010")
    parts = hand_in(world, window, sitting)
    assert "DEPOSIT" in parts
    assert parts["HUKOU-CANCEL"] == "公安局"
    assert len(parts) > 3


def test_an_unnatural_death_is_for_the_window(world: World, window: Window) -> None:
    answers = {**BANK, "deceased.death_kind": "abnormal"}
    sitting = Sitting(world, window, "huang.son", thing="P-AFTER-DEATH", answers=answers)
    sitting.go_to("consent")
    window.touch(window.page.locator("""button.source[hx-vals*='death_register']"""))
    window.page.locator("""button.source[hx-vals*='death_register'][aria-checked=false]""").wait_for()
    sitting.go_to("form")
    window.touch(window.field("deceased.death_kind").locator("""button[hx-vals*='"abnormal"']"""))
    window.says("非正常死亡需要到公安机关和综合窗口现场办理")


def test_support_with_a_disability(world: World, window: Window) -> None:
    answers = {**BANK, "application.mobile": "19900000012"}
    sitting = Sitting(world, window, "he.holder", thing="P-DISABILITY", answers=answers)
    sitting.go_to("form")
    assert "肢体" in window.known("残疾类别").inner_text()
    assert "低保" in window.known("是否低保或特困").locator(".chip").inner_text()
    parts = hand_in(world, window, sitting)
    assert parts


def test_a_restaurant(world: World, window: Window) -> None:
    answers = {
        "application.mobile": "19900000015",
        "application.floor_area": "86",
        "application.business_form": "hot_meals",
    }
    sitting = Sitting(world, window, "owner.owner", thing="E-RESTAURANT", answers=answers)
    sitting.go_to("form")
    assert "新县山里人家餐馆" in window.known("企业名称").inner_text()
    assert "市场监督管理局" in window.known("企业名称").locator(".chip").inner_text()
    parts = hand_in(world, window, sitting)
    assert parts["LIC-CHECK"] == "市场监督管理局"
