"""A window asks once for what is missing; the mother comes back to the kiosk, and everything goes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from demo.world import World
from onething.bootstrap import build_ports
from onething.domain.actors import Actor
from onething.ports import Ports
from onething.services import accepting

from .conftest import SMALL
from .judge import list_faults
from .sitting import Sitting
from .window import Window

pytestmark = pytest.mark.browser
CLERK = Actor("clerk-1", "staff", roles=frozenset({"clerk"}))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A county whose window looks at each case before it is accepted, and whose police take their time."""
    environment = {**SMALL, "ONETHING_WINDOW_ACCEPTS": "yes"}
    with World(tmp_path / "county", environment=environment) as world:
        yield world


@pytest.fixture
def office(world: World) -> Iterator[Ports]:
    """The same records, as the window's services reach them."""
    folder = world.folder
    ports = build_ports(
        {
            "ONETHING_DATABASE_URL": f"sqlite:///{folder / 'onething.sqlite'}",
            "ONETHING_FILES": str(folder / "files"),
            "ONETHING_KEYS": str(folder / "keys.json"),
            "ONETHING_GATEWAY_URL": world.sandbox_url,
            "ONETHING_GATEWAY_TOKENS": str(folder / "gateway-tokens.json"),
            "ONETHING_PUBLIC_URL": world.server_url,
            "ONETHING_CATALOG": str(Path(__file__).resolve().parents[2] / "catalog" / "xinxian"),
        }
    )
    yield ports
    ports.close()


def test_what_is_missing_is_given_at_the_kiosk_and_the_case_goes_on(
    world: World, office: Ports, browser: Browser, tmp_path: Path
) -> None:
    with Window(browser, world.kiosk_url, tmp_path) as window:
        sitting = Sitting(world, window, "chen.mother", other="chen.father")
        sitting.go_to("receipt")
        number = sitting.read_case_number()
        sitting.finish()
        ask_for_more(office, number)
        open_the_case(world, window, sitting)
        notice = window.page.locator(".wanted-panel [lang=zh-CN]").inner_text()
        assert "补〔" in notice
        assert list_faults(window.page) == []
        give_what_is_missing(window, sitting)
        accepting.accept_case(office, CLERK, number)
        window.act("back")
        window.act("open_case")
        window.says("受理通知书")
        assert list_faults(window.page) == []
        world.card_reader.delete("/card")
        window.wait_for("progress")
        window.act("leave_now")
        window.wait_for("idle")
        assert window.complaints == []


def ask_for_more(office: Ports, number: str) -> None:
    """One notice for a page that cannot be read and a number nobody answers."""
    _, catalog = office.catalogs.current()
    material = next(iter(catalog.get_thing("P-NEWBORN").materials))
    wants = [
        {"material": material, "zh": "这一页看不清，请重新扫描"},
        {"fact": "application.mobile", "zh": "手机号打不通"},
    ]
    accepting.want_supplement(office, CLERK, number, matter=None, wants=wants)
    accepting.ask_supplement(office, CLERK, number)


def open_the_case(world: World, window: Window, sitting: Sitting) -> None:
    """The mother is back, and the list says at once that it waits for her."""
    world.card_reader.delete("/card")
    window.wait_for("idle")
    window.act("progress")
    window.wait_for("card")
    sitting.put_card()
    window.wait_for("progress")
    window.says("等您补正")
    window.act("open_case")
    window.page.locator(".wanted-panel").wait_for()


def give_what_is_missing(window: Window, sitting: Sitting) -> None:
    """Scan the page, type the number, hand both in at once."""
    window.act("supplement")
    window.wait_for("supplement")
    window.act("scan")
    window.wait_for("scanning")
    window.page.locator(".paper img").wait_for()
    window.act("keep")
    window.wait_for("supplement")
    window.says("已扫 1 页")
    sitting.open_keyboard("application.mobile")
    sitting.type("application.mobile", "19900005678")
    window.says("19900005678")
    assert list_faults(window.page) == []
    window.act("give")
    window.wait_for("progress")
    window.says("补正已收到")
    assert window.page.locator(".wanted-panel").count() == 0
