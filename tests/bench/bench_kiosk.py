"""The kiosk itself: from its start to the first screen, and from a device's word to the next screen."""

import http.client
import json
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests
from playwright.sync_api import sync_playwright

from terminal_client.keys import make_key

from ..terminal.conftest import RunningKiosk
from ..terminal.made_birth import MOTHER
from .rows import Row

START_BOUND_S = 2.0
EVENT_BOUND_MS = 50.0
SCREEN = "data-screen="
CHROMIUM = "/usr/bin/chromium"
# A frame has been painted when a task runs after its animation callback.
NOTE_SCREENS = """() => {
  const channel = new MessageChannel();
  let painting = null;
  channel.port1.onmessage = () => {
    window.screenShown = {name: painting, at: performance.timeOrigin + performance.now()};
  };
  new MutationObserver(() => {
    const name = document.querySelector('[data-screen]')?.dataset.screen;
    if (name && name !== painting) {
      painting = name;
      requestAnimationFrame(() => channel.port2.postMessage(0));
    }
  }).observe(document, {subtree: true, childList: true, attributes: true});
}"""


def measure() -> list[Row]:
    """The start as wall time, the event as wall time too: a person waits for both."""
    return [_start(), *_event()]


def _start() -> Row:
    """Wall time from the command to the first screen on the wire; no server, and no device answers."""
    with tempfile.TemporaryDirectory() as name:
        config = _write_config(Path(name))
        took = statistics.median(_seconds_to_first_screen(config) for _ in range(3))
    note = "its server away, its reader unplugged; browser not counted"
    return Row("terminal_client, start to first screen", START_BOUND_S, round(took, 2), "s", note)


def _write_config(folder: Path) -> Path:
    make_key(folder / "key")
    config = folder / "kiosk.toml"
    config.write_text(
        f'server_url = "http://127.0.0.1:9"\nterminal_id = "{secrets.token_hex(8)}"\n'
        f'key_file = "{folder}/key"\nstate_dir = "{folder}"\nhall_zh = "大厅"\nhall_en = "Hall"\n'
        f'[devices]\nid_card = "idcard+serial:{folder}/unplugged"\n',
        "utf-8",
    )
    return config


def _seconds_to_first_screen(config: Path) -> float:
    command = [sys.executable, "-m", "terminal_client.cli", "run", "--config", str(config), "--port", "0"]
    begun = time.perf_counter()
    with subprocess.Popen(
        [*command, "--with-parent"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as kiosk:
        assert kiosk.stdout is not None
        try:
            _Screens(json.loads(kiosk.stdout.readline())["url"]).close()
            return time.perf_counter() - begun
        finally:
            kiosk.terminate()


class _Screens:
    """The page's stream of screens, as the browser has it open; the first one has come."""

    def __init__(self, url: str) -> None:
        page = re.search(r"/events/(\w+)", requests.get(url, timeout=10).text)
        assert page is not None
        host = url.removeprefix("http://").rstrip("/")
        self._line = http.client.HTTPConnection(host, timeout=10)
        self._line.request("GET", f"/events/{page[1]}")
        self._answer = self._line.getresponse()
        self.read_next()

    def read_next(self) -> str:
        """Wait for the next message that changes the screen."""
        lines: list[bytes] = []
        while True:
            line = self._answer.readline()
            if not line:
                raise EOFError("the stream of screens has ended")
            lines.append(line)
            if line == b"\n":
                message = b"".join(lines).decode()
                if SCREEN in message:
                    return message
                lines = []

    def wait_for(self, screen: str) -> None:
        """Wait until this screen has come whole."""
        while f'data-screen="{screen}"' not in self.read_next():
            pass

    def close(self) -> None:
        self._answer.close()
        self._line.close()


def _event() -> list[Row]:
    """From the reader's word that a card is there to the next screen: sent, and painted."""
    with tempfile.TemporaryDirectory() as name:
        kiosk = RunningKiosk(Path(name))
        try:
            screens = _Screens(kiosk.url)
            sent = statistics.median(_card_to_screen(kiosk, screens) for _ in range(15))
            screens.close()
            shown = statistics.median(_in_chromium(kiosk))
        finally:
            kiosk.stop()
    note = f"a card placed to the list of things painted in Chromium; sent by the kiosk after {sent:.1f} ms"
    return [Row("device event to new screen, median", EVENT_BOUND_MS, round(shown, 1), "ms", note)]


def _card_to_screen(kiosk: RunningKiosk, screens: _Screens) -> float:
    """Milliseconds from the card to the whole list of things; the kiosk is idle again afterwards."""
    begun = time.perf_counter()
    kiosk.devices.place(MOTHER)
    screens.wait_for("things")
    taken = (time.perf_counter() - begun) * 1000
    _leave(kiosk)
    screens.wait_for("idle")
    return taken


def _leave(kiosk: RunningKiosk) -> None:
    kiosk.devices.lift()
    requests.post(f"{kiosk.url}acts/leave_now", timeout=5)


def _in_chromium(kiosk: RunningKiosk) -> list[float]:
    """Milliseconds from the card to the frame that has the new screen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1080, "height": 1920}, bypass_csp=True)
        # In every page: the kiosk loads its page anew at the end of a sitting.
        page.add_init_script(f"({NOTE_SCREENS})()")
        page.goto(kiosk.url)
        page.wait_for_function("window.screenShown?.name === 'idle'")
        taken = []
        for _ in range(15):
            begun = time.time() * 1000
            kiosk.devices.place(MOTHER)
            page.wait_for_function("window.screenShown?.name === 'things'")
            taken.append(page.evaluate("window.screenShown.at") - begun)
            _leave(kiosk)
            page.wait_for_function("window.screenShown?.name === 'idle'")
            page.wait_for_timeout(200)
        browser.close()
    return taken
