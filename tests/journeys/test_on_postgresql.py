"""The same birth with the records in PostgreSQL, in a county of its own."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from demo.outputs import Visit
from demo.world import World

from .conftest import SMALL
from .sitting import Sitting
from .window import Window

pytestmark = [pytest.mark.browser, pytest.mark.postgres]


def test_a_birth_on_postgresql(browser: Browser, postgres_database: str, tmp_path: Path) -> None:
    with (
        World(tmp_path / "county", database_url=postgres_database, environment=SMALL) as world,
        Window(browser, world.kiosk_url, tmp_path) as window,
    ):
        sitting = Sitting(world, window, "chen.mother", other="chen.father")
        sitting.go_to("receipt")
        number = sitting.read_case_number()
        assert number in "\n".join(sitting.wait_for_slips(1)[0]["lines"])
        sitting.finish()
        visit = Visit(world, "chen.mother")
        case = visit.wait_for_departments(number)
        assert {part["state"] for part in case["parts"]} == {"completed"}
        visit.end()
        assert window.complaints == []
