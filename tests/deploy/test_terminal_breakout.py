"""Ways out of the kiosk, tried in a real Chromium with the real policy, in a mount namespace of its own."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

OWN_PORT = "8090"
PAGE = """<!doctype html><title>own</title><h1>own page</h1>
<a id=link href="{other}/">out</a> <a id=blank target=_blank href="{other}/">out, in a window</a>
<a id=save download=x.bin href="/file.bin">save</a> <input id=file type=file>
<iframe src="{other}/"></iframe><script>second = open("/", "second")</script>"""
ELSEWHERE = (
    "file:///etc/passwd",
    "file:///",
    "view-source:{own}/",
    "data:text/html,<h1>out</h1>",
    "chrome://version",
    "chrome://downloads",
    "chrome://inspect",
    "chrome://net-export",
    "chrome-untrusted://new-tab-page/",
    "devtools://devtools/bundled/inspector.html",
    "{other}/",
    "http://localhost:{port}/",
    "http://[::1]:{port}/",
    "https://127.0.0.1:{port}/",
    "http://user@127.0.0.1:{other_port}/",
    "ftp://127.0.0.1/",
)
WRAPPER = """#!/bin/sh
exec unshare --mount sh -c '
    mkdir -p /etc/chromium && mount -t tmpfs tmpfs /etc/chromium && mkdir -p /etc/chromium/policies/managed
    cp "$0" /etc/chromium/policies/managed/ && exec /usr/bin/chromium "$@"' {policy} "$@"
"""
LIST_POLICIES = """() => {
    const walk = root => [...root.querySelectorAll('*')].flatMap(
        each => [each, ...(each.shadowRoot ? walk(each.shadowRoot) : [])])
    return walk(document).filter(each => each.tagName === 'POLICY-ROW' && each.policy?.value !== undefined)
        .map(each => [each.policy.name, each.policy.error || ''])
}"""

pytestmark = pytest.mark.browser


class Pages:
    """A page on a port of its own, and another on another."""

    def __init__(self, folder: Path) -> None:
        self.own, self.other = _serve(folder / "own"), _serve(folder / "other")
        for place, text in (("own", PAGE.format(other=_url(self.other))), ("other", "<h1>other page</h1>")):
            (folder / place).mkdir()
            (folder / place / "index.html").write_text(text, "utf-8")

    def fill(self, text: str) -> str:
        """An address with ours in it."""
        ports = {"port": self.own.server_address[1], "other_port": self.other.server_address[1]}
        return text.format(own=_url(self.own), other=_url(self.other), **ports)

    def stop(self) -> None:
        """Close both."""
        for server in (self.own, self.other):
            server.shutdown()
            server.server_close()


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _serve(folder: Path) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder)))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server


def _url(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    pages = Pages(tmp_path_factory.mktemp("pages"))
    yield pages
    pages.stop()


@contextmanager
def _launched(browser: Browser, folder: Path, policy: dict[str, Any]) -> Iterator[BrowserContext]:
    file, wrapper = folder / "policy.json", folder / "chromium"
    file.write_text(json.dumps(policy), "utf-8")
    wrapper.write_text(WRAPPER.format(policy=file), "utf-8")
    wrapper.chmod(0o755)
    launched = browser.browser_type.launch(
        executable_path=str(wrapper), args=["--no-sandbox"], ignore_default_args=["--disable-popup-blocking"]
    )
    yield launched.new_context()
    launched.close()


def _read_policy(deploy: Path) -> dict[str, Any]:
    policy: dict[str, Any] = json.loads((deploy / "terminal/files/onething-kiosk.json").read_text("utf-8"))
    # with it, nobody could drive this browser, the test included
    assert policy.pop("DeveloperToolsAvailability") == 2
    return policy


@pytest.fixture(scope="module")
def locked(
    browser: Browser, deploy: Path, pages: Pages, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """A browser under the shipped policy; only the port is the test's."""
    policy = _read_policy(deploy)
    policy["URLAllowlist"] = [
        each.replace(f":{OWN_PORT}", pages.fill(":{port}")) for each in policy["URLAllowlist"]
    ]
    with _launched(browser, tmp_path_factory.mktemp("locked"), policy) as locked:
        yield locked


