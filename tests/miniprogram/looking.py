"""What is wrong with a page of the mini-program as it was drawn, shown by a real browser."""

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.console.looking import AXE

# Where a person wants the pictures of this run; without it none are kept.
PICTURES = os.environ.get("MINIPROGRAM_PICTURES")
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 700}
DRESSES = {
    "light": "",
    "dark": "screen.dataset.weuiTheme = 'dark'",
    "care": "screen.dataset.weuiTheme = 'light'; screen.classList.add('care')",
}
# Pixels of what is touched, and of plain text.
LEAST = {"light": (44, 17), "care": (60, 22)}
# Another theme changes colours only, larger text nothing that axe looks at.
RULES: dict[str, dict[str, Any]] = {
    "light": {"resultTypes": ["violations"]},
    "dark": {"resultTypes": ["violations"], "runOnly": ["color-contrast"]},
}
# Among them these have every colour there is.
COLOURFUL = {
    *("home", "choosing-for-another", "form", "form-unsent", "materials", "case", "receipt"),
    *("value-wrong", "withdrawal"),
}
# WeChat's own bar, and what is said beside the plain text.
MARKS = (
    "header, .steps, .chip, .quiet, .hint, .note, .source, .fault, .kept, .small, .field__name, .facts__one"
)
NAMED = "`${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 20)}`"

SHOW = """text => {
  const drawn = new DOMParser().parseFromString(text, 'text/html');
  document.title = drawn.title;
  document.body.innerHTML = drawn.body.innerHTML;
}"""
TOO_SMALL = f"""least => [...document.querySelectorAll('button, input, textarea, [role]')]
  .filter(e => ['BUTTON', 'INPUT', 'TEXTAREA'].includes(e.tagName)
    || ['button', 'link', 'checkbox', 'radio', 'switch'].includes(e.role))
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < least - 0.5)
  .map(e => {NAMED})"""
OFF_THE_SIDE = f"""() => [...document.querySelectorAll('body *')]
  .filter(e => e.checkVisibility() && e.textContent.trim())
  .filter(e => {{ const r = e.getBoundingClientRect(); return r.left < -1 || r.right > innerWidth + 1; }})
  .map(e => {NAMED})"""
TOO_FINE = f"""([least, marks]) => [...document.querySelectorAll('body *')]
  .filter(e => e.checkVisibility() && !e.closest(marks))
  .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
  .filter(e => parseFloat(getComputedStyle(e).fontSize) < least - 0.5)
  .map(e => {NAMED})"""


def open_first(page: Page, file: Path) -> None:
    """A page that the others are shown in: each has the same sheets, and axe takes long to load."""
    page.set_viewport_size(PHONE)
    page.goto(file.as_uri())
    page.add_script_tag(path=AXE / "axe.min.js")


def judge(page: Page, file: Path) -> list[str]:
    """What is wrong with one page, in the dresses it can wear; the largest one on a narrow phone too."""
    page.set_viewport_size(PHONE)
    page.evaluate(SHOW, file.read_text("utf-8"))
    dresses = [dress for dress in DRESSES if dress != "dark" or file.stem in COLOURFUL]
    wrong = [f"{dress}: {each}" for dress in dresses for each in judge_dressed(page, file, dress)]
    page.set_viewport_size(NARROW)
    wrong += [f"off the side: {each}" for each in page.evaluate(OFF_THE_SIDE)]
    return [f"{file.stem} {each}" for each in wrong]


def judge_dressed(page: Page, file: Path, dress: str) -> list[str]:
    wrong = []
    page.evaluate(f"{{ const screen = document.querySelector('.screen'); {DRESSES[dress]} }}")
    if dress in LEAST:
        touch, text = LEAST[dress]
        wrong += [f"too small: {each}" for each in page.evaluate(TOO_SMALL, touch)]
        wrong += [f"too fine: {each}" for each in page.evaluate(TOO_FINE, [text, MARKS])]
    if dress in RULES:
        found = page.evaluate("rules => axe.run(document, rules)", RULES[dress])
        wrong += [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found["violations"]]
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(PICTURES) / f"{file.stem}-{dress}.png")
    return wrong
