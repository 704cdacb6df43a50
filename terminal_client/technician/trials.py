"""Trying each device once, as a technician would, without keeping anything of what it reads."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Protocol, TypeVar

from devices.a4_printer.port import PrintOutcome as A4Outcome
from devices.errors import DeviceError
from devices.id_card.card import IdCard
from devices.receipt_printer.port import PrintOutcome
from devices.receipt_printer.slip import Cut, Element, Feed, Qr, Rule, Text
from devices.scanner.port import ScannedPage, ScanSource

Found = TypeVar("Found")
WAIT_SECONDS = 15.0
LOOK_SECONDS = 0.4
TEST_CODE = "ONETHING-PRINT-TEST"


class TriedDevices(Protocol):
    """The devices as a technician tries them."""

    def read_card(self) -> IdCard:
        """The card on the reader. DeviceError."""

    def print_slip(self, elements: list[Element]) -> PrintOutcome:
        """Print a slip. DeviceError."""

    def print_page(self, page: bytes) -> A4Outcome:
        """Print one page of A4. DeviceError."""

    def scan(self, source: ScanSource) -> list[ScannedPage]:
        """Scan. DeviceError."""

    def read_codes(self) -> list[str]:
        """The codes before the reader. DeviceError."""


@dataclass(frozen=True)
class Trial:
    """What came of it, in both languages; never what was read."""

    kind: str
    is_well: bool
    zh: str
    en: str


def make_test_slip() -> list[Element]:
    """A slip with large and rare characters and a code, so that one look tells whether all of it works."""
    return [
        Text("打印测试 PRINT TEST", bold=True, align="center"),
        Rule(),
        Text("䶮 㛃 𠮷 生僻字"),
        Qr(TEST_CODE),
        Feed(2),
        Cut(),
    ]


def try_device(kind: str, devices: TriedDevices, *, wait_seconds: float = WAIT_SECONDS) -> Trial:
    """Try one kind of device. KeyError for a kind that cannot be tried."""
    act = TRIALS[kind]
    try:
        return act(devices, wait_seconds)
    except DeviceError as error:
        return Trial(kind, False, error.zh, error.en)


def _card(devices: TriedDevices, wait_seconds: float) -> Trial:
    began = time.monotonic()
    card = _wait_for(lambda: _card_or_none(devices), wait_seconds)
    if card is None:
        return Trial("id_card", False, "没有等到证件", "No card was laid on the reader.")
    took = time.monotonic() - began
    return Trial("id_card", True, f"读到一张证件（{took:.1f}秒）", f"A card was read ({took:.1f} s).")


def _card_or_none(devices: TriedDevices) -> IdCard | None:
    try:
        return devices.read_card()
    except DeviceError as error:
        if error.reason in ("card_absent", "card_lifted"):
            return None
        raise


def _print(devices: TriedDevices, _wait_seconds: float) -> Trial:
    outcome = devices.print_slip(make_test_slip())
    if outcome.state == "printed":
        return Trial("receipt_printer", True, "打印机确认打出", "The printer says that it is printed.")
    return Trial("receipt_printer", False, outcome.zh, outcome.en)


def _print_page(devices: TriedDevices, _wait_seconds: float) -> Trial:
    outcome = devices.print_page(make_test_page())
    if outcome.state == "printed":
        return Trial("a4_printer", True, "打印机确认打出", "The printer says that it is printed.")
    return Trial("a4_printer", False, outcome.zh, outcome.en)


def make_test_page() -> bytes:
    """A page as PDF with a frame at its edges and a grey scale: what toner and rollers do wrong shows."""
    # not before somebody asks for it: the first screen is not to wait for it
    from PIL import Image, ImageDraw

    page = Image.new("L", (1240, 1754), 255)
    drawn = ImageDraw.Draw(page)
    drawn.rectangle((60, 60, 1180, 1694), outline=0, width=4)
    for step in range(9):
        drawn.rectangle((140 + step * 107, 300, 240 + step * 107, 500), fill=step * 30, outline=0)
    drawn.text((140, 160), "ONETHING PRINT TEST", fill=0, font_size=64)
    out = BytesIO()
    page.save(out, "PDF", resolution=150)
    return out.getvalue()


def _scan(devices: TriedDevices, _wait_seconds: float) -> Trial:
    page = devices.scan("flatbed")[0]
    size = f"{page.width} × {page.height}"
    return Trial("scanner", True, f"扫到一页：{size}", f"One page: {size}")


def _code(devices: TriedDevices, wait_seconds: float) -> Trial:
    found = _wait_for(lambda: devices.read_codes() or None, wait_seconds)
    if found is None:
        return Trial("qr", False, "没有等到二维码", "No code was shown.")
    return Trial("qr", True, f"读到{len(found)}个二维码", f"{len(found)} code(s) read.")


def _wait_for(look: Callable[[], Found | None], seconds: float) -> Found | None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = look()
        if found is not None:
            return found
        time.sleep(LOOK_SECONDS)
    return None


TRIALS: dict[str, Callable[[TriedDevices, float], Trial]] = {
    "id_card": _card,
    "receipt_printer": _print,
    "a4_printer": _print_page,
    "scanner": _scan,
    "qr": _code,
}
