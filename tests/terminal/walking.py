"""Walking the state machine by hand: what the door would answer, without any door."""

from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from terminal_client.journey import events
from terminal_client.journey.effects import Effect
from terminal_client.journey.state import AskServer, Journey, Json, Screen
from terminal_client.journey.step import step

from .made_birth import FOUND, MOTHER, THINGS, make_case, make_guide, make_receipt
from .stand_in_server import StandIn

LISTED = {"things": THINGS}


@dataclass
class Walk:
    """A journey, the clock it is told, and everything it asked for."""

    journey: Journey = field(default_factory=Journey)
    at: float = 0.0
    effects: list[Effect] = field(default_factory=list)
    door: StandIn = field(default_factory=lambda: StandIn(Ed25519PrivateKey.generate().public_key()))
    draft: dict[str, Any] = field(default_factory=dict)

    def happen(self, event: events.Event) -> tuple[Effect, ...]:
        """Take one event; return what it asked for."""
        self.journey, asked = step(self.journey, event, self.at)
        self.effects += asked
        return asked

    def touch(self, act: str, **values: str) -> tuple[Effect, ...]:
        return self.happen(events.Touched(act, values))

    def later(self, seconds: float) -> None:
        """Let time go by in ticks, as the kiosk does."""
        until = self.at + seconds
        while self.at < until:
            self.at = min(until, self.at + 0.25)
            self.happen(events.Ticked())

    def answer(self, body: Any) -> tuple[Effect, ...]:
        """Answer what is being waited for."""
        assert self.journey.waiting is not None, self.journey.screen
        return self.happen(events.Answered(self.journey.waiting.call, body, self.journey.sitting))

    def refuse(self, zh: str, **more: Any) -> None:
        assert self.journey.waiting is not None
        sentence = events.Sentence(zh, zh)
        call, sitting = self.journey.waiting.call, self.journey.sitting
        self.happen(events.Refused(call, "refused", sentence, sitting=sitting, **more))

    def go_away(self) -> None:
        assert self.journey.waiting is not None
        self.happen(events.Away(self.journey.waiting.call, self.journey.sitting))

    @property
    def asked(self) -> AskServer:
        """The last request to the server."""
        return [each for each in self.effects if isinstance(each, AskServer)][-1]

    # stretches of the way

    def to_things(self) -> "Walk":
        self.happen(events.Answered("list_things", LISTED, 0))
        self.touch("start")
        assert self.journey.screen is Screen.THINGS
        return self

    def to_card(self) -> "Walk":
        self.to_things().touch("choose_thing", code="P-NEWBORN")
        self.answer(make_guide("P-NEWBORN"))
        self.touch("begin")
        self.answer(self.door.plan(None, {}))
        self.touch("next")
        assert self.journey.screen is Screen.CARD
        return self

    def to_consent(self, card: Json = MOTHER) -> "Walk":
        self.to_card().happen(events.CardPlaced(card))
        self.answer({"token": "secret-token", "masked_name": "陈*梅", "masked_id_number": "411***"})
        self.draft = self.door.new_draft({})
        self.answer(self.view())
        assert self.journey.screen is Screen.CONSENT
        return self

    def to_form(self) -> "Walk":
        self.to_consent().touch("consent")
        for each in self.draft["consent"]["sources"]:
            each["asked"] = True
        self.answer(self.view())
        assert self.journey.screen is Screen.FETCHING
        self.find_all()
        self.answer(self.view())
        assert self.journey.screen is Screen.FORM
        return self

    def find_all(self) -> None:
        for each in self.door.all_fields(self.draft):
            if each["fact"] in FOUND:
                each.update(state="found", value=FOUND[each["fact"]][0])

    def type(self, fact: str, value: str) -> None:
        self.touch("value", fact=fact, value=value)
        for each in self.door.all_fields(self.draft):
            if each["fact"] == fact:
                each.update(state="typed", value=value)
        self.answer(self.view())

    def to_sign(self) -> "Walk":
        self.to_form()
        typed = {
            "child.name": "陈一诺",
            "application.settle_with": "mother",
            "application.mobile": "19900001234",
        }
        for fact, value in {**typed, "application.delivery": "window"}.items():
            self.type(fact, value)
        for screen in (Screen.MATERIALS, Screen.REVIEW, Screen.SIGN):
            self.touch("next")
            assert self.journey.screen is screen
        return self

    def to_receipt(self) -> "Walk":
        self.to_sign().touch("sign", image="data:image/png;base64,iVBORw0KGgo=", width="984", height="520")
        self.draft["signature"] = True
        self.answer(self.view())
        assert self.journey.screen is Screen.SUBMITTING
        self.answer({"case_number": "XX-1", "receipt": make_receipt("XX-1")})
        assert self.journey.screen is Screen.RECEIPT
        return self

    def to_case(self) -> "Walk":
        self.happen(events.Answered("list_things", LISTED, 0))
        self.touch("progress")
        self.happen(events.CardPlaced(MOTHER))
        self.answer({"token": "secret-token", "masked_name": "陈*梅", "masked_id_number": "411***"})
        self.answer({"cases": [{"number": "XX-1"}]})
        self.touch("open_case", number="XX-1")
        self.answer(make_case("XX-1"))
        assert self.journey.screen is Screen.PROGRESS
        return self

    def view(self) -> dict[str, Any]:
        return self.door.view(self.draft)
