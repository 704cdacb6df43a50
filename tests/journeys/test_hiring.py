"""A pack written from the authors' page alone, gone through at the kiosk with no code changed."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from demo.outputs import Visit
from demo.world import World

from .conftest import SMALL
from .sitting import Sitting
from .window import Window

pytestmark = pytest.mark.browser
PACK = Path(__file__).parents[1] / "packs" / "hiring"
COMMON = {
    "sex": "1",
    "insured_before": "false",
    "begins_on": "2026-11-20",
    "post": "服务员",
    "contract_term": "fixed",
    "monthly_wage": "3200",
}


def answers(world: World) -> dict[str, str]:
    """What the owner knows of two people whose cards are not at hand."""
    known = {
        "application.mobile": "19900000015",
        "application.delivery": "window",
        "hiring.hours_posts": "服务员",
    }
    for place, (person, name) in enumerate((("spare.one", "许安"), ("spare.four", "许长庚"))):
        own = {**COMMON, "name": name, "id_number": str(world.get_card(person)["id_number"])}
        known |= {f"employees[{place}].{fact}": value for fact, value in own.items()}
    return known


def test_hiring_two_people(browser: Browser, tmp_path: Path) -> None:
    with (
        World(tmp_path / "county", catalog=PACK, environment=SMALL) as world,
        Window(browser, world.kiosk_url, tmp_path) as window,
    ):
        sitting = Sitting(world, window, "owner.owner", thing="E-ONBOARD", answers=answers(world))
        sitting.go_to("questions")
        window.choose("hiring.hours_system", "flexible")
        window.choose("hiring.by_commitment", "false")
        sitting.go_to("form")
        window.touch(window.page.locator("""[hx-post="/acts/count"][hx-vals*='"number": "2"']"""))
        window.page.locator(".counter b", has_text="2").wait_for()
        sitting.go_to("receipt")
        number = sitting.read_case_number()
        assert number in "\n".join(sitting.wait_for_slips(1)[0]["lines"])
        sitting.finish()
        visit = Visit(world, "owner.owner")
        case = visit.get_case(number)
        visit.end()
        # one of two registrations, two matters bound by law, seven days of notice, the careful procedure
        assert {part["matter"] for part in case["parts"]} == {
            "JOB-DIRECT",
            "CONTRACT-FILE",
            "PENSION",
            "MEDICAL",
            "FUND",
            "NOTICE",
            "HOURS-GENERAL",
        }
        assert window.complaints == []
