"""One birth on a kiosk and two phones: begun, agreed to, photographed, supplemented, rated, printed."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, expect

from demo.afterwards import UNREADABLE
from demo.handset import photograph_paper
from demo.office import Office
from demo.printing import print_first_result
from demo.together import FATHER, MOTHER, Together
from demo.world import World

from .conftest import SMALL
from .judge import list_faults
from .window import Window

pytestmark = pytest.mark.browser
CHILD = "李安然"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A county whose window looks at each case first, and whose police cannot read a page."""
    environment = {**SMALL, "ONETHING_WINDOW_ACCEPTS": "yes"}
    with World(tmp_path / "county", environment=environment, prints_results=True) as world:
        world.ask_sandbox("PUT", "/departments/GA", UNREADABLE)
        yield world


def test_a_birth_on_one_kiosk_and_two_phones(world: World, browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "screens").mkdir()
    with Window(browser, world.kiosk_url, tmp_path / "screens") as window, Office(world) as office:
        together = Together(world, window, tmp_path)
        joined = together.go_through()
        assert joined.photographed
        number = joined.case_number
        check_what_he_saw(world, together)
        office.accept(number)
        office.ask_what_is_wanted(number)
        bring_what_is_missing(world, together, number)
        office.wait_until_closed(number)
        rate(world, together, number)
        print_at_the_kiosk(world, window, number, tmp_path)
        read_on_the_phone(world, together, number)
        together.put_away()
        assert window.complaints == []


def check_what_he_saw(world: World, together: Together) -> None:
    """His own part, and nothing of hers but who asks."""
    seen = together.shown_to_him
    hers, his = world.get_card(MOTHER), world.get_card(FATHER)
    assert his["name"] in seen
    assert hers["name"] not in seen
    assert hers["id_number"] not in seen


def bring_what_is_missing(world: World, together: Together, number: str) -> None:
    """What the police could not read, photographed at home."""
    hers, page = together.hers, together.hers.page
    page.goto(f"{world.server_url}/m/cases/{number}")
    hers.tap("去补正")
    hers.take_picture("wanted")
    page.get_by_role("link", name="去拍").first.tap()
    page.locator("[data-native]").first.wait_for(state="hidden")  # its script is there
    page.locator("#album").set_input_files(
        {"name": "page.jpg", "mimeType": "image/jpeg", "buffer": photograph_paper()}
    )
    page.locator("dialog.camera .main").tap()
    expect(page.locator(".sheets li").first).to_be_visible()
    hers.take_picture("brought")
    page.goto(f"{world.server_url}/m/cases/{number}/supplement")
    page.locator(".bottom button, .bar button, main ~ * button").last.tap()
    page.get_by_text("已补齐，部门接着办").wait_for()


def rate(world: World, together: Together, number: str) -> None:
    """Every part has ended: she says how it was."""
    hers, page = together.hers, together.hers.page
    page.goto(f"{world.server_url}/m/cases/{number}")
    hers.take_picture("closed")
    hers.tap("评价这次服务")
    page.get_by_role("link", name="评价", exact=True).last.tap()
    page.locator("input.level-1").check()
    hers.take_picture("rating")
    hers.tap("提交评价")
    page.get_by_text("已评价").first.wait_for()
    hers.take_picture("rated")


def print_at_the_kiosk(world: World, window: Window, number: str, out: Path) -> None:
    """In the lobby again: her case is there by her card, and slip and results come out of the printers."""
    window.wait_for("idle")
    window.act("progress")
    window.wait_for("card")
    world.card_reader.put("/card", world.get_card(MOTHER))
    window.wait_for("progress")
    window.act("open_case", number)
    window.page.locator('[hx-post="/acts/reprint"]').wait_for()
    assert list_faults(window.page) == []
    before = len(world.printer.get("/slips"))
    window.act("reprint")
    for _ in range(200):
        slips = world.printer.get("/slips")
        if len(slips) > before and slips[-1]["completed"]:
            break
        window.page.wait_for_timeout(100)
    assert number in "\n".join(slips[-1]["lines"])
    print_a_result(world, window, out / "printed.pdf")
    print_with_a_jam(world, window)
    nothing_of_it_stays_on_its_disk(world, out / "printed.pdf")
    world.card_reader.delete("/card")
    window.wait_for("progress")
    window.act("leave_now")
    window.wait_for("idle")


def print_a_result(world: World, window: Window, file: Path) -> None:
    """A certificate of the child, as the sandbox's department issued it, on the kiosk's own printer."""
    name = print_first_result(world, window, file)
    text = pypdfium2.PdfDocument(file)[0].get_textpage().get_text_range()
    assert name in text
    assert CHILD in text
    assert list_faults(window.page) == []
    window.page.locator(".row", has_text=name).get_by_text("已交付").wait_for()


def print_with_a_jam(world: World, window: Window) -> None:
    """The sheet jams: the screen says so, staff is called, and it goes on when that is mended."""
    world.a4_printer.put("/faults", {"at_page": 0, "at_page_reason": "media-jam-error"})
    window.act("print_here")
    window.page.get_by_text("已通知工作人员").first.wait_for()
    assert list_faults(window.page) == []
    window.act("finish")
    window.page.get_by_text("现在离开，会请工作人员来收好").wait_for()
    window.take_picture("result-jammed")
    world.a4_printer.put("/faults", {})
    window.page.get_by_text("打印好了").first.wait_for()
    first, second = world.a4_printer.get("/jobs")
    assert (first["sheets"], second["sheets"]) == (1, 1)
    assert CHILD not in first["name"] + second["name"], "others can read a printer's queue"


def nothing_of_it_stays_on_its_disk(world: World, file: Path) -> None:
    """What was printed lies in no file of the kiosk."""
    printed = file.read_bytes()
    kept = [path for path in (world.folder / "kiosk").rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if printed[:200] in path.read_bytes() or b"%PDF-" in path.read_bytes()]


def read_on_the_phone(world: World, together: Together, number: str) -> None:
    """What was printed can be looked at on her phone too."""
    page = together.hers.page
    page.goto(f"{world.server_url}/m/cases/{number}/results")
    together.hers.take_picture("results")
    link = page.get_by_role("link", name="查看/下载文件").first.get_attribute("href")
    given = page.request.get(f"{world.server_url}{link}")
    assert (given.status, given.headers["content-type"]) == (200, "application/pdf")
    assert given.body().startswith(b"%PDF-")
