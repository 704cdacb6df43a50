"""Filing at a window in Chromium: a real desk program lends its reader, scanner and printer to the page."""

import json
import select
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from devices.scanner.sane import sane_test_environment
from devices.simulator_process import SimulatorProcess
from onething.services import casefiles, consenting, fetching, filling, signing_in
from tests.console.looking import look, told
from tests.console.office import Desk, Office
from web.current import SETTINGS

pytestmark = pytest.mark.browser


class DeskProgram:
    """``onething-terminal desk`` in a process of its own, with simulators on its wires."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.reader = SimulatorProcess("devices.id_card.simulator")
        self.printer = SimulatorProcess("devices.receipt_printer.simulator")
        scanner = f"scanner+sane:test:0?config={quote(sane_test_environment(folder)['SANE_CONFIG_DIR'])}"
        settings = [f'console_origin = "{office.url}"', "scan_dpi = 75", "[devices]"]
        urls = {"id_card": self.reader.url, "receipt_printer": self.printer.url, "scanner": scanner}
        settings += [f'{kind} = "{url}"' for kind, url in urls.items()]
        file = folder / "desk.toml"
        file.write_text("\n".join(settings), encoding="utf-8")
        self.program = subprocess.Popen(
            [
                *(sys.executable, "-m", "terminal_client.cli", "desk", "--config", str(file)),
                *("--port", "0", "--with-parent"),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.program.stdout
        assert select.select([self.program.stdout], [], [], 30)[0], "the desk does not start"
        ready = json.loads(self.program.stdout.readline())
        self.code = str(ready["pairing_code"])
        self.url = str(ready["url"]).removesuffix("/desk")

    def lay(self, card: dict[str, Any] | None) -> None:
        """Put a card on the clerk's reader, or take it away."""
        self.reader.delete("/card") if card is None else self.reader.put("/card", card)

    def end_for_good(self) -> None:
        """As when the clerk closes it."""
        self.program.terminate()
        self.program.wait(10)

    def end(self) -> None:
        self.end_for_good()
        for pipe in (self.program.stdin, self.program.stdout):
            assert pipe
            pipe.close()
        self.reader.end()
        self.printer.end()


@pytest.fixture(scope="module")
def desk(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskProgram]:
    desk = DeskProgram(office, tmp_path_factory.mktemp("desk"))
    before = office.app.extensions[SETTINGS]
    office.app.extensions[SETTINGS] = replace(before, desk_url=desk.url)
    yield desk
    office.app.extensions[SETTINGS] = before
    desk.end()


@pytest.fixture
def page(office: Office, desk: DeskProgram, browser: Browser) -> Iterator[Page]:
    page = office.enter(browser, "clerk")
    page.goto(office.address("/filing/"))
    page.locator(".desk-pairing input").fill(desk.code.lower())
    page.locator(".desk-pairing button").click()
    page.locator(".desk-devices .badge.good").first.wait_for()
    page.__dict__["faults"] = []  # the first look, before there was a code, is answered with 401
    yield page
    page.goto(office.address("/filing/"))
    if page.locator("button.grave").count():
        page.locator("button.grave").first.click()
    page.context.close()


def sit_down(page: Page) -> None:
    page.get_by_role("button", name="读取身份证").click()
    page.get_by_text("这位群众的办件").wait_for()


def begin(page: Page, name: str) -> None:
    page.locator(".things li", has_text=name).get_by_role("button").click()
    page.locator("#missing").wait_for()


