"""The technicians' rooms: a terminal from its planning to its retirement, in Chromium and by its forms."""

import re
from dataclasses import dataclass
from itertools import count

import pytest
from playwright.sync_api import Browser, Page

from onething.services import fleet_watching
from onething.services.fleet_watching import TerminalView
from tests.console.looking import look, told
from tests.console.office import Desk, Office
from tests.fleet.machine import Fleet, HandClock, Machine

pytestmark = pytest.mark.browser
_NUMBERS = count(1)


@dataclass
class Lobby:
    """A planned terminal: its page, and the machine that shall be it."""

    office: Office
    path: str
    machine: Machine

    @property
    def id(self) -> str:
        return self.path.rpartition("/")[2]

    def view(self) -> TerminalView:
        return fleet_watching.get_terminal(self.office.ports, self.office.actor("technician"), self.id)


@pytest.fixture
def technician(office: Office) -> Desk:
    return office.client("technician")


def plan(office: Office, technician: Desk) -> Lobby:
    number = f"XX-T-{next(_NUMBERS):02d}"
    answer = technician.post("/fleet/new", "/fleet/new", number=number, hall_zh="县政务服务中心 一楼")
    path = answer.headers["Location"].partition("/console")[2]
    return Lobby(office, path, Machine(Fleet(office.ports, office.app, HandClock(), {})))


def text_of(technician: Desk, path: str) -> str:
    return str(technician.get(path).get_data(as_text=True))


def enrol(technician: Desk, lobby: Lobby) -> str:
    """Gives a code and comes with it; the eight characters of the kiosk's screen."""
    shown = technician.post(f"{lobby.path.replace('/console', '')}/codes", lobby.path).get_data(as_text=True)
    code = re.search(r"<code>([0-9A-Z-]{19})</code>", shown)
    assert code
    answer = lobby.machine.enrol(code[1])
    assert answer.status_code == 201
    return str(answer.json["check_words"])


def active(office: Office, technician: Desk) -> Lobby:
    lobby = plan(office, technician)
    technician.post(f"{lobby.path}/activation", lobby.path, words=enrol(technician, lobby))
    return lobby


def test_a_terminal_is_enrolled_and_watched_in_the_browser(office: Office, browser: Browser) -> None:
    wrong: list[str] = []
    page = office.enter(browser, "technician")
    page.goto(office.address("/fleet/new"))
    wrong += look(page, "fleet-new")
    page.locator("#number").fill("XX-T-B1")
    page.locator("#hall_zh").fill("县政务服务中心 一楼大厅 3 号机")
    page.get_by_role("button", name="规划", exact=True).click()
    page.get_by_role("button", name="发放登记码").click()
    wrong += look(page, "fleet-code")
    machine = Machine(Fleet(office.ports, office.app, HandClock(), {}))
    words = machine.enrol(page.locator(".given code").inner_text()).json["check_words"]
    page.get_by_role("link", name="终端已输入").click()
    assert page.locator(".lobby .words").inner_text() == words
    wrong += look(page, "fleet-lobby")
    page.locator("#words").fill(words.lower())
    page.get_by_role("button", name="一致，启用").click()
    machine.beat(devices=machine.with_device("receipt_printer", paper="out", reason="paper_out"))
    page.reload()
    assert page.locator(".device.late b").all_inner_texts() == ["凭条打印机"]
    assert page.get_by_text("热敏纸卷").is_visible()
    wrong += look(page, "fleet-terminal")
    for name, path in [("list", "/fleet/"), ("alerts", "/alerts/")]:
        page.goto(office.address(path))
        page.locator("td", has_text="XX-T-B1").first.wait_for()
        wrong += look(page, f"fleet-{name}")
    wrong += look_in_english(office, browser, page)
    page.context.close()
    assert not wrong, told(wrong)


def look_in_english(office: Office, browser: Browser, seen: Page) -> list[str]:
    page = office.enter(browser, "technician", language="en")
    page.goto(office.address("/fleet/"))
    wrong = look(page, "fleet-list-en")
    page.get_by_role("link", name="XX-T-B1").click()
    wrong += look(page, "fleet-terminal-en")
    page.get_by_role("link", name="Settings").click()
    wrong += look(page, "fleet-settings-en")
    page.goto(office.address("/intakes/"))
    assert page.locator("main").inner_text() != seen.locator("main").inner_text()
    page.context.close()
    # A technician has no business with what citizens handed in.
    return [each for each in wrong if "Failed to load resource" not in each]


