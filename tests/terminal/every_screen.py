"""Going past every screen of the kiosk in Chromium, with everything on it that can be there."""

import threading
from collections.abc import Iterator
from dataclasses import replace

from playwright.sync_api import expect

from devices.a4_printer.port import Interruption
from terminal_client.journey import events
from terminal_client.journey.state import Printing, Sentence

from .chromium import Screen
from .made_birth import FATHER, MOTHER, THINGS
from .made_step_up import CODE


def go_past_every_screen(screen: Screen, modes: list[str]) -> Iterator[str]:
    """The whole way with everything on it; stops at each screen by its name.

    The next person begins in the usual mode, so the modes are touched again.
    """
    yield from to_the_card(screen)
    yield from to_the_filled_form(screen)
    yield from to_the_typed_form(screen)
    yield from to_the_end(screen)
    for act in modes:
        screen.act(act)
    yield from to_a_case(screen)
    screen.act("finish")
    screen.settle("take_card")
    screen.running.devices.lift()
    screen.settle("idle")
    for act in modes:
        screen.act(act)
    yield from to_an_intake(screen)


def to_the_card(screen: Screen) -> Iterator[str]:
    screen.running.door.asks_code = True
    yield "idle"
    screen.act("start")
    screen.settle("things")
    yield "things"
    screen.act("open_search")
    screen.page.locator(".key.done").wait_for()
    yield "search"
    screen.act("close_keyboard")
    screen.touch(screen.page.locator(".tile").first)
    screen.settle("notice")
    yield "notice"
    screen.act("flow_chart")
    screen.page.locator(".chart").wait_for()
    yield "flow chart"
    screen.act("go_on")
    screen.act("begin")
    screen.settle("matters")
    yield "matters"
    screen.act("next")
    screen.settle("questions")
    yield "questions"
    screen.touch(screen.page.locator(".choice").first)
    screen.page.locator(".choice.chosen").wait_for()
    screen.act("next")
    screen.settle("card")
    yield "card"
    screen.running.devices.tell(events.ReaderChanged(Sentence("读卡器没有连上", "The reader is unplugged")))
    screen.settle("reader_fault")
    yield "reader fault"
    screen.running.devices.tell(events.ReaderChanged(None))
    screen.settle("card")


def to_the_filled_form(screen: Screen) -> Iterator[str]:
    screen.running.door.open_role = True
    screen.running.door.silent = {"household_register"}
    screen.running.devices.place(MOTHER)
    screen.settle("consent")
    yield "consent"
    screen.act("consent")
    screen.settle("second_signer")
    yield "second signer"
    screen.act("invite")
    screen.page.locator(".qr svg").wait_for()
    yield "second signer invited"
    screen.running.devices.lift()
    screen.running.devices.place(FATHER)
    screen.page.locator("#over [role=alertdialog]").wait_for()
    yield "card gone"
    screen.running.devices.lift()
    screen.running.devices.place(MOTHER)
    screen.settle("form")
    yield "form with a silent register"
    screen.running.door.silent = set()
    screen.act("retry_sources")
    screen.page.locator(".field.known", has_text="88号").wait_for()
    yield "form"


