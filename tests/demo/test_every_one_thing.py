"""Each of the thirteen one-things over HTTP: card, form, submission, departments, results and a rating.

Server, worker and the outside world are processes of their own; departments call back over HTTP. The kiosk's
own program is left out: the test speaks through its signed line.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from demo.outputs import Visit
from demo.world import World
from terminal_client.keys import read_key
from terminal_client.server_client import Request, ServerClient
from tests.packs.first_list import AFTER
from tests.services.county import signature
from tests.services.test_pages import page
from tests.services.walks import Walk
from tests.services.walks_of_lives import WALKS as OF_LIVES
from tests.services.walks_of_property import WALKS as OF_PROPERTY

BANK = {"applicant.bank_card": "6225990000000000017", "applicant.bank_name": "新县农村商业银行"}
OF_FAMILIES = (
    Walk(
        "P-NEWBORN",
        "chen.mother",
        cards={"father": "chen.father"},
        typed={"child.name": "李安然", "application.mobile": "19900000001"},
    ),
    Walk(
        "P-AFTER-DEATH",
        "huang.widow",
        typed={**BANK, "application.mobile": "19900000010"},
        scanned=("bank",),
    ),
    Walk(
        "P-DISABILITY",
        "he.holder",
        answers={"application.has_certificate": True},
        typed={**BANK, "application.mobile": "19900000012"},
        scanned=("bank",),
    ),
    Walk(
        "E-RESTAURANT",
        "owner.owner",
        typed={
            "application.mobile": "19900000015",
            "application.floor_area": "86",
            "application.business_form": "hot_meals",
        },
        scanned=("plan", "rules", "layout", "fire_plan", "evac"),
    ),
)


def _one_of_each() -> dict[str, Walk]:
    """The first walk of each one-thing, by its code."""
    walks: dict[str, Walk] = {}
    for walk in (*OF_FAMILIES, *OF_LIVES.values(), *OF_PROPERTY.values()):
        walks.setdefault(walk.thing, walk)
    return walks


WALKS = _one_of_each()


class Doors(World):
    """Server, worker and outside world, with an enrolled kiosk that has neither devices nor a program."""

    def _start_devices(self) -> None:
        """None."""

    def _start_kiosk(self) -> None:
        self.terminal_id = self._enrol()


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def county(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    url = _new_database(request) if request.param == "postgres" else None
    with Doors(tmp_path_factory.mktemp("county"), database_url=url) as world:
        world.ask_sandbox("PUT", "/departments/*", {"after_seconds": 0.05})
        yield world
        world.check_running()


def _new_database(request: pytest.FixtureRequest) -> str:
    url = str(request.getfixturevalue("postgres_url"))
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE DATABASE every_one_thing")
    return f"{url.rpartition('/')[0]}/every_one_thing"


class Citizen:
    """One person whose card lies on the reader, speaking through the kiosk's signed line."""

    def __init__(self, county: World, person: str) -> None:
        self._county = county
        self._line = ServerClient(county.server_url, county.terminal_id, read_key(county.key_file))
        self._token: str | None = None
        self._token = str(self.ask("POST", "/sessions", {"card": self._card(person)})["token"])

    def ask(self, method: str, path: str, body: object = None, *, key: bool = False, **more: Any) -> Any:
        once = str(uuid4()) if key else None
        return self._line.ask(Request(method, path, body, token=self._token, idempotency_key=once, **more))

    def rate(self, number: str, level: str) -> dict[str, Any]:
        body = {"occasion": "result", "level": level, "reasons": [], "named": False}
        return dict(self.ask("POST", f"/cases/{number}/ratings", body, key=True))

    def end(self) -> None:
        self.ask("POST", "/sessions/current/ending", {"cause": "finished"})

    def _card(self, person: str) -> dict[str, Any]:
        return {name: value for name, value in self._county.get_card(person).items() if name != "photo"}


class Sitting(Citizen):
    """A citizen filling in one draft."""

    def __init__(self, county: World, walk: Walk) -> None:
        super().__init__(county, walk.person)
        self._walk = walk
        opening: dict[str, Any] = {"thing": walk.thing, "answers": dict(walk.answers)}
        if walk.chosen is not None:
            opening["chosen"] = list(walk.chosen)
        self.draft: dict[str, Any] = dict(self.ask("POST", "/drafts", opening, key=True))

    def _change(self, method: str, below: str, body: object = None) -> None:
        self.draft = dict(self.ask(method, f"/drafts/{self.draft['id']}/{below}", body))

    def agree(self) -> None:
        """Consent to every source that is named, and have them asked."""
        self._change("PUT", "consent", {"sources": {s["id"]: True for s in self.draft["consent"]["sources"]}})
        self._change("POST", "fetching", {})

    def fill_in(self) -> None:
        """All that the walk brings: people, their cards, typed values, papers and the signature."""
        walk = self._walk
        for role, number in walk.counts.items():
            self._change("PUT", "counts", {"role": role, "number": number})
        self.agree()
        for role, person in walk.cards.items():
            self._change("POST", "authorisations", {"role": role, "card": self._card(person)})
            self.agree()
        self._change("PUT", "values", {"values": dict(walk.typed)})
        self.agree()
        for material in walk.scanned:
            path = f"/drafts/{self.draft['id']}/materials/{material}/pages"
            self.ask("POST", path, key=True, page=page(), media_type="image/jpeg")
        image = base64.b64encode(signature()).decode()
        self._change("PUT", "signature", {"image": image, "width": 800, "height": 300})

    def submit(self) -> str:
        return str(self.ask("POST", f"/drafts/{self.draft['id']}/submission", {}, key=True)["case_number"])


def test_there_is_a_walk_for_each_of_them() -> None:
    assert set(WALKS) == set(AFTER)


@pytest.mark.parametrize("code", AFTER)
def test_from_the_card_to_the_rating(county: World, code: str) -> None:
    sitting = Sitting(county, WALKS[code])
    sitting.fill_in()
    assert (sitting.draft["missing"], sitting.draft["ready"]) == ([], True)
    chosen = {each["code"] for each in sitting.draft["matters"] if each["chosen"]}
    number = sitting.submit()
    sitting.end()
    visit = Visit(county, WALKS[code].person)
    case = visit.wait_for_departments(number, within_seconds=40)
    assert {part["matter"]: part["state"] for part in case["parts"]} == dict.fromkeys(chosen, "completed")
    assert case["state"] == "closed"
    with_paper = {part["matter"] for part in case["parts"] if part["result"]}
    assert with_paper <= {each["matter"] for each in case["results"]} <= chosen
    assert visit.get_form(number).startswith(b"%PDF")
    visit.end()
    again = Citizen(county, WALKS[code].person)
    assert again.rate(number, "satisfied")["rectification"] is False
    case = again.ask("GET", f"/cases/{number}")
    whole = next(each for each in case["services"] if each["matter"] is None)
    assert (whole["rated"]["level"], whole["may_rate"]) == ("satisfied", False)
    again.end()
