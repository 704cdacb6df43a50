"""Papers instead of data: somebody declines, somebody refuses everything, and the printer has no paper."""

import re

import pytest

from demo.world import World

from .judge import list_faults
from .sitting import ANSWERS, Sitting
from .window import Window

pytestmark = pytest.mark.browser
# What the mother knows by heart. The people and numbers are invented: division 411599 does not exist.
BY_HEART = {
    **ANSWERS,
    "child.name": "许乐",
    "child.sex": "1",
    "child.birth_at": "2026-11-01 08:30",
    "child.birth_on": "2026-11-01",
    "child.birth_hospital": "新县人民医院",
    "mother.householder_name": "许安",
    "mother.household_number": "411599000112",
    "father.name": "许安",
    "father.ethnicity": "01",
}


def list_pages(window: Window) -> list[str]:
    """What the list of papers says of each that is to be scanned."""
    return [row.inner_text() for row in window.page.locator(".row.tall").all()]


def take_page(window: Window) -> str:
    """Wait for the preview of the page on the glass; returns its address."""
    picture = window.page.locator(".paper img")
    picture.wait_for()
    assert picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 400
    return str(picture.get_attribute("src"))


def test_a_father_who_declines_is_a_paper(world: World, window: Window) -> None:
    answers = {**BY_HEART, "father.id_number": world.get_card("chen.father")["id_number"]}
    sitting = Sitting(world, window, "stranger.woman", answers=answers)
    world.ask_sandbox("DELETE", "/calls")
    sitting.go_to("materials")
    calls = [str(call) for call in world.ask_sandbox("GET", "/calls")]
    assert [call for call in calls if world.get_card("stranger.woman")["id_number"] in call]
    check_only_the_marriage_names_him(world.get_card("stranger.man")["id_number"], calls)
    assert [text for text in list_pages(window) if "父亲身份证" in text]
    retake_and_keep(window)
    assert [text for text in list_pages(window) if "父亲身份证" in text and "已扫 1 页" in text]


def check_only_the_marriage_names_him(number: str, calls: list[str]) -> None:
    """No register is asked about the father himself."""
    assert [call for call in calls if f"'self.id_number': '{number}'" in call] == []
    assert [call for call in calls if "e_licences" in call and number in call] == []


def retake_and_keep(window: Window) -> None:
    """Scan, throw the page away, scan again, keep it."""
    row = window.page.locator(".row.tall", has_text="父亲身份证")
    window.touch(row.locator('[hx-post="/acts/scan"]'))
    window.wait_for("scanning")
    first = take_page(window)
    assert list_faults(window.page) == []
    window.act("retake")
    window.page.locator(f'.paper img:not([src="{first}"])').wait_for()
    second = take_page(window)
    assert second != first
    window.act("keep")
    window.wait_for("materials")


def test_who_refuses_everything_types_and_scans(world: World, window: Window) -> None:
    answers = {**BY_HEART, "father.id_number": world.get_card("spare.one")["id_number"]}
    sitting = Sitting(world, window, "spare.two", answers=answers)
    sitting.go_to("consent")
    world.ask_sandbox("DELETE", "/calls")
    window.act("consent", "no")
    window.wait_after("consent", "fetching")
    sitting.go_to("form")
    window.says("您没有同意取这一项，请自己填写")
    sitting.go_to("sign")
    assert world.ask_sandbox("GET", "/calls") == []
    world.printer.put("/faults", {"paper_out": True})
    sitting.sign()
    window.wait_for("receipt")
    check_without_paper(world, window, sitting)


def check_without_paper(world: World, window: Window, sitting: Sitting) -> None:
    """The number and a code stay on the screen; with paper again, the slip of the same case is printed."""
    window.says("打印纸用完了")
    number = sitting.read_case_number()
    assert re.fullmatch(r"XX-\d{6}-\w{3}-\w{4}", number)
    window.page.locator(".qr svg").wait_for()
    assert world.printer.get("/slips") == []
    sitting.finish()
    world.printer.put("/faults", {})
    window.act("progress")
    window.wait_for("card")
    sitting.put_card()
    window.act("open_case", number)
    window.page.locator(".timeline").wait_for()
    window.act("reprint")
    slip = "\n".join(sitting.wait_for_slips(1)[0]["lines"])
    assert number in slip
    assert "补打" in slip
    assert "已交材料" in slip