def test_words_that_differ_activate_nothing(office: Office, technician: Desk) -> None:
    lobby = plan(office, technician)
    enrol(technician, lobby)
    technician.post(f"{lobby.path}/activation", lobby.path, words="0000-0000")
    assert 'data-reason="check_words_differ"' in text_of(technician, lobby.path)
    assert lobby.view().line.terminal.state == "lobby"
    technician.post(f"{lobby.path}/rejection", lobby.path)
    assert lobby.view().line.terminal.state == "planned"
    assert lobby.machine.beat().status_code == 401


def test_settings_are_sent_signed_and_wrong_ones_say_where(office: Office, technician: Desk) -> None:
    lobby = active(office, technician)
    path = f"{lobby.path}/settings"
    good = {
        "hall_zh": "县政务服务中心 二楼",
        "device-id_card": "idcard+serial:/dev/onething/id_card",
        "columns": "32",
        "idle_seconds": "90",
        "warning_seconds": "20",
        "longest_session_seconds": "1200",
        "log_level": "info",
        "update_channel": "early",
        "expected": ["id_card", "receipt_printer"],
        "from-0": "09:00",
        "to-0": "17:00",
    }
    bad = technician.post(path, path, **{**good, "idle_seconds": "many", "device-id_card": "somewhere"})
    said = bad.get_data(as_text=True)
    assert (bad.status_code, 'value="many"' in said, 'href="#devices"' in said) == (422, True, True)
    technician.post(path, path, **good)
    sent = lobby.machine.ask("GET", "/terminal/configuration").json
    assert sent["revision"] == 2
    assert sent["settings"]["opening_hours"] == [{"weekday": 0, "from": "09:00", "to": "17:00"}]
    assert sent["settings"]["devices"] == {"id_card": "idcard+serial:/dev/onething/id_card"}
    assert (sent["settings"]["columns"], sent["settings"]["update_channel"]) == (32, "early")


def test_a_command_reaches_the_terminal_and_its_result_the_page(office: Office, technician: Desk) -> None:
    lobby = active(office, technician)
    technician.post(f"{lobby.path}/commands", lobby.path, kind="upload_logs", reason="打印机时好时坏")
    technician.post(f"{lobby.path}/commands", lobby.path, kind="wipe", reason="不该有的命令")
    [order] = lobby.machine.beat().json["commands"]
    assert order["kind"] == "upload_logs"
    result = {"command": order["id"], "outcome": "done", "detail": "12 lines", "attachment": "bGluZQ=="}
    assert lobby.machine.ask("POST", "/terminal/command-results", result, key=order["id"]).status_code < 300
    assert "12 lines" in text_of(technician, lobby.path)
    kept = technician.get(f"/fleet/commands/{order['id']}/attachment")
    assert kept.get_data() == b"line"


def test_out_of_service_and_back_replaced_and_retired(office: Office, technician: Desk) -> None:
    lobby = active(office, technician)
    technician.post(f"{lobby.path}/suspension", lobby.path, reason="读卡器送修")
    assert lobby.machine.beat().json["state"] == "suspended"
    technician.post(f"{lobby.path}/resumption", lobby.path)
    assert lobby.machine.beat().json["state"] == "active"
    answer = technician.post(f"{lobby.path}/replacement", lobby.path, number="XX-T-NEW")
    other = Lobby(office, answer.headers["Location"].partition("/console")[2], Machine(lobby.machine.fleet))
    words = enrol(technician, other)
    technician.post(f"{other.path}/activation", other.path, words=words)
    assert (lobby.view().line.terminal.state, other.view().line.terminal.state) == ("retired", "active")
    assert lobby.machine.beat().status_code == 401
    technician.post(f"{other.path}/retirement", other.path, reason="夜里丢失", stolen="yes")
    assert "已报失窃" in text_of(technician, other.path)


def test_a_supervisor_looks_and_cannot_act(office: Office, technician: Desk) -> None:
    lobby = active(office, technician)
    supervisor = office.client("supervisor")
    page = text_of(supervisor, lobby.path)
    assert f'action="/console{lobby.path}/codes"' not in page
    assert "停用原因" not in page
    assert supervisor.get("/fleet/new").status_code == 403
    assert office.client("clerk").get("/fleet/").status_code == 403