def to_the_typed_form(screen: Screen) -> Iterator[str]:
    address = screen.page.locator(".field.known", has_text="88号").first
    screen.touch(address.locator('[hx-post="/acts/wrong"]'))
    screen.settle("dispute")
    screen.page.locator(".key.done").wait_for()
    yield "a value that is wrong"
    screen.type("chen")
    screen.touch(screen.page.locator(".found .key").first)
    screen.done()
    screen.page.locator(".asked.said").wait_for()
    yield "dispute"
    screen.act("send")
    screen.settle("form")
    screen.page.locator(".field.known .tag.ask").wait_for()
    yield "a disputed value"
    screen.touch(screen.field("child.name").locator(".box"))
    screen.page.locator(".key.done").wait_for()
    screen.type("chenyinuo")
    screen.page.locator(".found .key", has_text="陈一诺").wait_for()
    yield "pinyin"
    screen.touch(screen.page.locator(".found .key", has_text="陈一诺").first)
    screen.done()
    screen.touch(screen.field("application.settle_with").locator(".choice").last)
    screen.page.locator('.typing[data-fact="application.mobile"]').wait_for()
    screen.type("199")
    screen.done()
    screen.page.locator(".typing .error").wait_for()
    yield "a refused number"
    screen.type("00001234")
    screen.done()
    # the keyboard goes in the same picture in which the kiosk begins to be busy
    screen.page.locator(".typing").wait_for(state="detached")
    screen.settle("form")
    screen.touch(screen.field("application.delivery").locator(".choice").first)
    screen.field("application.delivery").locator(".chosen").wait_for()
    yield "filled form"


def to_the_end(screen: Screen) -> Iterator[str]:
    screen.act("next")
    screen.settle("materials")
    yield "materials"
    screen.act("scan")
    screen.page.locator(".paper img").wait_for()
    yield "scanning"
    screen.act("keep")
    screen.settle("materials")
    screen.act("next")
    screen.settle("review")
    yield "review"
    screen.act("next")
    yield from to_a_code(screen)
    screen.settle("sign")
    yield "sign"
    screen.running.devices.outcome = Printing.UNKNOWN
    screen.sign()
    screen.touch(screen.page.locator("[data-take-signature]"))
    screen.settle("receipt")
    screen.page.locator(".qr").wait_for()
    yield "did it print"
    screen.act("did_print")
    screen.page.locator(".qr").wait_for(state="detached")
    yield "receipt"
    yield from to_a_rating(screen)
    screen.act("call_staff")
    screen.page.locator("#over [role=alertdialog]").wait_for()
    yield "staff called"
    screen.act("go_on")
    screen.act("finish")
    screen.settle("take_card")
    yield "take your card"
    screen.running.devices.lift()
    screen.settle("idle")


def to_a_code(screen: Screen) -> Iterator[str]:
    screen.settle("step_up")
    yield "one more check"
    screen.act("send_code")
    screen.page.locator(".key.done").wait_for()
    yield "a code to be typed"
    screen.type("111111")
    screen.done()
    screen.page.locator(".notice.warn").wait_for()
    yield "a wrong code"
    screen.act("close_keyboard")
    screen.page.locator(".key.done").wait_for(state="detached")
    yield "a code under way"
    screen.touch(screen.page.locator(".step-up .box"))
    screen.page.locator(".key.done").wait_for()
    screen.type(CODE)
    screen.done()


def to_a_rating(screen: Screen) -> Iterator[str]:
    screen.act("rate_kiosk")
    screen.settle("rating")
    yield "rating"
    screen.touch(screen.page.locator(".level").nth(3))
    screen.page.locator(".level.chosen").wait_for()
    screen.touch(screen.page.locator(".choice").first)
    screen.page.locator(".choice.chosen").wait_for()
    yield "rating with a reason"
    screen.act("send")
    screen.settle("receipt")
    yield "rated"


def to_a_case(screen: Screen) -> Iterator[str]:
    screen.act("progress")
    screen.settle("card")
    screen.running.devices.place(MOTHER)
    screen.settle("progress")
    yield "cases"
    screen.touch(screen.page.locator(".matter").first)
    screen.page.locator(".timeline").wait_for()
    yield "case"
    yield from to_a_supplement(screen)
    yield from to_a_shared_value(screen)
    yield from to_a_printed_result(screen)
    yield from to_a_withdrawal(screen)


def to_a_shared_value(screen: Screen) -> Iterator[str]:
    screen.act("case_values")
    screen.settle("case_values")
    yield "shared values of a case"
    screen.touch(screen.page.locator('[hx-post="/acts/wrong"]').first)
    screen.settle("dispute")
    yield "a shared value called wrong"
    screen.act("back")
    screen.settle("case_values")
    screen.act("back")
    screen.settle("progress")


