"""Desk mode: the clerk's devices, open to the console's page on this machine and to nobody else."""

import base64
import io
import json
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests
from flask.testing import FlaskClient
from PIL import Image
from playwright.sync_api import Browser

from devices.scanner.sane import sane_test_environment
from devices.simulator_process import SimulatorProcess
from terminal_client.cli import main
from terminal_client.config import DeskConfig, DeviceUrls
from terminal_client.desk import MOST_WRONG_CODES, make_code, make_desk
from terminal_client.desk_devices import DeskDevices

from .made_birth import MOTHER
from .test_the_program import end_program

ORIGIN = "https://console.example"
CARD = {name: value for name, value in MOTHER.items() if value or name == "photo"}
NOTICE = {
    "title_zh": "受理通知书",
    "number": "新政受〔2026〕第0001号",
    "case_number": "XX-7KDM-0001-C",
    "thing_zh": "新生儿出生一件事",
    "issued_on": "2026-11-23",
    "office_zh": "新县政务服务中心",
    "lines": ["您的申请已受理。"],
    "qr": "HTTPS://XINXIAN.INVALID/C/XX-7KDM-0001-C",
}


class Desk:
    """A desk's application, asked as the console's page asks it."""

    def __init__(self, **urls: str) -> None:
        config = DeskConfig(ORIGIN, scan_dpi=75, devices=DeviceUrls(**urls))
        self.code = make_code()
        self.devices = DeskDevices(config)
        self.client: FlaskClient = make_desk(self.devices, config, self.code).test_client()
        self.headers = {"Host": "127.0.0.1:8091", "Origin": ORIGIN, "Desk-Token": self.code}

    def ask(self, method: str, path: str, body: Any = None, **changed: str | None) -> Any:
        headers = {name: value for name, value in (self.headers | changed).items() if value is not None}
        return self.client.open(path, method=method, json=body, headers=headers)


@pytest.fixture
def reader() -> Iterator[SimulatorProcess]:
    simulator = SimulatorProcess("devices.id_card.simulator")
    yield simulator
    simulator.end()


@pytest.fixture
def printer() -> Iterator[SimulatorProcess]:
    simulator = SimulatorProcess("devices.receipt_printer.simulator")
    yield simulator
    simulator.end()


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.devices.close()


class TestWhoMayAsk:
    def test_the_consoles_page_with_the_code(self, desk: Desk) -> None:
        answer = desk.ask("GET", "/desk/devices")
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Access-Control-Allow-Credentials" not in answer.headers

    @pytest.mark.parametrize(
        ("changed", "status", "reason"),
        [
            ({"Host": "evil.example:8091"}, 403, "other_host"),
            ({"Origin": "https://evil.example"}, 403, "other_origin"),
            ({"Origin": f"{ORIGIN}.evil.example"}, 403, "other_origin"),
            ({"Origin": "null"}, 403, "other_origin"),
            ({"Origin": None}, 403, "other_origin"),
            ({"Desk-Token": None}, 401, "not_paired"),
            ({"Desk-Token": "WRONG-WRONG-WRONG"}, 401, "not_paired"),
        ],
    )
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/desk/card"),
            ("POST", "/desk/scan"),
            ("POST", "/desk/print-notice"),
            ("GET", "/desk/devices"),
        ],
    )
    def test_nobody_else(
        self, desk: Desk, method: str, path: str, changed: dict[str, str], status: int, reason: str
    ) -> None:
        answer = desk.ask(method, path, NOTICE if method == "POST" else None, **changed)
        assert (answer.status_code, answer.json["reason"]) == (status, reason)
        if reason != "not_paired":
            assert "Access-Control-Allow-Origin" not in answer.headers

    def test_the_code_is_typed_as_people_type(self, desk: Desk) -> None:
        typed = f" {desk.code.lower().replace('-', ' ')} "
        assert desk.ask("GET", "/desk/devices", **{"Desk-Token": typed}).status_code == 200

    def test_guesses_are_counted_and_a_page_without_a_code_is_no_guess(self, desk: Desk) -> None:
        for _ in range(MOST_WRONG_CODES + 5):
            assert desk.ask("GET", "/desk/devices", **{"Desk-Token": None}).json["reason"] == "not_paired"
        for _ in range(MOST_WRONG_CODES):
            desk.ask("GET", "/desk/devices", **{"Desk-Token": make_code()})
        answer = desk.ask("GET", "/desk/devices")
        assert (answer.status_code, answer.json["reason"]) == (403, "locked")

    def test_a_preflight_opens_the_way_for_the_console_alone(self, desk: Desk) -> None:
        asks = {
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,desk-token",
            "Access-Control-Request-Private-Network": "true",
            "Desk-Token": None,
        }
        good = desk.ask("OPTIONS", "/desk/scan", **asks)
        assert good.status_code == 204
        assert good.headers["Access-Control-Allow-Private-Network"] == "true"
        assert "desk-token" in good.headers["Access-Control-Allow-Headers"]
        bad = desk.ask("OPTIONS", "/desk/scan", **asks, Origin="https://evil.example")
        assert bad.status_code == 403
        assert not [name for name, _ in bad.headers if name.startswith("Access-Control")]


