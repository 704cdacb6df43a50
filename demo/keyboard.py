"""Typing on the kiosk's own keyboard, key by key, as a finger does; Chinese through its pinyin."""

import time
from collections.abc import Iterable
from itertools import groupby

from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as NotThere
from pypinyin import lazy_pinyin

from demo.kiosk import Kiosk, ScreenStuck

# The whole is waited for first; a busy machine gets longer for any part of it.
WHOLE_WITHIN_MS = 3000
PART_WITHIN_MS = 200
CANDIDATES_WITHIN_SECONDS = 20.0


def type_text(kiosk: Kiosk, text: str) -> None:
    """Type a text on the keyboard that is open, then its done key. ScreenStuck without a key for it."""
    keyboard = kiosk.page.locator(".typing")
    done, fact = keyboard.get_attribute("data-done") or "", keyboard.get_attribute("data-fact")
    for is_plain, run in groupby(text, str.isascii):
        if is_plain:
            _press_each(kiosk, "".join(run))
        else:
            _compose(kiosk, "".join(run))
    _press_each(kiosk, [done])
    # Until the kiosk has answered, the old keyboard stands there at rest; for a wrong text, or without the
    # server, it stays.
    there = f'.typing[data-fact="{fact}"]'
    answered = f"#keyboard:not(:has({there})), {there} .error, #over > *"
    kiosk.page.locator(answered).first.wait_for(state="attached")
    kiosk.wait_until_at_rest()


def _press_each(kiosk: Kiosk, keys: Iterable[str]) -> None:
    for key in keys:
        place = _key(kiosk.page, key)
        if place.count() == 0:
            raise ScreenStuck(f"the keyboard has no key {key}")
        place.first.click()
        kiosk.keys += 1


def _compose(kiosk: Kiosk, text: str) -> None:
    """Type the pinyin of the whole text once, then touch candidates until they have made up the text."""
    _press_each(kiosk, "".join(lazy_pinyin(text)))
    while text:
        text = text.removeprefix(_choose_candidate(kiosk.page, text))
        kiosk.touches += 1


def _choose_candidate(page: Page, text: str) -> str:
    """Touch the longest candidate that the text begins with; returns it."""
    patience_ms = WHOLE_WITHIN_MS
    give_up_at = time.monotonic() + CANDIDATES_WITHIN_SECONDS
    while time.monotonic() < give_up_at:
        for length in range(len(text), 0, -1):
            candidate = _key(page, text[:length])
            try:
                candidate.first.wait_for(timeout=patience_ms)
            except NotThere:
                patience_ms = PART_WITHIN_MS
                continue
            candidate.first.click()
            return text[:length]
    raise ScreenStuck(f"the keyboard offers no candidate for {text}")


def _key(page: Page, text: str) -> Locator:
    return page.locator(".keys").get_by_role("button", name=text, exact=True)
