"""Everything that goes wrong while a form is filled in: a sentence, and nothing lost or half-written."""

import time

import pytest

from demo.world import World

from .sitting import ANSWERS, Sitting
from .window import Window

pytestmark = pytest.mark.browser
# A register gets this long for each of its two tries, and its wave is followed by those that waited for it.
FORM_WITHIN_SECONDS = 15.0


def set_mood(world: World, source: str, mood: str, seconds: float = 60) -> None:
    """How a register behaves from now on."""
    world.ask_sandbox("PUT", f"/moods/{source}", {"mood": mood, "seconds": seconds})


def test_a_register_that_is_down_is_asked_again(world: World, window: Window) -> None:
    sitting = Sitting(world, window, "sun.mother", other="sun.father")
    set_mood(world, "birth_register", "down")
    sitting.go_to("form")
    window.says("有部门的系统没有回应，您填的不会丢")
    window.says("出生医学证明（分娩）信息暂时没有回应，可再试一次或自己填")
    sitting.open_keyboard("child.name")
    sitting.type("child.name", "孙小一")
    window.page.locator('.field.said[data-fact="child.name"]').wait_for()
    set_mood(world, "birth_register", "ok")
    window.act("retry_sources")
    window.known("助产机构").wait_for()
    assert window.field("child.name").locator(".box").inner_text().strip() == "孙小一"
    assert window.page.locator(".notice", has_text="没有回应").count() == 0


def test_a_register_that_hangs_holds_nobody_up(world: World, window: Window) -> None:
    sitting = Sitting(world, window, "sun.father", other="sun.mother")
    set_mood(world, "household_register", "hang")
    sitting.go_to("second_signer")
    began = time.monotonic()
    sitting.let_other_agree()
    window.wait_for("form")
    took = time.monotonic() - began
    window.says("没有回应")
    window.known("助产机构").wait_for()
    print(f"the form was there after {took:.1f} s with a register hanging")
    assert took < FORM_WITHIN_SECONDS


def test_somebody_elses_record_is_never_shown(world: World, window: Window) -> None:
    set_mood(world, "birth_register", "wrong_person")
    world.ask_sandbox("DELETE", "/calls")
    Sitting(world, window, "liu.mother").go_to("form")
    asked = [call for call in world.ask_sandbox("GET", "/calls") if "birth_register" in str(call)]
    assert asked
    window.says("没有回应")
    shown = window.page.locator("#screen").inner_text()
    for person in world.list_people():
        if person["family"] != "liu":
            assert person["card"]["name"] not in shown


def test_a_required_answer_left_out(world: World, window: Window) -> None:
    sitting = Sitting(world, window, "chen.mother", other="chen.father")
    sitting.go_to("form")
    window.act("next")
    window.says("还差“姓名”没有填")
    assert window.screen == "form"
    # the field itself is opened, with its keyboard
    window.page.locator('.asked.now[data-fact="child.name"]').wait_for()
    window.page.locator('.typing[data-fact="child.name"]').wait_for()


def test_a_mobile_number_that_is_none(world: World, window: Window) -> None:
    sitting = Sitting(world, window, "chen.mother", other="chen.father")
    sitting.go_to("form")
    sitting.open_keyboard("child.name")
    sitting.type("child.name", ANSWERS["child.name"])
    window.page.locator('.field.said[data-fact="child.name"]').wait_for()
    sitting.open_keyboard("application.mobile")
    sitting.type("application.mobile", "12345")
    window.page.locator(".typing .error").wait_for()
    assert "手机" in window.page.locator(".typing .error").inner_text()
    assert window.field("child.name").locator(".box").inner_text().strip() == ANSWERS["child.name"]
    assert window.page.locator('.field.said[data-fact="application.mobile"]').count() == 0


def test_unticking_a_matter_that_another_needs(world: World, window: Window) -> None:
    Sitting(world, window, "chen.mother", other="chen.father").go_to("matters")
    hukou = window.page.locator("""button.matter[hx-vals*='"HUKOU"']""")
    window.touch(hukou)
    window.says("医保参保要用孩子的身份证号码，请同时办理出生登记")
    window.act("next")
    window.page.locator(".notice.warn").first.wait_for()
    assert window.screen == "matters"
    window.touch(hukou)
    window.page.locator(".notice.warn").first.wait_for(state="detached")
    window.act("next")
    assert window.wait_after("matters") in ("questions", "card")


def test_the_server_stops_and_comes_back(world: World, window: Window) -> None:
    sitting = Sitting(world, window, "chen.mother", other="chen.father")
    sitting.go_to("form")
    fact = str(window.page.locator(".field.asked:not(.said)").first.get_attribute("data-fact"))
    world.stop_server()
    try:
        sitting.open_keyboard(fact)
        sitting.type(fact, ANSWERS[fact])
        window.says("您填的内容不会丢，正在自动重连")
    finally:
        world.start_server()
    window.page.locator(f'.field.said[data-fact="{fact}"]').wait_for()
    window.wait_until_uncovered()
    assert ANSWERS[fact] in window.field(fact).inner_text().replace(" ", "")
