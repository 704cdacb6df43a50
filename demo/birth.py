"""A mother registers her child's birth: what she does on each screen, and what she is shown there."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from demo.keyboard import type_text
from demo.kiosk import Kiosk, ScreenStuck
from demo.world import World
from devices.simulator_process import SimulatorProcess

MOTHER = "chen.mother"
FATHER = "chen.father"
THING = "P-NEWBORN"
# What only she knows. Codes for what is chosen, texts for what is typed.
ANSWERS: Mapping[str, str] = {
    "child.name": "李安然",
    "child.ethnicity": "01",
    "application.mobile": "19900000001",
    "application.settle_with": "father",
    "application.delivery": "pick_up",
}
SIGNATURE = [
    [(0.20, 0.35), (0.32, 0.30), (0.24, 0.55), (0.34, 0.50)],
    [(0.42, 0.30), (0.44, 0.70), (0.52, 0.45), (0.58, 0.68)],
    [(0.66, 0.32), (0.80, 0.36), (0.70, 0.62), (0.84, 0.66)],
]
MOST_STEPS = 60


@dataclass
class Seen:
    """What the mother was shown, as the screens said it."""

    prefilled: list[dict[str, str]] = field(default_factory=list)
    exempt: list[dict[str, str]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    scanned: list[str] = field(default_factory=list)
    case_number: str = ""
    seconds: dict[str, float] = field(default_factory=dict)


class Birth:
    """Goes through the journey screen by screen: looks at what is shown and does what a mother would do."""

    def __init__(self, world: World, kiosk: Kiosk, mother: str = MOTHER, father: str = FATHER) -> None:
        self._world = world
        self._kiosk = kiosk
        self._mother, self._father = mother, father
        self._reader: SimulatorProcess = world.card_reader
        self._pictured: set[str] = set()
        self.seen = Seen()
        self._on_screen: Mapping[str, Callable[[], None]] = {
            "idle": lambda: kiosk.act("start"),
            "things": lambda: kiosk.act("choose_thing", THING),
            "notice": lambda: kiosk.act("begin"),
            "matters": lambda: kiosk.act("next"),
            "questions": self._answer_questions,
            "card": self._put_card,
            "consent": lambda: kiosk.act("consent"),
            "second_signer": self.father_agrees,
            "form": self._fill_form,
            "materials": self._hand_in,
            "scanning": lambda: kiosk.act("keep"),
            "review": lambda: kiosk.act("next"),
            "sign": self._sign,
        }

    def go_through(self) -> Seen:
        """From the idle screen to the printed receipt. ScreenStuck when it ends elsewhere."""
        self._kiosk.wait_for("idle")
        self.go_to("receipt")
        return self.take_receipt()

    def go_to(self, wanted: str) -> None:
        """Do what each screen asks for until the wanted one is there. ScreenStuck when it does not come."""
        screen = self._kiosk.wait_after("fetching", "submitting")
        for _ in range(MOST_STEPS):
            began = time.monotonic()
            self._picture(screen)
            if screen == wanted:
                return
            if screen not in self._on_screen:
                raise ScreenStuck(f"a mother would not know what to do on the screen {screen}")
            self._on_screen[screen]()
            # Every act leads to another screen; until then the old one still stands there.
            following = self._kiosk.wait_after(screen, "fetching", "submitting")
            self.seen.seconds[screen] = round(self.seen.seconds.get(screen, 0) + time.monotonic() - began, 2)
            screen = following
        raise ScreenStuck(f"still not done after {MOST_STEPS} steps, on the screen {screen}")

    def come_back(self) -> None:
        """Later: put the card on again and look at what became of the case."""
        kiosk = self._kiosk
        kiosk.wait_for("idle")
        kiosk.act("progress")
        kiosk.wait_for("card", "progress")
        self._reader.put("/card", self._world.get_card(self._mother))
        kiosk.wait_for("progress")
        self._picture("progress", "my-cases")
        kiosk.act("open_case", self.seen.case_number)
        self._picture("progress", "my-case")
        self._reader.delete("/card")

    def _put_card(self) -> None:
        self._reader.put("/card", self._world.get_card(self._mother))
        self._kiosk.wait_after("card")

    def father_agrees(self) -> None:
        """With his card, on the same reader."""
        self._reader.put("/card", self._world.get_card(self._father))
        self._kiosk.wait_after("second_signer")
        self._reader.put("/card", self._world.get_card(self._mother))
        self._kiosk.wait_until_uncovered()

    def _answer_questions(self) -> None:
        self._answer_fields()
        self._kiosk.act("next")

    def _fill_form(self) -> None:
        if not self.seen.prefilled:
            self.seen.prefilled = [
                {
                    "item": row.locator(".label").inner_text(),
                    "value": row.locator(".value").inner_text(),
                    "source": " ".join(row.locator(".chip").all_inner_texts()),
                }
                for row in self._kiosk.page.locator(".field.known").all()
            ]
        self._answer_fields()
        self._picture("form", "form-complete")
        self._kiosk.act("next")

    def _answer_fields(self) -> None:
        """Answer, one after the other, what is asked and has no answer yet."""
        for _ in range(MOST_STEPS):
            waiting = self._kiosk.page.locator(".field.asked:not(.said):not(:has(.optional))")
            if waiting.count() == 0:
                return
            fact = str(waiting.first.get_attribute("data-fact"))
            self._answer_field(fact)
            self._kiosk.page.locator(f'.field.said[data-fact="{fact}"]').wait_for()
        raise ScreenStuck("the form goes on asking")

    def _answer_field(self, fact: str) -> None:
        kiosk = self._kiosk
        if fact not in ANSWERS:
            raise ScreenStuck(f"the mother was asked for {fact}, and has no answer prepared")
        row = kiosk.page.locator(f'.field.asked[data-fact="{fact}"]')
        self.seen.asked.append(
            {"fact": fact, "item": row.locator(".label").inner_text(), "answer": ANSWERS[fact]}
        )
        choice = f'"value": "{ANSWERS[fact]}"'
        if row.locator(".choices").count():
            kiosk.touch(row.locator(f"button[hx-vals*='{choice}']"))
            return
        keyboard = kiosk.page.locator(f'.typing[data-fact="{fact}"]')
        if keyboard.count() == 0:
            kiosk.touch(row.locator("button.box"))
        keyboard.wait_for(state="attached")
        self._picture("form", "keyboard")
        picker = kiosk.page.locator(f".picker button[hx-vals*='{choice}']")
        if picker.count():
            kiosk.touch(picker)
        else:
            type_text(kiosk, ANSWERS[fact])

    def _hand_in(self) -> None:
        kiosk = self._kiosk
        if not self.seen.exempt:
            self.seen.exempt = [
                {
                    "material": row.locator(".row-name").inner_text(),
                    "why": row.locator(".row-below").first.inner_text(),
                    "how": row.locator(".tag").first.inner_text(),
                }
                for row in kiosk.page.locator(".row:has(.dot.good)").all()
            ]
        to_scan = kiosk.page.locator(".row.tall:not(:has(.tag.good)):not(:has(.optional))")
        if to_scan.count() == 0:
            kiosk.act("next")
            return
        self.seen.scanned.append(to_scan.first.locator(".row-name").inner_text())
        kiosk.touch(to_scan.first.locator('[hx-post="/acts/scan"]'))

    def _sign(self) -> None:
        kiosk = self._kiosk
        kiosk.draw(kiosk.page.locator("#signature"), SIGNATURE)
        self._picture("sign", "signed")
        kiosk.touch(kiosk.page.locator("[data-take-signature]"))

    def take_receipt(self) -> Seen:
        """The number, the slip, and the card."""
        kiosk = self._kiosk
        self.seen.case_number = kiosk.page.locator(".case-number b").inner_text().strip()
        kiosk.page.locator(".receipt .notice.good svg").first.wait_for()
        self._wait_for_slip()
        self._picture("receipt", "receipt-printed")
        kiosk.act("finish")
        if kiosk.wait_for("take_card", "idle") == "take_card":
            self._picture("take_card")
        self._reader.delete("/card")
        kiosk.wait_for("idle")
        return self.seen

    def _wait_for_slip(self) -> None:
        give_up_at = time.monotonic() + 15
        while time.monotonic() < give_up_at:
            if any(slip["completed"] for slip in self._world.printer.get("/slips")):
                return
            self._kiosk.page.wait_for_timeout(50)
        raise ScreenStuck("no slip came out of the printer")

    def _picture(self, screen: str, name: str = "") -> None:
        name = name or screen
        if name not in self._pictured:
            self._pictured.add(name)
            self._kiosk.take_picture(name)


def as_json(seen: Seen) -> dict[str, Any]:
    """What was seen, for summary.json."""
    return {
        "case_number": seen.case_number,
        "prefilled": seen.prefilled,
        "exempt": seen.exempt,
        "asked": seen.asked,
        "scanned": seen.scanned,
        "seconds_by_screen": seen.seconds,
    }
