"""A county that runs for all journeys together, and a kiosk at rest for each of them."""

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from demo.world import World

from .window import Window

# One process answers both at once just as well, and starts sooner.
SMALL = {"ONETHING_WORKERS": "1"}


@pytest.fixture(scope="package")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Every process of the county, on SQLite."""
    folder = tmp_path_factory.mktemp("county")
    with World(folder, keep_logs=folder / "kept-logs", environment=SMALL) as world:
        yield world
        world.check_running()


@pytest.fixture
def world(county: World) -> World:
    """The county with everything well: no card, no fault, no slip, no mood."""
    calm(county)
    let_the_child_be_born_again(county)
    return county


HAS_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember a failure, for the window to keep a picture of it."""
    report = yield
    if report.when == "call":
        item.stash[HAS_FAILED] = report.failed
    return report


@pytest.fixture
def window(
    request: pytest.FixtureRequest, browser: Browser, world: World, tmp_path: Path
) -> Iterator[Window]:
    """The kiosk's screen, idle before and after; the page itself never complains."""
    with Window(browser, world.kiosk_url, tmp_path) as window:
        window.leave()
        yield window
        if request.node.stash.get(HAS_FAILED, False):
            window.keep_stuck()
        calm(world)
        window.leave()
        assert window.complaints == []


def let_the_child_be_born_again(world: World) -> None:
    """A birth is handed in once: what an earlier journey has handed in bars no other."""
    with closing(sqlite3.connect(world.folder / "onething.sqlite", timeout=10)) as records, records:
        records.execute("DELETE FROM case_claims")


def calm(world: World) -> None:
    """Put right whatever an earlier journey put wrong."""
    world.card_reader.put("/faults", {})
    world.card_reader.delete("/card")
    world.code_reader.delete("/code")
    world.printer.put("/faults", {})
    world.printer.delete("/slips")
    for target, state in world.ask_sandbox("GET", "/moods").items():
        if state["mood"] != "ok":
            world.ask_sandbox("PUT", f"/moods/{target}", {"mood": "ok"})