class TestTheDevices:
    def test_a_card_comes_whole_and_without_its_photo(self, reader: SimulatorProcess) -> None:
        reader.put("/card", CARD)
        desk = Desk(id_card=reader.url)
        card = desk.ask("GET", "/desk/card").json["card"]
        desk.devices.close()
        assert (card["name"], card["id_number"]) == (MOTHER["name"], MOTHER["id_number"])
        assert "photo" not in card

    def test_no_card_is_said_in_a_sentence(self, reader: SimulatorProcess) -> None:
        desk = Desk(id_card=reader.url)
        answer = desk.ask("GET", "/desk/card")
        desk.devices.close()
        assert answer.status_code == 409
        assert answer.json["reason"] == "card_absent"
        assert answer.json["zh"]

    def test_a_page_is_scanned_whole(self, tmp_path: Path) -> None:
        environment = sane_test_environment(tmp_path)
        desk = Desk(scanner=f"scanner+sane:test:0?config={quote(environment['SANE_CONFIG_DIR'])}")
        (page,) = desk.ask("POST", "/desk/scan", {"source": "flatbed"}).json["pages"]
        pages = desk.ask("POST", "/desk/scan", {"source": "feeder"}).json["pages"]
        desk.devices.close()
        with Image.open(io.BytesIO(base64.b64decode(page["data"]))) as picture:
            assert picture.size == (page["width"], page["height"])
        assert [each["number"] for each in pages] == list(range(1, len(pages) + 1))
        assert len(pages) > 1

    def test_a_scan_of_something_else_is_refused(self, desk: Desk) -> None:
        for body in ({"source": "window"}, {"path": "x"}, ["flatbed"]):
            assert desk.ask("POST", "/desk/scan", body).json["reason"] == "bad_request"

    def test_a_notice_is_printed_on_the_printers_word(self, printer: SimulatorProcess) -> None:
        desk = Desk(receipt_printer=printer.url)
        assert desk.ask("POST", "/desk/print-notice", NOTICE).json["outcome"] == "printed"
        printer.put("/faults", {"paper_out": True})
        refused = desk.ask("POST", "/desk/print-notice", NOTICE)
        desk.devices.close()
        (slip,) = printer.get("/slips")
        text = "\n".join(slip["lines"])
        assert all(NOTICE[name] in text for name in ("title_zh", "number", "case_number", "issued_on"))
        assert refused.status_code in (409, 503)
        assert "纸" in refused.json["zh"]

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"number": ""}, "number"),
            ({"issued_on": "x" * 11}, "issued_on"),
            ({"lines": ["好"] * 61}, "lines"),
            ({"lines": ["\x1bp"]}, "lines"),
            ({"qr": "码"}, "qr"),
            ({"command": "cut"}, "command"),
        ],
    )
    def test_a_notice_that_cannot_be_printed_names_its_field(
        self, desk: Desk, change: dict[str, Any], field: str
    ) -> None:
        answer = desk.ask("POST", "/desk/print-notice", NOTICE | change)
        assert (answer.status_code, answer.json["field"]) == (422, field)

    def test_what_is_not_there_is_absent_and_says_so(self, desk: Desk) -> None:
        health = desk.ask("GET", "/desk/devices").json
        assert {kind: each["state"] for kind, each in health.items()} == {
            "id_card": "absent",
            "scanner": "absent",
            "receipt_printer": "absent",
        }
        assert desk.ask("GET", "/desk/card").status_code == 503


