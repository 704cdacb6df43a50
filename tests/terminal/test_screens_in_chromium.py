"""Every screen of the kiosk in a real Chromium: gone through, measured, and wiped."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from terminal_client.journey import events
from terminal_client.journey.state import Printing, Sentence, Times

from .chromium import Screen
from .conftest import RunningKiosk
from .every_screen import go_past_every_screen
from .made_birth import FATHER, MOTHER

pytestmark = pytest.mark.browser
MOST_TOUCHES = 40
MOST_KEYS = 40


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1080, "height": 1920}, reduced_motion="reduce")
    yield page
    page.context.close()


@pytest.fixture
def screen(page: Page, running: RunningKiosk) -> Screen:
    return Screen(page, running)


def type_name(screen: Screen) -> None:
    screen.type("chenyinuo")
    screen.touch(screen.page.locator(".found .key", has_text="陈一诺").first)
    screen.done()


def go_to_form(screen: Screen) -> None:
    screen.act("start")
    screen.settle("things")
    screen.touch(screen.page.locator(".tile").first)
    screen.settle("notice")
    screen.act("begin")
    screen.settle("matters")
    screen.act("next")
    screen.settle("card")
    screen.running.devices.place(MOTHER)
    screen.settle("consent")
    screen.act("consent")
    screen.settle("form")


def go_from_form_to_receipt(screen: Screen) -> None:
    screen.touch(screen.field("child.name").locator(".box"))
    type_name(screen)
    screen.touch(screen.field("application.settle_with").locator(".choice").last)
    screen.page.locator('.typing[data-fact="application.mobile"]').wait_for()
    screen.type("19900001234")
    screen.done()
    screen.touch(screen.field("application.delivery").locator(".choice").first)
    expect(screen.field("application.delivery").locator(".chosen")).to_have_count(1)
    for following in ("materials", "review", "sign"):
        screen.act("next")
        screen.settle(following)
    screen.sign()
    screen.touch(screen.page.locator("[data-take-signature]"))
    screen.settle("receipt")


def test_a_birth_takes_few_touches_and_few_keys(screen: Screen) -> None:
    go_to_form(screen)
    go_from_form_to_receipt(screen)
    expect(screen.page.locator(".case-number b")).to_have_text("XX-7KDM-0001-C")
    expect(screen.page.locator("#screen")).to_contain_text("请取走回执和身份证")
    assert len(screen.running.devices.slips) == 1
    assert screen.touches <= MOST_TOUCHES, screen.touches
    assert screen.keys <= MOST_KEYS, screen.keys
    assert screen.failures == []


def test_nothing_is_left_for_the_next_person(screen: Screen) -> None:
    go_to_form(screen)
    expect(screen.page.locator("#screen")).to_contain_text(MOTHER["name"])
    screen.act("leave")
    screen.act("leave_now")
    screen.settle("take_card")
    screen.running.devices.lift()
    screen.settle("idle")
    whole = screen.page.evaluate(
        "document.documentElement.outerHTML + JSON.stringify({...localStorage, ...sessionStorage})"
    )
    for word in (MOTHER["name"], MOTHER["id_number"], MOTHER["address"], "新县人民医院"):
        assert word not in whole
    screen.page.go_back()
    screen.page.wait_for_timeout(300)
    assert MOTHER["name"] not in screen.page.content()
    assert screen.running.door.endings == ["cancelled"]


def test_another_card_ends_the_sitting(screen: Screen) -> None:
    go_to_form(screen)
    screen.running.devices.lift()
    expect(screen.page.locator("#over")).to_contain_text("请把身份证放回读卡区")
    screen.running.devices.place(FATHER)
    screen.settle("take_card")
    assert screen.running.door.endings == ["swapped"]


def test_a_walk_away_is_warned_and_wiped(page: Page, tmp_path: Path) -> None:
    running = RunningKiosk(tmp_path, limits=Times(idle=5, warning=4))
    try:
        screen = Screen(page, running)
        go_to_form(screen)
        expect(page.locator("#over")).to_contain_text("您还在吗", timeout=6000)
        assert screen.look("still there", axe=False) == []
        screen.act("go_on")
        expect(page.locator("#over [role=alertdialog]")).to_have_count(0)
        expect(page.locator("#over")).to_contain_text("您还在吗", timeout=6000)
        screen.settle("take_card")
        assert running.door.endings == ["idle"]
    finally:
        running.stop()


def test_the_server_away_in_mid_form_loses_nothing(screen: Screen) -> None:
    go_to_form(screen)
    screen.running.door.is_down = True
    screen.touch(screen.field("application.settle_with").locator(".choice").first)
    expect(screen.page.locator("#over")).to_contain_text("网络暂时中断")
    screen.running.door.is_down = False
    screen.act("try_again")
    expect(screen.field("application.settle_with").locator(".chosen")).to_have_text("随父亲")


def test_no_paper_keeps_the_number_and_a_code_on_the_screen(screen: Screen) -> None:
    screen.running.devices.outcome = Printing.FAILED
    screen.running.devices.trouble = Sentence("打印机没纸了，请呼叫工作人员", "The printer is out of paper")
    go_to_form(screen)
    go_from_form_to_receipt(screen)
    expect(screen.page.locator("#screen")).to_contain_text("没纸了")
    expect(screen.page.locator(".qr svg")).to_be_visible()
    assert screen.look("no paper") == []
    screen.running.devices.outcome = Printing.PRINTED
    screen.act("print_again")
    expect(screen.page.locator("#screen")).to_contain_text("请取走回执")
    assert [again for _, again in screen.running.devices.slips] == [False, True]


def test_a_device_event_is_soon_on_the_screen(screen: Screen) -> None:
    screen.act("start")
    screen.settle("things")
    took = sorted(measure_event(screen, number) for number in range(15))
    assert took[7] <= 50, f"median {took[7]} ms"


def measure_event(screen: Screen, number: int) -> float:
    """Milliseconds from a device event to the changed page."""
    watch = """() => new Promise(seen => new MutationObserver((_, self) => {
        self.disconnect();
        seen(performance.timeOrigin + performance.now());
      }).observe(document.querySelector('#screen'), {childList: true, subtree: true, characterData: true}))"""
    seen = screen.page.evaluate_handle(f"() => ({{ at: ({watch})() }})")
    began = time.time() * 1000
    screen.running.devices.tell(
        events.CardUnreadable(Sentence(f"没读好，请再放一次（{number}）", "Not read"))
    )
    at: float = seen.evaluate("held => held.at")
    return at - began


MODES = {
    "normal": [],
    "elder": ["elder"],
    "english, lowered": ["language", "lowered"],
    "english, elder": ["language", "elder"],
}


# colours and roles are the same in all modes; the two ends of them are enough for axe, which is slow
JUDGED = ("normal", "english, elder")


@pytest.mark.parametrize("mode", MODES)
def test_every_screen_can_be_read_and_touched(page: Page, tmp_path: Path, mode: str) -> None:
    running = RunningKiosk(tmp_path, with_questions=True)
    try:
        screen = Screen(page, running)
        for act in MODES[mode]:
            screen.act(act)
        wrong = [
            found
            for name in go_past_every_screen(screen, MODES[mode])
            for found in screen.look(name, axe=mode in JUDGED)
        ]
        assert wrong == []
        assert screen.failures == []
    finally:
        running.stop()


def test_the_looking_itself_sees_what_is_wrong(screen: Screen) -> None:
    screen.page.evaluate(
        """() => {
          const small = document.createElement('button');
          small.textContent = '太小了';
          small.className = 'wrong';
          document.querySelector('#screen').append(small);
          const style = (rules) => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(rules);
            document.adoptedStyleSheets.push(sheet);
          };
          style('.wrong { width: 40px; height: 40px; font-size: 20px; color: #ccc; background: #fff; }');
          style('.way { width: 30px; overflow: hidden; white-space: nowrap; display: block; }');
          document.querySelector('.hall').textContent = 'a \\u{10FFFE}';
        }"""
    )
    wrong = "\n".join(screen.look("spoilt"))
    for fault in ("small target", "small text", "cut: SPAN.way", "no glyph", "axe color-contrast"):
        assert fault in wrong
