"""A birth through the kiosk's door, with every process of the county running and nobody touching a screen."""

import base64
import io
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image, ImageDraw

from demo.outputs import Visit, timeline_text
from demo.world import World
from terminal_client.keys import read_key
from terminal_client.server_client import Request, ServerClient, ServerRefused

MOTHER, FATHER = "chen.mother", "chen.father"


class Doors(World):
    """The county with an enrolled kiosk whose program is not started: the test speaks for it."""

    def _start_kiosk(self) -> None:
        """Enrol, and no more."""
        self.terminal_id = self._enrol()


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with Doors(tmp_path_factory.mktemp("county")) as world:
        yield world
        world.check_running()


class Applicant:
    """Somebody at the kiosk, speaking through its signed line."""

    def __init__(self, county: World, person: str) -> None:
        self._line = ServerClient(county.server_url, county.terminal_id, read_key(county.key_file))
        self._token = str(self.ask("POST", "/sessions", {"card": _card(county, person)})["token"])

    def ask(self, method: str, path: str, body: object = None, key: str | None = None) -> Any:
        token = getattr(self, "_token", None)
        return self._line.ask(Request(method, path, body, token=token, idempotency_key=key))


def _card(county: World, person: str) -> dict[str, Any]:
    return {name: value for name, value in county.get_card(person).items() if name != "photo"}


def _signature() -> dict[str, Any]:
    picture = Image.new("RGBA", (984, 520), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line([(100, 200), (400, 300), (300, 400), (700, 150)], fill="black", width=8)
    packed = io.BytesIO()
    picture.save(packed, "PNG")
    return {"image": base64.b64encode(packed.getvalue()).decode(), "width": 984, "height": 520}


def _consent(applicant: Applicant, draft: dict[str, Any]) -> dict[str, Any]:
    sources = {source["id"]: True for source in draft["consent"]["sources"]}
    path = f"/drafts/{draft['id']}"
    applicant.ask("PUT", f"{path}/consent", {"sources": sources})
    return dict(applicant.ask("POST", f"{path}/fetching", {}))


def _fill(county: World, applicant: Applicant) -> dict[str, Any]:
    draft = applicant.ask("POST", "/drafts", {"thing": "P-NEWBORN"}, key=str(uuid4()))
    path = f"/drafts/{draft['id']}"
    _consent(applicant, draft)
    card = {"role": "father", "card": _card(county, FATHER)}
    draft = _consent(applicant, applicant.ask("POST", f"{path}/authorisations", card))
    values = {"child.name": "李安然", "application.mobile": "19900000001"}
    applicant.ask("PUT", f"{path}/values", {"values": values})
    return dict(applicant.ask("PUT", f"{path}/signature", _signature()))


def _fields(draft: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {field["fact"]: field for section in draft["form"]["sections"] for field in section["fields"]}


def test_a_birth_is_registered_and_every_department_answers(county: World) -> None:
    applicant = Applicant(county, MOTHER)
    draft = _fill(county, applicant)
    assert (draft["ready"], draft["missing"]) == (True, [])
    born_on = _fields(draft)["child.birth_on"]
    assert (born_on["state"], born_on["source"]["id"]) == ("found", "birth_register")

    key = str(uuid4())
    path = f"/drafts/{draft['id']}/submission"
    number = applicant.ask("POST", path, {}, key)["case_number"]
    assert applicant.ask("POST", path, {}, key)["case_number"] == number

    visit = Visit(county, MOTHER)
    case = visit.wait_for_departments(number)
    assert {part["state"] for part in case["parts"]} == {"completed"}
    assert number in timeline_text(case)
    assert visit.get_form(number).startswith(b"%PDF")
    held = [part["body"]["case_number"] for part in county.ask_sandbox("GET", "/parts")]
    assert held == [number] * len(case["parts"])


def test_a_stranger_finds_nothing_of_it(county: World) -> None:
    owner = Applicant(county, MOTHER)
    cases = [case["number"] for case in owner.ask("GET", "/cases")["cases"]]
    stranger = Applicant(county, "stranger.man")
    assert stranger.ask("GET", "/cases")["cases"] == []
    for number in [*cases, "XX-000000-BBB-0000"]:
        with pytest.raises(ServerRefused) as refused:
            stranger.ask("GET", f"/cases/{number}")
        assert refused.value.status == 404
