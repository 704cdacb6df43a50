"""The second check at the kiosk's door: asked for, sent, guessed wrong, given, and then handed in."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from onething.domain.messages import Way
from onething.ports.messages import Letter, MessageWays
from onething.worker import Worker
from tests.http.world import Sitting, World
from tests.services.test_messaging import TEMPLATES
from web.current import PORTS

CHOSEN = ["DEATH-CERT", "HUKOU-CANCEL", "DEPOSIT"]


@dataclass
class Gateway:
    """Where texts go."""

    letters: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> str:
        self.letters.append(letter)
        return f"taken-{len(self.letters)}"


@pytest.fixture
def texts(world: World) -> Iterator[Gateway]:
    before, gateway = world.app.extensions[PORTS], Gateway()
    world.app.extensions[PORTS] = replace(before, message_ways=MessageWays({Way.SMS: gateway}, TEMPLATES))
    yield gateway
    world.app.extensions[PORTS] = before


@pytest.fixture
def widow(world: World) -> Sitting:
    sitting = Sitting(world.app, world.kiosks[0])
    sitting.sign_in(world.cards["huang", "widow"])
    return sitting


def read_text(world: World, texts: Gateway) -> str:
    worker = Worker(world.app.extensions[PORTS], "texts")
    while worker.work_once():
        pass
    return texts.letters[-1].data["code"]


def begin(widow: Sitting, chosen: list[str]) -> dict[str, Any]:
    draft = widow.post("/drafts", {"thing": "P-AFTER-DEATH", "chosen": chosen})
    values = {"application.mobile": "19900000010"}
    draft = widow.put(f"/drafts/{draft['id']}/values", {"values": values})
    return widow.put(f"/drafts/{draft['id']}/choice", {"chosen": chosen})


def hand_in(widow: Sitting, draft: str) -> str:
    answer = widow.ask("POST", f"/drafts/{draft}/submission", {}, key=secrets.token_urlsafe(24))
    assert answer.status_code >= 400
    return str(answer.json["reason"])


def test_the_whole_check_at_a_kiosk(world: World, texts: Gateway, widow: Sitting) -> None:
    draft = begin(widow, CHOSEN)
    path = f"/drafts/{draft['id']}"
    assert (draft["step_up"]["ways"], draft["step_up"]["masked_mobile"]) == (
        ["code", "window"],
        "199****0010",
    )
    assert [each["code"] for each in draft["matters"] if each["step_up"] and each["chosen"]] == ["DEPOSIT"]
    assert hand_in(widow, draft["id"]) == "assurance_too_low"
    sent = widow.post(f"{path}/step-up/codes", {})["step_up"]
    assert sent["sent_at"] < sent["expires_at"]
    code = read_text(world, texts)
    wrong = widow.ask("POST", f"{path}/step-up/answers", {"code": f"{(int(code) + 1) % 1_000_000:06}"})
    assert (wrong.status_code, wrong.json["reason"]) == (422, "code_refused")
    assert wrong.json["title_zh"]
    assert wrong.json["title_en"]
    assert code not in wrong.get_data(as_text=True)
    assert widow.post(f"{path}/step-up/answers", {"code": code})["step_up"]["done"]
    assert hand_in(widow, draft["id"]) == "not_complete"  # and no longer for who she is
    checked = widow.ask("POST", f"{path}/step-up/checks", {"verifier": "face", "evidence": "x"})
    assert (checked.status_code, checked.json["reason"]) == (409, "no_such_way")


def test_a_choice_that_does_not_ask_for_it_has_no_such_step(texts: Gateway, widow: Sitting) -> None:
    draft = begin(widow, CHOSEN[:2])
    assert draft["step_up"] is None
    answer = widow.ask("POST", f"/drafts/{draft['id']}/step-up/codes", {})
    assert (answer.status_code, answer.json["reason"]) == (409, "nothing_to_step_up")
    assert texts.letters == []
