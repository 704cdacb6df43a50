"""A birth by kiosk and two phones: the father agrees on his, far away; hers takes the form along and back."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from demo.birth import Birth
from demo.handset import Handset, photograph_paper
from demo.kiosk import Kiosk
from demo.world import World
from devices.qr.image import decode_qr

MOTHER, FATHER = "tong.mother", "tong.father"


@dataclass
class Joined:
    """What came of it, for summary.json."""

    case_number: str = ""
    photographed: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


class Together:
    """One kiosk, the mother's phone and the father's, each showing its part."""

    def __init__(self, world: World, kiosk: Kiosk, out: Path) -> None:
        self._world, self._kiosk = world, kiosk
        self._birth = _FatherIsAway(world, kiosk, MOTHER, FATHER)
        self.hers = Handset(kiosk.browser, out / "phones", "mother")
        self.his = Handset(kiosk.browser, out / "phones", "father")
        self.joined = Joined()
        self.shown_to_him = ""

    def go_through(self) -> Joined:
        """From the idle screen to the receipt and the case on her phone. ScreenStuck where it stops."""
        for act in (
            self._begin,
            self._take_along,
            self._invite,
            self._agree,
            self._give_back,
            self._hand_in,
            self._look,
        ):
            began = time.monotonic()
            act()
            self.joined.seconds[act.__name__.strip("_")] = round(time.monotonic() - began, 2)
        return self.joined

    def put_away(self) -> None:
        """Both phones."""
        self.his.close()
        self.hers.close()

    def _begin(self) -> None:
        self._kiosk.wait_for("idle")
        self._birth.go_to("form")

    def _take_along(self) -> None:
        self._kiosk.act("to_phone")
        self._kiosk.wait_for("handing")
        self._kiosk.take_picture("together-handing")
        self.hers.page.goto(self._read_code())
        self.hers.sign_in(MOTHER)
        self.hers.take_picture("offered")
        self.hers.tap("转到这部手机")
        self._kiosk.page.locator('.handing[data-state="taken"]').wait_for()
        self._kiosk.take_picture("together-taken")

    def _invite(self) -> None:
        page = self.hers.page
        self.hers.tap("接着填")
        page.locator("main form").first.wait_for()
        self.hers.take_picture("form")
        page.locator("details.steps summary, .steps summary").first.tap()
        page.get_by_role("link", name="其他人").tap()
        self.hers.tap("邀请本人在手机上授权")
        self.hers.tap("发出邀请")
        self._link = page.locator("#link").input_value()
        self.hers.take_picture("invitation")

    def _agree(self) -> None:
        his = self.his
        his.page.goto(self._link)
        his.sign_in(FATHER)
        his.take_picture("invited")
        his.tap("打开")
        his.page.locator("#agree, #sign").first.wait_for()
        his.take_picture("asked")
        self.shown_to_him = his.page.content()
        his.tap("同意")
        his.page.get_by_text("已授权").first.wait_for()
        his.take_picture("agreed")

    def _give_back(self) -> None:
        self.hers.tap("发好了")
        self.hers.page.get_by_text("已授权").first.wait_for()
        self.hers.take_picture("he-agreed")
        self.hers.tap("回去接着办")
        self.hers.tap("交还终端")
        self._kiosk.wait_for("form")

    def _hand_in(self) -> None:
        """At the kiosk again; what has to be shown is photographed with her phone."""
        self._birth.go_to("materials")
        self._photograph_what_is_asked()
        self._birth.go_to("receipt")
        self.joined.case_number = self._birth.take_receipt().case_number

    def _photograph_what_is_asked(self) -> None:
        kiosk, page = self._kiosk, self.hers.page
        rows = kiosk.page.locator(".row.tall:not(:has(.tag.good)):not(:has(.optional))")
        while rows.count():
            self.joined.photographed.append(rows.first.locator(".row-name").inner_text())
            kiosk.touch(rows.first.locator('[hx-post="/acts/photograph"]'))
            kiosk.wait_for("handing")
            page.goto(self._read_code())
            self.hers.tap("开始拍")
            page.locator("#photograph").set_input_files(
                {"name": "paper.jpg", "mimeType": "image/jpeg", "buffer": photograph_paper()}
            )
            self.hers.tap("传到终端")
            page.get_by_text("页已传到终端").wait_for()
            kiosk.page.locator(".handing .paper img").wait_for()
            self.hers.take_picture("photographed")
            kiosk.take_picture("together-photographed")
            self.hers.tap("拍完了")
            kiosk.wait_for("materials")

    def _look(self) -> None:
        """At home, on her phone: how far it is."""
        self.hers.page.goto(f"{self._world.server_url}/m/cases/{self.joined.case_number}")
        self.hers.page.get_by_text(self.joined.case_number).first.wait_for()
        self.hers.take_picture("case")

    def _read_code(self) -> str:
        """What a camera before the kiosk's screen reads."""
        code = self._kiosk.page.locator(".qr svg")
        code.wait_for()
        [address] = decode_qr(code.screenshot())
        return address


class _FatherIsAway(Birth):
    """He is not at the kiosk: she goes on without his card."""

    def father_agrees(self) -> None:
        self._kiosk.act("decline")
        self._kiosk.wait_after("second_signer", "fetching")
