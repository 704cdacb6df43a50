"""Cards that cannot be used: each ends in a sentence the citizen understands, and nothing of it is kept."""

from typing import Any

import pytest

from demo.world import World

from .sitting import Sitting
from .window import Window

pytestmark = pytest.mark.browser
HOLDER = "spare.two"
# An invented foreigner: no such person, and no country has the code XXX.
FOREIGNER_2017: dict[str, Any] = {
    "kind": "foreigner_2017",
    "name": "萨姆",
    "english_name": "SAMPLE, SAM",
    "sex": "1",
    "birth_on": "1985-05-05",
    "id_number": "XXX411585050500",
    "authority": "1500",
    "valid_from": "2019-01-01",
    "valid_to": "2029-01-01",
    "country": "XXX",
    "card_version": "01",
}


def wait_for_card(world: World, window: Window) -> Sitting:
    """The kiosk asks for a card, and the reader is empty."""
    sitting = Sitting(world, window, HOLDER)
    assert sitting.go_to("card") == "card"
    return sitting


def check_refused(world: World, window: Window, sentence: str) -> None:
    """The sentence stands on the card screen, nothing was asked about anybody, and a good card goes on."""
    window.says(sentence)
    assert window.screen == "card"
    assert window.page.locator("#bar .person").count() == 0
    world.card_reader.delete("/card")
    world.card_reader.put("/faults", {})
    world.card_reader.put("/card", world.get_card(HOLDER))
    assert window.wait_after("card") in ("consent", "form")


def test_a_card_lifted_in_mid_read(world: World, window: Window) -> None:
    wait_for_card(world, window)
    world.card_reader.put("/faults", {"on": "3001", "lift_after_bytes": 400, "times": 1})
    world.card_reader.put("/card", world.get_card(HOLDER))
    check_refused(world, window, "证件没有读完，请拿开后重新放好")


def test_a_damaged_card(world: World, window: Window) -> None:
    wait_for_card(world, window)
    world.card_reader.put("/faults", {"on": "3001", "corrupt_text_byte": 123})
    world.card_reader.put("/card", world.get_card(HOLDER))
    check_refused(world, window, "这张证件的内容无法识别，请到综合窗口办理")


def test_a_number_that_fails_its_check(world: World, window: Window) -> None:
    wait_for_card(world, window)
    card = world.get_card(HOLDER)
    wrong = str((int(card["id_number"][-1].replace("X", "5")) + 1) % 10)
    world.card_reader.put("/card", {**card, "id_number": card["id_number"][:-1] + wrong})
    check_refused(world, window, "请到综合窗口办理")


def test_an_expired_card(world: World, window: Window) -> None:
    wait_for_card(world, window)
    old = {**world.get_card(HOLDER), "valid_from": "2006-01-01", "valid_to": "2016-01-01"}
    world.card_reader.put("/card", old)
    check_refused(world, window, "您的证件已过有效期")


def test_a_foreigners_card_of_2017(world: World, window: Window) -> None:
    wait_for_card(world, window)
    world.card_reader.put("/card", FOREIGNER_2017)
    check_refused(world, window, "窗口")


def test_a_reader_that_stops_answering_and_comes_back(world: World, window: Window) -> None:
    wait_for_card(world, window)
    world.card_reader.put("/faults", {"is_silent": True})
    window.wait_for("reader_fault")
    window.says("读卡器没有响应")
    world.card_reader.put("/faults", {})
    window.wait_for("card")
    world.card_reader.put("/card", world.get_card(HOLDER))
    assert window.wait_after("card") in ("consent", "form")