def test_a_birth_is_filed_at_a_window(office: Office, desk: DeskProgram, page: Page) -> None:
    county, wrong = office.county, look(page, "filing-begin")
    desk.lay(county.card("tong", "mother"))
    sit_down(page)
    wrong += look(page, "filing-table")
    begin(page, "新生儿出生")
    wrong += look(page, "filing-draft")
    page.locator("input[name=heard]").check()
    page.get_by_role("button", name="查询并预填").click()
    page.get_by_text("已同意").first.wait_for()
    wrong += look(page, "filing-people")
    desk.lay(county.card("tong", "father"))
    page.locator("#people [data-read-card] button").click()
    page.locator("#people .badge.good").wait_for()
    fill_what_is_missing(page)
    scan_what_is_wanted(page)
    sign(page)
    wrong += look(page, "filing-complete")
    page.get_by_role("button", name="提交").click()
    page.get_by_role("button", name="打印小票").click()
    page.get_by_text("已打印", exact=True).wait_for()
    wrong += look(page, "filing-receipt")
    number = page.locator(".head p").inner_text()
    wrong += rate(page)
    assert number in json.dumps(desk.printer.get("/slips"), ensure_ascii=False)
    case = casefiles.view_case_for_staff(office.ports, office.actor("clerk"), number)
    assert case["channel"] == "window"
    assert not wrong, told(wrong)


def rate(page: Page) -> list[str]:
    page.get_by_role("link", name="请群众评价").click()
    page.get_by_role("link", name="非常不满意").click()
    page.locator("input[name=reason]").first.check()
    page.locator("#comment").fill("排队太久")
    wrong = look(page, "filing-rating")
    page.get_by_role("button", name="提交评价").click()
    page.get_by_text("我们会回访并整改").wait_for()
    return wrong


def fill_what_is_missing(page: Page) -> None:
    page.locator('[id="child.name"]').fill("童禾")
    page.locator('[id="application.mobile"]').fill("19900000001")
    page.locator('[id="child.ethnicity"]').select_option(index=1)
    page.locator("#form > form > button.main").click()
    page.get_by_text("已保存").wait_for()


def scan_what_is_wanted(page: Page) -> None:
    while page.locator("#materials .badge.warn").count():
        paper = page.locator("#materials article", has=page.locator(".badge.warn")).first
        name = paper.get_attribute("id")
        paper.locator("[data-scan-from=flatbed]").click()
        page.locator(f'[id="{name}"] .sheets img').first.wait_for(timeout=30_000)


