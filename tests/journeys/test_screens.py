"""Every screen of the journey, as everybody sees it, as elders see it, and in English."""

from collections.abc import Callable
from pathlib import Path

import pytest

from demo.world import World

from .judge import list_faults
from .sitting import ANSWERS, Sitting
from .window import Window

pytestmark = pytest.mark.browser
NEEDED = {
    "idle", "things", "search", "notice", "flow_chart", "matters", "questions", "card", "reader_silent",
    "consent", "second_signer", "card_gone", "register_down", "form", "wrong_value", "keyboard", "pinyin",
    "form_filled", "materials", "review", "sign", "signed", "no_paper", "receipt", "call_staff", "leave",
    "take_card", "progress", "case",
}  # fmt: skip


class Gallery:
    """Looks at each screen once, in three ways, and keeps a picture of each."""

    def __init__(self, window: Window, folder: Path) -> None:
        self.faults: list[str] = []
        self.seen: set[str] = set()
        self._window = window
        self._folder = folder

    def look(self, name: str) -> None:
        """Judge the screen as it stands, unless it was judged before under this name."""
        if name in self.seen:
            return
        self.seen.add(name)
        self._judge(name, "normal")
        self._window.set_mode(elder=True)
        self._judge(name, "elder")
        self._window.set_mode(elder=False, english=True)
        self._judge(name, "english", with_axe=False)
        self._window.set_mode(elder=False)

    def _judge(self, name: str, way: str, *, with_axe: bool = True) -> None:
        page = self._window.page
        page.screenshot(path=self._folder / f"{len(self.seen):02d}-{name}-{way}.png")
        self.faults += [f"{name}, {way}: {fault}" for fault in list_faults(page, with_axe=with_axe)]


def test_every_screen_can_be_read_and_touched(world: World, window: Window, tmp_path: Path) -> None:
    gallery = Gallery(window, tmp_path)
    sitting = Sitting(
        world, window, "tong.mother", other="tong.father", answers={**ANSWERS, "child.ethnicity": "11"},
        look=gallery.look,
    )  # fmt: skip
    for part in (see_what_is_offered, see_the_card_asked_for, see_the_form, see_the_end, see_the_case):
        part(world, window, sitting, gallery.look)
    print(f"pictures in {tmp_path}")
    assert gallery.faults == []
    assert gallery.seen >= NEEDED, NEEDED - gallery.seen


Look = Callable[[str], None]


def see_what_is_offered(_world: World, window: Window, sitting: Sitting, look: Look) -> None:
    sitting.go_to("things")
    window.act("open_search")
    window.page.locator(".key.done").wait_for()
    look("search")
    window.act("close_keyboard")
    window.page.locator(".typing").wait_for(state="detached")
    sitting.go_to("notice")
    window.act("flow_chart")
    window.page.locator(".chart img").evaluate("picture => picture.decode()")
    look("flow_chart")
    window.act("go_on")
    window.wait_until_uncovered()
    window.act("call_staff")
    window.page.locator("#over .call_staff").wait_for()
    look("call_staff")
    window.act("go_on")
    window.wait_until_uncovered()


def see_the_card_asked_for(world: World, window: Window, sitting: Sitting, look: Look) -> None:
    sitting.go_to("card")
    world.card_reader.put("/faults", {"is_silent": True})
    window.page.locator("#mode i[data-screen=reader_fault], .notice.warn").first.wait_for(state="attached")
    look("reader_silent")
    world.card_reader.put("/faults", {})
    window.wait_for("card")


def see_the_form(world: World, window: Window, sitting: Sitting, look: Look) -> None:
    sitting.go_to("consent")
    window.act("leave")
    window.page.locator("#over .leave").wait_for()
    look("leave")
    window.act("go_on")
    window.wait_until_uncovered()
    world.ask_sandbox("PUT", "/moods/household_register", {"mood": "down"})
    sitting.go_to("second_signer")
    sitting.let_other_agree()
    window.wait_for("form")
    window.says("没有回应")
    look("register_down")
    world.ask_sandbox("PUT", "/moods/household_register", {"mood": "ok"})
    window.act("retry_sources")
    window.page.locator("#screen", has_text="有部门的系统没有回应").wait_for(state="detached")
    look("form")
    window.touch(window.page.locator('.known [hx-post="/acts/wrong"]').first)
    window.wait_for("dispute")
    look("wrong_value")
    if window.page.locator(".typing").count():
        window.act("close_keyboard")
        window.page.locator(".typing").wait_for(state="detached")
    look("dispute")
    window.act("back")
    window.wait_for("form")
    sitting.open_keyboard("child.name")
    for letter in "wangan":
        window.touch(window.page.locator(".keys").get_by_role("button", name=letter, exact=True))
    window.page.locator(".found .key").first.wait_for()
    look("pinyin")
    window.touch(window.page.locator(".keys .found .key", has_text="王").first)
    sitting.type("child.name", "安")
    window.page.locator('.field.said[data-fact="child.name"]').wait_for()
    sitting.go_to("materials")


def see_the_end(world: World, window: Window, sitting: Sitting, look: Look) -> None:
    sitting.go_to("sign")
    world.printer.put("/faults", {"paper_out": True})
    sitting.sign()
    window.wait_for("receipt")
    window.page.locator(".qr svg").wait_for()
    look("no_paper")
    world.printer.put("/faults", {})
    window.act("print_again")
    window.says("请取走回执")
    look("receipt")
    window.act("rate_kiosk")
    window.wait_for("rating")
    window.touch(window.page.locator(".level").last)
    window.page.locator(".level.chosen").wait_for()
    look("rating")
    window.act("send")
    window.wait_for("receipt")
    window.says("谢谢您的评价")
    window.act("finish")
    window.wait_for("take_card")
    look("take_card")
    world.card_reader.delete("/card")
    window.wait_for("idle")


def see_the_case(_world: World, window: Window, sitting: Sitting, look: Look) -> None:
    number = window.page.locator(".case-number b")
    assert number.count() == 0
    window.act("progress")
    window.wait_for("card")
    sitting.put_card()
    window.wait_for("progress")
    look("progress")
    window.act("open_case")
    window.page.locator(".timeline").wait_for()
    look("case")