def to_a_printed_result(screen: Screen) -> Iterator[str]:
    """Held up in the middle, in doubt, and asked about; then printed without a word."""
    devices, button = screen.running.devices, screen.page.locator('[hx-post="/acts/print_here"]')
    well, mended = devices.document_outcome, threading.Event()
    devices.prints_documents, devices.is_mended = True, mended
    devices.interruptions = [Interruption("paper_jam", "打印机卡纸了。", "Paper is jammed in the printer.")]
    devices.document_outcome = replace(well, state="unknown")
    screen.touch(button)
    screen.page.locator("#screen .notice.warn").first.wait_for()
    yield "result held up"
    mended.set()
    answers = screen.page.locator('[hx-post="/acts/say_came_out"]')
    expect(answers).to_have_count(2)
    yield "result in doubt"
    screen.touch(answers.last)
    expect(answers).to_have_count(0)
    devices.interruptions, devices.document_outcome = [], well
    screen.touch(button)
    screen.page.locator("#screen .notice.good").get_by_text("取走").or_(
        screen.page.locator("#screen .notice.good").get_by_text("all its pages")
    ).wait_for()
    yield "result printed"


def to_a_supplement(screen: Screen) -> Iterator[str]:
    screen.act("supplement")
    screen.settle("supplement")
    yield "supplement"
    screen.act("scan")
    screen.page.locator(".paper img").wait_for()
    yield "scanning a supplement"
    screen.act("keep")
    screen.settle("supplement")
    screen.touch(screen.field("application.mobile").locator(".box"))
    screen.page.locator(".key.done").wait_for()
    screen.type("19900001234")
    screen.done()
    screen.page.locator(".asked.said").wait_for()
    yield "whole supplement"
    screen.act("give")
    screen.settle("progress")
    expect(screen.page.locator(".wanted-panel")).to_have_count(0)
    yield "supplement given"


def to_a_withdrawal(screen: Screen) -> Iterator[str]:
    screen.act("withdrawal")
    screen.settle("withdrawal")
    yield "withdrawal"
    screen.touch(screen.page.locator(".matter").first)
    screen.page.locator("#over [role=alertdialog]").wait_for()
    yield "asked again"
    screen.act("withdraw")
    screen.settle("progress")
    expect(
        screen.page.locator(".tag", has_text="已撤回").or_(screen.page.locator(".tag", has_text="Withdrawn"))
    ).to_have_count(1)
    yield "withdrawn"


def to_an_intake(screen: Screen) -> Iterator[str]:
    screen.running.door.is_down = True
    screen.running.devices.tell(events.Away("list_things", 0))
    screen.page.locator("#screen .notice.warn").wait_for()
    yield "idle without a line"
    screen.act("start")
    screen.settle("things")
    screen.touch(screen.page.locator(".tile").first)
    screen.settle("notice")
    yield "a guide without a line"
    screen.act("to_intake")
    screen.settle("intake")
    screen.page.locator(".key.done").wait_for()
    yield "intake"
    screen.running.devices.place(MOTHER)
    screen.page.locator('.typing[data-fact="intake.phone"]').wait_for()
    screen.type("199")
    screen.done()
    screen.page.locator(".typing .error").wait_for()
    yield "an intake without a whole number"
    screen.type("00001234")
    screen.done()
    screen.running.devices.outcome = Printing.UNKNOWN
    screen.running.devices.tell(events.Answered("list_things", {"things": THINGS}, 0))
    screen.page.locator("#screen .notice.good").wait_for()
    yield "an intake when the line is back"
    screen.act("keep")
    screen.settle("intake_taken")
    screen.page.locator(".notice.warn").wait_for()
    yield "intake taken"
    screen.running.door.is_down = False