@pytest.fixture
def page(locked: BrowserContext, pages: Pages) -> Iterator[Page]:
    page = locked.new_page()
    page.goto(pages.fill("{own}/"))
    yield page
    page.close()


def test_no_address_leads_elsewhere(locked: BrowserContext, pages: Pages) -> None:
    reached = {}
    for address in ELSEWHERE:
        page = locked.new_page()
        page.goto(pages.fill("{own}/"))
        assert page.inner_text("h1") == "own page"
        try:
            page.goto(pages.fill(address), timeout=5000)
            reached[address] = page.url
        except Error as error:
            if "ERR_BLOCKED_BY_ADMINISTRATOR" not in str(error):
                reached[address] = str(error)
        page.close()
    assert not reached


def test_the_page_itself_opens_no_door(page: Page, pages: Pages) -> None:
    outside = [frame.url for frame in page.frames if frame.url.startswith(pages.fill("{other}"))]
    assert not outside
    page.click("#link")
    page.wait_for_url("chrome-error://chromewebdata/")
    page.goto(pages.fill("{own}/"))
    before = len(page.context.pages)
    page.click("#blank")
    page.evaluate("open('/', '_blank')")
    page.wait_for_timeout(300)
    shown = [each.url for each in page.context.pages]
    assert not [url for url in shown if url.startswith(pages.fill("{other}"))]
    # a window opened without a touch is no window at all
    assert page.evaluate("second === null")
    for each in page.context.pages[before:]:
        each.close()


def test_nothing_is_chosen_or_printed(page: Page) -> None:
    page.click("#file")
    page.wait_for_timeout(300)
    assert page.evaluate("document.querySelector('#file').files.length") == 0
    # with printing closed by policy the dialog never comes, and the page goes on at once
    assert page.evaluate("(() => { print(); return 'goes on' })()") == "goes on"


def test_without_the_policy_these_are_ways_out(browser: Browser, pages: Pages, tmp_path: Path) -> None:
    with _launched(browser, tmp_path, {}) as open_wide:
        page = open_wide.new_page()
        page.goto(pages.fill("{other}/"))
        assert page.inner_text("h1") == "other page"
        page.goto("chrome://version")
        assert "Chromium" in page.inner_text("body")


def test_no_sense_of_the_machine_is_lent_to_the_page(page: Page) -> None:
    refused = """async names => {
        const tries = {
            camera: () => navigator.mediaDevices.getUserMedia({ video: true }),
            microphone: () => navigator.mediaDevices.getUserMedia({ audio: true }),
            screen: () => navigator.mediaDevices.getDisplayMedia(),
            place: () => new Promise((yes, no) => navigator.geolocation.getCurrentPosition(yes, no)),
            clipboard: () => navigator.clipboard.readText(),
            usb: () => navigator.usb.requestDevice({ filters: [] }),
            serial: () => navigator.serial.requestPort(),
            hid: () => navigator.hid.requestDevice({ filters: [] }),
            folder: () => showDirectoryPicker(),
        }
        const given = []
        for (const name of Object.keys(tries))
            // who is shown no device of any kind may answer with an empty list
            try { if ((await tries[name]())?.length !== 0) given.push(name) } catch { }
        if (await Notification.requestPermission() !== 'denied') given.push('notices')
        return given
    }"""
    assert page.evaluate(refused) == []


def test_this_chromium_knows_every_setting_of_the_policy(
    browser: Browser, deploy: Path, tmp_path: Path
) -> None:
    policy = _read_policy(deploy)
    policy["URLAllowlist"].append("chrome://policy")
    policy["NoSuchSetting"] = True
    with _launched(browser, tmp_path, policy) as lax:
        page = lax.new_page()
        page.goto("chrome://policy")
        page.wait_for_function(f"({LIST_POLICIES})().length >= {len(policy)}")
        said = dict(page.evaluate(LIST_POLICIES))
    assert set(said) == set(policy)
    assert {name: error for name, error in said.items() if error} == {"NoSuchSetting": "Unknown policy."}
