"""A house changes hands, a company is founded, one is closed: at the kiosk, with the cards it takes."""

import pytest

from demo.outputs import Visit
from demo.world import World

from .sitting import Sitting
from .window import Window

pytestmark = pytest.mark.browser


def hand_in(world: World, window: Window, sitting: Sitting) -> dict[str, str]:
    """Go on to the receipt and away; returns each part's department by its matter."""
    sitting.go_to("receipt")
    number = sitting.read_case_number()
    assert number in "\n".join(sitting.wait_for_slips(1)[0]["lines"])
    sitting.finish()
    visit = Visit(world, sitting.holder)
    case = visit.get_case(number)
    visit.end()
    return {part["matter"]: part["department_zh"] for part in case["parts"]}


def test_seller_and_buyer_at_one_kiosk(world: World, window: Window) -> None:
    answers = {
        "sale.price": "486000",
        "buyer.mobile": "19900000303",
        "application.mobile": "19900000301",
    }
    sitting = Sitting(
        world, window, "ye.seller", other="meng.buyer", thing="P-HOUSE-TRANSFER", answers=answers
    )
    sitting.go_to("form")
    assert "第0000101号" in window.known("不动产权证号").inner_text()
    assert "自然资源局" in window.known("房屋坐落").locator(".chip").inner_text()
    assert "供水公司" in window.known("用水户号").locator(".chip").inner_text()
    parts = hand_in(world, window, sitting)
    assert set(sitting.asked) == set(answers)
    assert parts == {
        "CHECK": "住房和城乡建设局",
        "TAX": "税务局",
        "REG": "自然资源局（不动产登记中心）",
        "WATER": "供水公司",
        "POWER": "供电公司",
        "GAS": "燃气公司",
    }


def test_a_shop_is_closed(world: World, window: Window) -> None:
    answers = {"application.account_bank": "rcb", "application.mobile": "19900000311"}
    sitting = Sitting(world, window, "shao.owner", thing="E-SIMPLE-CANCEL", answers=answers)
    sitting.go_to("form")
    assert "新县文秀布艺有限公司" in window.known("企业名称").inner_text()
    assert "否" in window.known("是否被列入经营异常名录").inner_text()
    parts = hand_in(world, window, sitting)
    assert set(sitting.asked) == set(answers)
    assert {"NOTICE", "TAX", "DEREG", "SS", "SEAL", "BANK"} == set(parts)


def test_a_company_is_founded(world: World, window: Window) -> None:
    answers = {
        "enterprise.name": "新县清泉食品有限公司",
        "enterprise.address": "新县解放路十二号",
        "enterprise.scope": "茶叶种植",
        "application.capital": "50",
        "application.account_bank": "rcb",
        "application.mobile": "19900000307",
    }
    sitting = Sitting(world, window, "mu.founder", thing="E-START", answers=answers)
    sitting.go_to("review")
    assert set(sitting.asked) == set(answers)
    assert window.page.locator(".value", has_text="新县清泉食品有限公司").count() >= 1
    parts = hand_in(world, window, sitting)
    assert set(parts) == {"SETUP", "SEAL", "INVOICE", "BANK"}


def test_an_employee_is_taken_on(world: World, window: Window) -> None:
    answers = {
        "employees[0].post": "炒茶工",
        "employees[0].monthly_wage": "4200",
        "employment.begins_on": "2026-11-16",
        "employment.ends_on": "2029-11-15",
        "application.mobile": "19900000309",
    }
    sitting = Sitting(world, window, "lei.director", other="spare.one", thing="E-HIRE", answers=answers)
    sitting.go_to("form")
    assert "新县西河茶业有限公司" in window.known("企业名称").inner_text()
    assert "411599300001" in window.known("单位社会保险编号").inner_text()
    parts = hand_in(world, window, sitting)
    assert set(sitting.asked) == set(answers)
    assert set(parts) == {"JOB-REG", "CONTRACT", "PENSION", "MEDICAL", "HPF"}


def test_an_agent_buys_for_a_company(world: World, window: Window) -> None:
    answers = {"application.mobile": "19900000310"}
    sitting = Sitting(
        world, window, "lei.clerk", other="lei.director", thing="E-REAL-ESTATE", answers=answers
    )
    sitting.go_to("questions")
    window.choose("application.by_agent", "true")
    parts = hand_in(world, window, sitting)
    assert sitting.asked == ["application.mobile"]
    assert set(parts) == {"LIC-CHECK", "ID-CHECK", "TAX", "TRANSFER"}
