"""What a person does on each screen, from the idle one to the receipt."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from demo.birth import SIGNATURE
from demo.keyboard import type_text
from demo.kiosk import ScreenStuck
from devices.simulator_process import SimulatorProcess
from tests.patience import Patience

from .window import Window

MOST_STEPS = 60
ANSWERS: Mapping[str, str] = {
    "child.name": "李安然",
    "child.ethnicity": "01",
    "application.mobile": "19900000001",
}
Look = Callable[[str], None]


class Place(Protocol):
    """Where a kiosk stands: its reader, its printer, and the people with their cards."""

    card_reader: SimulatorProcess
    printer: SimulatorProcess

    def get_card(self, person: str) -> dict[str, Any]:
        """The card of `family.role`."""

    def list_texts(self) -> list[dict[str, Any]]:
        """The text messages that went out, the last one last."""


class Sitting:
    """One person at the kiosk, with what they know and whom they brought."""

    def __init__(
        self,
        world: Place,
        window: Window,
        holder: str,
        *,
        other: str | None = None,
        thing: str = "P-NEWBORN",
        answers: Mapping[str, str] = ANSWERS,
        look: Look = lambda _: None,
    ) -> None:
        self.window = window
        self._world = world
        self._reader = world.card_reader
        self.holder, self._other, self._thing = holder, other, thing
        self._answers = answers
        self._look = look
        self.asked: list[str] = []
        self._acts: Mapping[str, Callable[[], None]] = {
            "idle": lambda: window.act("start"),
            "things": lambda: window.act("choose_thing", thing),
            "notice": lambda: window.act("begin"),
            "matters": lambda: window.act("next"),
            "questions": self._answer_questions,
            "card": self.put_card,
            "consent": lambda: window.act("consent"),
            "second_signer": self.let_other_agree,
            "form": self._fill_form,
            "materials": self._hand_in,
            "scanning": self._keep_page,
            "review": lambda: window.act("next"),
            "step_up": self.give_code,
            "sign": self.sign,
        }

    def go_to(self, *wanted: str) -> str:
        """Do what each screen asks for until one of the wanted ones is there; returns its name."""
        screen = self.window.wait_after("fetching", "submitting")
        for _ in range(MOST_STEPS):
            self._look(screen)
            if screen in wanted:
                return screen
            if screen not in self._acts:
                raise ScreenStuck(f"nobody would know what to do on the screen {screen}")
            self._acts[screen]()
            # every act leads to another screen; until then the old one still stands there
            screen = self.window.wait_after(screen, "fetching", "submitting")
        raise ScreenStuck(f"still not at {wanted} after {MOST_STEPS} steps, on the screen {screen}")

    def put_card(self) -> None:
        """The holder's own card."""
        self._reader.put("/card", self._world.get_card(self.holder))
        self.window.wait_after("card", "fetching")

    def let_other_agree(self) -> None:
        """The other person's card, and the holder's own again; without them it is skipped."""
        if self._other is None:
            self.window.act("decline")
        else:
            self._reader.put("/card", self._world.get_card(self._other))
            self.window.wait_after("second_signer")
            self._look("card_gone")
            self.put_card()
            self.window.wait_until_uncovered()
        self.window.wait_after("second_signer", "fetching")

    def _answer_questions(self) -> None:
        self.answer_fields()
        self.window.act("next")

    def _fill_form(self) -> None:
        self.answer_fields()
        self._look("form_filled")
        self.window.act("next")
        self.window.wait_after("form")

    def answer_fields(self) -> None:
        """Answer, one after the other, what must be answered and is not."""
        waiting = self.window.page.locator(".field.asked:not(.said):not(:has(.optional))")
        for _ in range(MOST_STEPS):
            if waiting.count() == 0:
                return
            self.answer_field(str(waiting.first.get_attribute("data-fact")))
        raise ScreenStuck("the form goes on asking")

    def answer_field(self, fact: str) -> None:
        """Give the prepared answer to one field."""
        if fact not in self._answers:
            open_ones = self.window.page.locator(".field.asked:not(.said):not(:has(.optional))").all()
            facts = [str(row.get_attribute("data-fact")) for row in open_ones]
            raise ScreenStuck(f"nobody prepared answers to {', '.join(facts)}")
        self.asked.append(fact)
        answer, window = self._answers[fact], self.window
        row = window.field(fact)
        if row.locator(".choices").count():
            window.choose(fact, answer)
            return
        self.open_keyboard(fact)
        picker = window.page.locator(f""".picker button[hx-vals*='"value": "{answer}"']""")
        if picker.count():
            window.touch(picker)
        else:
            self.type(fact, answer)
        window.page.locator(f'.field.said[data-fact="{fact}"]').wait_for()
        window.wait_until_at_rest()

    def open_keyboard(self, fact: str) -> None:
        """Bring the keyboard up for a field, if it is not there by itself."""
        window = self.window
        board = window.page.locator(f'.typing[data-fact="{fact}"]')
        if board.count() == 0:
            window.touch(window.field(fact).locator("button.box"))
            board.wait_for()
        self._look("keyboard")

    def type(self, fact: str, text: str) -> None:
        """Type a text into the field whose keyboard is open, and press done."""
        board = self.window.page.locator(f'.typing[data-fact="{fact}"]')
        kind = board.get_attribute("data-kind")
        digits = board.get_by_role("button", name="123", exact=True)
        if text.isdigit() and digits.count():
            self.window.touch(digits)
        type_text(self.window, re.sub(r"\D", "", text) if kind in ("date", "datetime", "month") else text)

    def _hand_in(self) -> None:
        waiting = self.window.page.locator(".row.tall:not(:has(.tag.good)):not(:has(.optional))")
        if waiting.count() == 0:
            self.window.act("next")
            return
        self.window.touch(waiting.first.locator('[hx-post="/acts/scan"]'))
        self.window.wait_after("materials")
        self.window.page.locator(".paper img, .notice.warn").first.wait_for()

    def _keep_page(self) -> None:
        self.window.page.locator(".paper img").wait_for()
        self.window.act("keep")
        self.window.wait_after("scanning")

    def give_code(self) -> None:
        """Have a code sent, read it on the phone, and type it."""
        before = len(self._world.list_texts())
        self.window.act("send_code")
        self.window.page.locator(".typing .key.done").wait_for()
        self._look("code")
        patience = Patience(20)
        while len(texts := self._world.list_texts()) == before:
            if not patience.lasts():
                raise ScreenStuck("no text message came")
            self.window.page.wait_for_timeout(100)
        type_text(self.window, str(texts[-1]["body"]["parameters"]["code"]))
        self.window.wait_after("step_up")

    def sign(self) -> None:
        """Write a name and hand in."""
        self.window.draw(self.window.page.locator("#signature"), SIGNATURE)
        self._look("signed")
        self.window.touch(self.window.page.locator("[data-take-signature]"))
        self.window.wait_after("sign", "submitting")

    def read_case_number(self) -> str:
        """The number on the receipt's screen."""
        return self.window.page.locator(".case-number b").inner_text().strip()

    def wait_for_slips(self, number: int) -> list[dict[str, Any]]:
        """What came out of the printer, once so many slips are complete."""
        patience = Patience(20)
        while patience.lasts():
            slips = [slip for slip in self._world.printer.get("/slips") if slip["completed"]]
            if len(slips) >= number:
                return slips
            self.window.page.wait_for_timeout(50)
        raise ScreenStuck(f"{number} slips did not come out of the printer")

    def finish(self) -> None:
        """Leave the kiosk with one's card."""
        self.window.act("finish")
        self.window.wait_for("take_card", "idle")
        self._reader.delete("/card")
        self.window.wait_for("idle")