def sign(page: Page) -> None:
    pad = page.locator("#pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + 60 + 50 * step, box["y"] + (150 if step % 2 else 60), steps=4)
    page.mouse.up()
    page.get_by_role("button", name="保存签名").click()
    page.locator("#signature .badge.good").wait_for()


def test_what_goes_wrong_is_said_where_it_happened(office: Office, desk: DeskProgram, page: Page) -> None:
    desk.lay(None)
    page.get_by_role("button", name="读取身份证").click()
    page.locator(".filing-start .desk-said", has_text="读卡区").wait_for()
    page.__dict__["faults"] = []  # the browser writes the desk's 409 into its log
    desk.lay(office.county.card("sun", "mother"))
    sit_down(page)
    begin(page, "新生儿出生")
    page.locator("input[name=heard]").check()
    page.get_by_role("button", name="查询并预填").click()
    page.get_by_text("已同意").first.wait_for()
    page.locator('[id="child.name"]').fill("孙禾")
    page.locator('[id="application.mobile"]').fill("123")
    page.locator("#form > form > button.main").click()
    page.locator('[id="application.mobile-error"]').wait_for()
    assert page.locator('[id="application.mobile"]').input_value() == "123"
    page.reload()
    assert page.locator('[id="child.name"]').input_value() == "孙禾"
    assert page.locator('[id="application.mobile"]').input_value() == ""
    desk.end_for_good()
    page.goto(office.address("/filing/table"))
    page.get_by_role("button", name="结束服务").click()
    page.get_by_text("没有连上本机的桌面程序").wait_for()
    page.__dict__["faults"] = []


class TestWithoutABrowser:
    """What the pages must refuse whatever is sent to them."""

    def test_a_draft_opens_only_for_the_citizen_at_this_very_window(self, office: Office) -> None:
        clerk = seated(office, "song", "man")
        draft = clerk.post("/filing/drafts", "/filing/table", thing="P-MARRIAGE").headers["Location"]
        path = draft.partition("/console")[2].partition("#")[0]
        assert clerk.get(path).status_code == 200
        other = seated(office, "qin", "woman")
        assert other.get(path).status_code == 404
        # The first sitting ended when the next card was read at the same window.
        assert clerk.get(path).status_code == 303

    def test_a_card_that_nobody_can_hold_opens_nothing(self, office: Office) -> None:
        card = office.county.card("song", "man")
        for wrong in (
            {"id_number": "411599199001011111"},
            {"valid_to": "2020-01-01"},
            {"kind": "foreigner_2017"},
        ):
            clerk = office.client("clerk")
            answer = clerk.post("/filing/sittings", "/filing/", card=json.dumps({**card, **wrong}))
            assert "console-sitting" not in str(answer.headers.getlist("Set-Cookie"))
            assert clerk.get("/filing/table").status_code == 303
        said = clerk.post("/filing/sittings", "/filing/", card="{")
        assert "没有读到身份证" in clerk.get("/filing/").get_data(as_text=True), said.headers

    def test_what_a_clerk_does_for_somebody_is_the_clerks_in_the_audit(self, office: Office) -> None:
        clerk = seated(office, "song", "man")
        clerk.post("/filing/drafts", "/filing/table", thing="P-MARRIAGE")
        holder = office.ports.index.of_number(office.county.card("song", "man")["id_number"])
        with office.ports.records.read() as uow:
            rows = uow.audit.list_of_subject(holder)
        mine = [row for row in rows if row.actor == office.accounts["clerk"].staff.id]
        assert {"session_started", "draft_opened", "draft_read"} <= {row.action for row in mine}
        assert {row.actor_kind for row in mine} == {"staff"}

    def test_a_clerk_who_compared_face_and_card_answers_for_it(self, office: Office) -> None:
        clerk = seated(office, "huang", "widow")
        draft = clerk.post("/filing/drafts", "/filing/table", thing="P-AFTER-DEATH").headers["Location"]
        path = draft.partition("/console")[2].partition("#")[0]
        assert "核对无误" not in clerk.get(path).get_data(as_text=True)
        chosen = ["DEATH-CERT", "HUKOU-CANCEL", "DEPOSIT"]
        session = signing_in.get_sitting(office.ports, office.actor("clerk"), SEATED["token"])
        filling.choose(office.ports, session, path.rpartition("/")[2], chosen)
        assert "核对无误" in clerk.get(path).get_data(as_text=True)
        clerk.post(f"{path}/vouching", path)
        assert "核对无误" in clerk.get(path).get_data(as_text=True), "nobody compared anything"
        clerk.post(f"{path}/vouching", path, compared="yes")
        said = clerk.get(path).get_data(as_text=True)
        assert "已核对本人" in said
        assert "核对无误" not in said
        with office.ports.records.read() as uow:
            rows = uow.audit.list_of_subject(session.holder)
        [vouched] = [row for row in rows if row.action == "stepped_up"]
        assert (vouched.actor, vouched.detail) == (office.accounts["clerk"].staff.id, {"by": "clerk"})

    def test_what_only_a_counter_can_serve_is_served_here(self, office: Office) -> None:
        seated(office, "dou", "seller")
        session = signing_in.get_sitting(office.ports, office.actor("clerk"), SEATED["token"])
        view = filling.open_draft(office.ports, session, "P-HOUSE-TRANSFER", None, {})
        view = consenting.consent(
            office.ports, session, view["id"], {each["id"]: True for each in view["consent"]["sources"]}
        )
        view = fetching.fetch(office.ports, session, view["id"])
        assert view["counter_only"]
        assert "conflict" not in {each["kind"] for each in view["missing"]}


SEATED: dict[str, str] = {}


def seated(office: Office, family: str, role: str) -> Desk:
    """A clerk's client at whose window this person's card was read."""
    clerk = office.client("clerk")
    answer = clerk.post("/filing/sittings", "/filing/", card=json.dumps(office.county.card(family, role)))
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if "console-sitting" in each)
    SEATED["token"] = cookie.partition("=")[2].partition(";")[0]
    return clerk