def start_desk(folder: Path, origin: str, reader_url: str) -> tuple[subprocess.Popen[bytes], dict[str, str]]:
    """The program in desk mode; with what it says once it is ready."""
    file = folder / "desk.toml"
    file.write_text(f'console_origin = "{origin}"\n[devices]\nid_card = "{reader_url}"\n', encoding="utf-8")
    command = [sys.executable, "-m", "terminal_client.cli", "desk", "--port", "0", "--with-parent"]
    program = subprocess.Popen(
        [*command, "--config", str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert program.stdout is not None
    assert select.select([program.stdout], [], [], 20)[0], "the desk does not start"
    ready: dict[str, str] = json.loads(program.stdout.readline())
    return program, ready


def test_the_program_serves_this_machine_only(tmp_path: Path, reader: SimulatorProcess) -> None:
    reader.put("/card", CARD)
    program, ready = start_desk(tmp_path, ORIGIN, reader.url)
    try:
        headers = {"Origin": ORIGIN, "Desk-Token": ready["pairing_code"]}
        answer = requests.get(f"{ready['url']}/card", headers=headers, timeout=10)
        assert answer.json()["card"]["id_number"] == MOTHER["id_number"]
        port = int(ready["url"].rsplit(":", 1)[1].removesuffix("/desk"))
        assert listening_addresses(port) == {"127.0.0.1"}
    finally:
        assert end_program(program) == 0


def listening_addresses(port: int) -> set[str]:
    """The local addresses, by the kernel's own table, on which somebody listens at a port."""
    lines = (
        Path("/proc/net/tcp").read_text().splitlines()[1:]
        + Path("/proc/net/tcp6").read_text().splitlines()[1:]
    )
    found = set()
    for line in lines:
        address, state = line.split()[1], line.split()[3]
        host, _, at = address.partition(":")
        if state == "0A" and int(at, 16) == port:
            found.add(
                ".".join(str(byte) for byte in reversed(bytes.fromhex(host))) if len(host) == 8 else host
            )
    return found


@pytest.mark.browser
def test_a_page_of_the_console_reads_the_card_and_another_sites_page_cannot(
    tmp_path: Path, reader: SimulatorProcess, browser: Browser
) -> None:
    reader.put("/card", CARD)
    page = browser.new_page()
    page.route(
        "https://*.example/**", lambda route: route.fulfill(body="<p>console</p>", content_type="text/html")
    )
    program, ready = start_desk(tmp_path, ORIGIN, reader.url)
    fetching = """([url, code]) => fetch(url, { headers: { 'Desk-Token': code } })
      .then(r => r.json()).then(b => b.card.name).catch(e => 'refused by the browser')"""
    try:
        page.context.grant_permissions(["local-network-access"], origin=ORIGIN)
        page.goto(f"{ORIGIN}/")
        asked = [f"{ready['url']}/card", ready["pairing_code"]]
        assert page.evaluate(fetching, asked) == MOTHER["name"]
        page.goto("https://evil.example/")
        assert page.evaluate(fetching, asked) == "refused by the browser"
    finally:
        page.close()
        assert end_program(program) == 0


def test_an_origin_that_is_none_is_said_in_plain_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "desk.toml"
    file.write_text('console_origin = "*"\n', encoding="utf-8")
    assert main(["desk", "--config", str(file)]) == 1
    assert "console_origin" in capsys.readouterr().err
