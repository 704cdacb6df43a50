"""After a submission: the window accepts, a department asks once, results come, a rating is put right."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.birth import MOTHER
from demo.kiosk import Kiosk, ScreenStuck
from demo.office import Office, picture_of
from demo.printing import print_first_result
from demo.world import World

# The police read the household book at the desk, and cannot make out its first page.
UNREADABLE = {
    "matter": "HUKOU",
    "supplement": {
        "when": "in_handling",
        "wants": [
            {"material": "hukou", "zh": "户口簿首页看不清，请重新扫描", "en": "The first page cannot be read"}
        ],
    },
}
RATED_MATTER = "HUKOU"
LOW = "dissatisfied"


@dataclass
class Followed:
    """What came of the case, for summary.json."""

    accepted: Mapping[str, Any] = field(default_factory=dict)
    asked: Mapping[str, Any] = field(default_factory=dict)
    printed: str = ""
    results: list[str] = field(default_factory=list)
    rectified: Mapping[str, Any] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


class Afterwards:
    """One case from its acceptance to the end, at the kiosk and behind the counter."""

    def __init__(self, world: World, kiosk: Kiosk, office: Office, number: str, out: Path) -> None:
        self._world, self._kiosk, self._office = world, kiosk, office
        self._number, self._out = number, out
        self.followed = Followed()

    def go_through(self) -> Followed:
        """To the last act; ``OfficeStuck`` or ``ScreenStuck`` where something does not come."""
        for act in (
            self._accept,
            self._ask,
            self._bring,
            self._end,
            self._print_result,
            self._collect,
            self._rate,
            self._put_right,
            self._print,
        ):
            began = time.monotonic()
            act()
            self.followed.seconds[act.__name__.strip("_")] = round(time.monotonic() - began, 2)
        return self.followed

    def _accept(self) -> None:
        self.followed.accepted = self._office.accept(self._number)
        self._office.save_notice(self.followed.accepted["notice"], self._out / "notice-accepted.pdf")

    def _ask(self) -> None:
        self.followed.asked = self._office.ask_what_is_wanted(self._number)
        self._office.save_notice(self.followed.asked["notice"], self._out / "notice-supplement.pdf")

    def _bring(self) -> None:
        """The mother is back at the kiosk and scans what was asked for."""
        self._open_case("asked-for-more")
        kiosk = self._kiosk
        kiosk.act("supplement")
        kiosk.wait_for("supplement")
        kiosk.act("scan")
        kiosk.wait_for("scanning")
        kiosk.page.locator(".paper img").wait_for()
        kiosk.act("keep")
        kiosk.wait_for("supplement")
        kiosk.take_picture("supplement")
        kiosk.act("give")
        kiosk.wait_for("progress")
        self._leave()

    def _end(self) -> None:
        self._office.wait_until_closed(self._number)

    def _print_result(self) -> None:
        """One result comes out of the kiosk's own printer."""
        self._open_case("results")
        self.followed.printed = print_first_result(self._world, self._kiosk, self._out / "printed.pdf")
        self._leave()

    def _collect(self) -> None:
        """The others are handed over at the window."""
        card = str(self._world.get_card(MOTHER)["id_number"])
        self.followed.results = self._office.hand_out(self._number, card)

    def _rate(self) -> None:
        """She says what she thinks of the one part that made her come twice."""
        self._open_case("closed-case")
        kiosk = self._kiosk
        kiosk.act("rate", RATED_MATTER)
        kiosk.wait_for("rating")
        kiosk.touch(kiosk.page.locator(f".level.{LOW}"))
        kiosk.touch(kiosk.page.locator('[hx-post="/acts/reason"]').first)
        kiosk.take_picture("rating")
        kiosk.act("send")
        kiosk.wait_for("progress")
        self._leave()

    def _put_right(self) -> None:
        self.followed.rectified = self._office.put_right("GA")
        self._open_case("put-right")
        self._leave()

    def _print(self) -> None:
        """The month's bulletin, as the supervisors publish it."""
        file = self._out / "bulletin.pdf"
        self._world.run_onething("bulletin", "--month", time.strftime("%Y-%m"), "--out", str(file))
        picture_of(file)

    def _open_case(self, picture: str) -> None:
        kiosk = self._kiosk
        kiosk.wait_for("idle")
        kiosk.act("progress")
        kiosk.wait_for("card")
        self._world.card_reader.put("/card", self._world.get_card(MOTHER))
        kiosk.wait_for("progress")
        kiosk.act("open_case", self._number)
        kiosk.page.get_by_text(self._number).first.wait_for()
        kiosk.take_picture(picture)

    def _leave(self) -> None:
        self._world.card_reader.delete("/card")
        for _ in range(100):
            if self._kiosk.screen == "idle":
                return
            if self._kiosk.page.locator('[hx-post="/acts/leave_now"]:visible').count():
                self._kiosk.act("leave_now")
                self._kiosk.wait_for("idle")
                return
            self._kiosk.page.wait_for_timeout(100)
        raise ScreenStuck("the sitting does not end")
