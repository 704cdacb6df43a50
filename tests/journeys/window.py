"""One window of the browser all journeys share, on a kiosk that is in a person's hands."""

from contextlib import suppress
from pathlib import Path
from types import TracebackType

from playwright.sync_api import Browser, Error, Locator, TimeoutError

from demo.kiosk import SCREEN, Kiosk

CLICKED_WITHIN_MS = 3000


class Window(Kiosk):
    """A kiosk's screen in a window of its own; what the page complains of is kept in `complaints`."""

    def __init__(self, browser: Browser, url: str, pictures: Path) -> None:
        super().__init__(url, pictures)
        self.browser = browser
        self.complaints: list[str] = []

    def __enter__(self) -> "Window":
        self.context = self.browser.new_context(viewport=SCREEN, locale="zh-CN", reduced_motion="reduce")
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type == "error" else None
        )
        self.page.goto(self._url)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self.keep_stuck()
        self.context.close()

    def keep_stuck(self) -> None:
        """Keep a picture of where a journey did not go on."""
        try:
            self.page.screenshot(path=self._folder / "stuck.png")
        except Error as gone:
            print(f"no picture: {gone}")

    def touch(self, place: Locator) -> None:
        """One touch of a finger; a place that is drawn anew in this moment is touched where it is then."""
        place.click()
        self.touches += 1
        self.wait_until_at_rest()

    def leave(self) -> None:
        """Be at the idle screen, whatever went on before."""
        while (screen := self.wait_after("fetching", "submitting")) != "idle":
            covered = self.page.locator("#over > *").count() > 0
            if self.page.locator("#keyboard .typing").count():
                self.act("close_keyboard")
                self.page.locator("#keyboard .typing").wait_for(state="detached")
            elif covered and self.page.locator('#over [hx-post="/acts/leave_now"]').count():
                self.act("leave_now")
                self.wait_for("take_card", "idle")
            elif covered:
                self.act("go_on")
                self.wait_until_uncovered()
            elif screen != "take_card":
                self._begin_to_leave()
            else:
                self.page.wait_for_timeout(50)

    def _begin_to_leave(self) -> None:
        """Touch the button, unless a dialogue comes up in this moment and lies over it."""
        with suppress(TimeoutError):
            self.page.locator('[hx-post="/acts/leave"]:visible').first.click(timeout=CLICKED_WITHIN_MS)
            self.page.locator(
                "#over > *, #mode i[data-screen=idle], #mode i[data-screen=take_card]"
            ).first.wait_for(state="attached")

    def says(self, text: str) -> None:
        """Wait until the screen, or what lies over it, says a text."""
        self.page.locator("#screen, #over .card-over, #keyboard").filter(has_text=text).first.wait_for()

    def set_mode(self, *, elder: bool, english: bool = False) -> None:
        """Dress the screen for elders or in English, as the buttons at the bottom do."""
        mode = self.page.locator("#mode i")
        if (mode.get_attribute("data-elder") == "yes") != elder:
            self._switch("elder")
            self.page.locator(f"html{'.elder' if elder else ':not(.elder)'}").wait_for(state="attached")
        if (mode.get_attribute("data-language") == "en") != english:
            self._switch("language")
            self.page.locator(f"html[lang={'en' if english else 'zh-CN'}]").wait_for(state="attached")

    def _switch(self, act: str) -> None:
        # straight from the button, because a dialogue may lie over the row of modes
        self.page.locator(f'#dock [hx-post="/acts/{act}"]').dispatch_event("click")

    def field(self, fact: str) -> Locator:
        """The row that asks for a fact."""
        return self.page.locator(f'.field.asked[data-fact="{fact}"]')

    def known(self, label: str) -> Locator:
        """The row that shows a value somebody else gave, by its label."""
        return self.page.locator(".field.known").filter(has=self.page.locator(".label", has_text=label)).first

    def choose(self, fact: str, code: str) -> None:
        """Touch one of the answers that stand on the form itself."""
        choice = self.field(fact).locator(f"""button[hx-vals*='"value": "{code}"']""")
        self.touch(choice)
        self.field(fact).locator(".choice.chosen").wait_for()
        self.wait_until_at_rest()
