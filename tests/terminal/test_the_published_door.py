"""The kiosk is held to the door the server publishes, and so is the small door the screens are tried with."""

import json
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from terminal_client.journey.events import DocumentPrinterWatched, Touched
from terminal_client.journey.handing import LOOK_SECONDS
from terminal_client.journey.state import Printing, Screen
from tests.patience import Patience

from .conftest import RunningKiosk
from .made_birth import FATHER, MOTHER

PUBLISHED = json.loads((Path(__file__).resolve().parents[2] / "docs/openapi/kiosk.json").read_text("utf-8"))
ANSWERS = {"child.name": "陈一诺", "application.settle_with": "mother", "application.delivery": "window"}
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg=="


class Person:
    """Somebody who touches and waits until the kiosk has followed."""

    def __init__(self, running: RunningKiosk) -> None:
        self.running = running

    def wait(self, screen: Screen) -> None:
        patience = Patience(8)
        while self.running.kiosk.journey.screen is not screen or self.running.kiosk.journey.is_busy:
            assert patience.lasts(), (screen, self.running.kiosk.journey.screen)
            time.sleep(0.01)

    def touch(self, act: str, screen: Screen, **values: str) -> None:
        self.running.kiosk.handle(Touched(act, values))
        self.wait(screen)

    def go_the_whole_way(self) -> None:
        self.running.door.open_role = True
        while not self.running.kiosk.journey.things:
            time.sleep(0.01)
        self.touch("start", Screen.THINGS)
        self.touch("choose_thing", Screen.NOTICE, code="P-NEWBORN")
        self.touch("begin", Screen.MATTERS)
        self.touch("toggle_matter", Screen.MATTERS, code="SS-CARD")
        self.touch("next", Screen.CARD)
        self.running.devices.place(MOTHER)
        self.wait(Screen.CONSENT)
        self.touch("consent", Screen.SECOND_SIGNER)
        self.running.devices.lift()
        self.running.devices.place(FATHER)
        self.wait(Screen.FORM)
        self.running.devices.lift()
        self.running.devices.place(MOTHER)
        self.fill_and_hand_in()
        self.touch("finish", Screen.TAKE_CARD)
        self.running.devices.lift()
        self.look_at_the_case()

    def fill_and_hand_in(self) -> None:
        self.touch("wrong", Screen.DISPUTE, fact="mother.address")
        self.touch("value", Screen.DISPUTE, fact="mother.address", value="北关 1 号")
        self.scan("scan")
        self.scan("retake")
        self.touch("keep", Screen.DISPUTE)
        self.touch("send", Screen.FORM)
        self.touch("value", Screen.FORM, fact="application.mobile", value="12")
        self.running.door.older_cases = ["XX-7KDM-0000-C"]
        self.running.door.typed_elsewhere = {"child.name": "陈小满"}
        self.touch("value", Screen.FORM, fact="child.name", value="陈大满")
        self.touch("keep_value", Screen.FORM, fact="child.name", keep="1")
        for fact, value in {**ANSWERS, "application.mobile": "19900001234"}.items():
            self.touch("value", Screen.FORM, fact=fact, value=value)
        self.touch("to_phone", Screen.HANDING)
        time.sleep(LOOK_SECONDS + 0.5)
        self.touch("take_back", Screen.FORM)
        self.touch("next", Screen.MATERIALS)
        self.touch("photograph", Screen.HANDING, material="photo")
        self.touch("take_back", Screen.MATERIALS)
        self.running.kiosk.handle(Touched("scan", {"material": "photo"}))
        while not (self.running.kiosk.journey.citizen and self.running.kiosk.journey.citizen.scanned):
            time.sleep(0.01)
        self.touch("retake", Screen.SCANNING)
        self.touch("back", Screen.MATERIALS)
        self.touch("next", Screen.REVIEW)
        self.touch("next", Screen.SIGN)
        self.touch("sign", Screen.RECEIPT, image=PICTURE, width="984", height="520")
        self.touch("call_staff", Screen.RECEIPT)
        self.touch("go_on", Screen.RECEIPT)
        self.touch("rate_kiosk", Screen.RATING)
        self.touch("level", Screen.RATING, level="satisfied")
        self.touch("send", Screen.RECEIPT)

    def look_at_the_case(self) -> None:
        self.touch("progress", Screen.CARD)
        self.running.devices.place(MOTHER)
        self.wait(Screen.PROGRESS)
        self.touch("older_cases", Screen.PROGRESS)
        self.touch("open_case", Screen.PROGRESS, number="XX-7KDM-0001-C")
        self.touch("reprint", Screen.PROGRESS)
        self.scan("scan", material="lodging")
        self.touch("keep", Screen.PROGRESS)
        self.touch("give_follow", Screen.PROGRESS, material="lodging")
        self.touch("supplement", Screen.SUPPLEMENT)
        self.scan("scan", material="marriage_paper")
        self.scan("retake")
        self.touch("keep", Screen.SUPPLEMENT)
        self.touch("value", Screen.SUPPLEMENT, fact="application.mobile", value="19900001234")
        self.touch("give", Screen.PROGRESS)
        self.touch("ask_partial", Screen.PROGRESS)
        self.print_the_result()
        self.touch("take_result", Screen.PROGRESS, result="r2", way="e_licence")
        self.touch("rate", Screen.RATING, matter="BIRTH-CERT")
        self.touch("level", Screen.RATING, level="dissatisfied")
        self.touch("value", Screen.RATING, fact="rating.comment", value="等了很久")
        self.touch("send", Screen.PROGRESS)
        self.touch("withdrawal", Screen.WITHDRAWAL)
        self.touch("choose_withdrawal", Screen.WITHDRAWAL, matter="HUKOU")
        self.touch("withdraw", Screen.PROGRESS)

    def print_the_result(self) -> None:
        """A print whose end the printer does not tell, so that its person says it did not come out."""
        devices, kiosk = self.running.devices, self.running.kiosk
        devices.document_outcome = replace(devices.document_outcome, state="unknown")
        kiosk.handle(DocumentPrinterWatched(True))
        devices.prints_documents = True
        kiosk.handle(Touched("print_here", {"result": "r2"}))
        patience = Patience(8)
        while not self.is_print_in_doubt() or kiosk.journey.is_busy:
            assert patience.lasts(), kiosk.journey.citizen
            time.sleep(0.01)
        [(job, outcome)] = self.running.door.print_outcomes
        assert outcome == "unknown"
        self.touch("say_came_out", Screen.PROGRESS, print=job, came_out="no")

    def is_print_in_doubt(self) -> bool:
        citizen = self.running.kiosk.journey.citizen
        held = citizen.result_print if citizen else None
        return held is not None and held.state is Printing.UNKNOWN

    def scan(self, act: str, **values: str) -> None:
        """Scan a page and wait until it is shown."""
        before = self.files()
        self.running.kiosk.handle(Touched(act, values))
        patience = Patience(8)
        while self.files() in (before, ()):
            assert patience.lasts(), (act, before)
            time.sleep(0.01)

    def files(self) -> tuple[str, ...]:
        citizen = self.running.kiosk.journey.citizen
        return tuple(str(page["file"]) for page in citizen.scanned) if citizen else ()


def operation(method: str, rule: str) -> dict[str, Any]:
    """What the published door says of a route, whatever it calls the parts of the path."""
    bare = re.sub(r"[<{][^>}]*[>}]", "*", rule)
    for path, methods in PUBLISHED["paths"].items():
        if re.sub(r"{[^}]*}", "*", path) == bare:
            found: dict[str, Any] = methods[method.lower()]
            return found
    raise AssertionError(f"the published door has no {method} {rule}")


def schema_of(content: dict[str, Any]) -> dict[str, Any]:
    schema = content.get("application/json", content.get("application/problem+json", {})).get("schema", {})
    return {**schema, "components": PUBLISHED["components"]}


def faults(schema: dict[str, Any], value: Any) -> list[str]:
    validator = jsonschema_rs.validator_for(schema)
    return [f"{list(error.instance_path)} {error.message[:200]}" for error in validator.iter_errors(value)]


@pytest.fixture
def said(running: RunningKiosk) -> list[tuple[str, str, Any, int, Any]]:
    Person(running).go_the_whole_way()
    wanted = "/kiosk/v1/calls-for-staff"
    patience = Patience(5)
    while not any(rule == wanted for _, rule, *_ in running.door.said) and patience.lasts():
        time.sleep(0.01)
    return list(running.door.said)


def test_what_the_kiosk_asks_is_what_the_door_takes(said: list[tuple[str, str, Any, int, Any]]) -> None:
    wrong = []
    for method, rule, asked, _, _ in said:
        published = operation(method, rule)
        if asked is not None:
            found = faults(schema_of(published["requestBody"]["content"]), asked)
            wrong += [f"{method} {rule}: {each}" for each in found]
    assert wrong == []
    assert len({(method, rule) for method, rule, *_ in said}) >= 30


def test_the_small_door_answers_as_the_published_one(said: list[tuple[str, str, Any, int, Any]]) -> None:
    wrong = []
    for method, rule, _, status, answered in said:
        if answered is None or status >= 400:
            continue
        good = [code for code in operation(method, rule)["responses"] if code.startswith("2")]
        content = operation(method, rule)["responses"][good[0]].get("content", {})
        wrong += [f"{method} {rule}: {each}" for each in faults(schema_of(content), answered)]
    assert wrong == []


def test_a_kiosk_that_stops_ends_the_session_at_the_server(tmp_path: Path) -> None:
    running = RunningKiosk(tmp_path)
    person = Person(running)
    while not running.kiosk.journey.things:
        time.sleep(0.01)
    person.touch("start", Screen.THINGS)
    person.touch("progress", Screen.CARD)
    running.devices.place(MOTHER)
    person.wait(Screen.PROGRESS)
    running.stop()
    assert running.door.endings == ["cancelled"]
