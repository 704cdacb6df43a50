"""What a kiosk's QR opens on a phone: the form of its person, or one paper for any phone to photograph."""

import io
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from onething.domain.records import Session
from onething.services import consenting, filling, handing_over, signing_in
from tests.console.looking import CLIPPED, PICTURES, violations
from tests.http.test_journey import page as make_picture
from tests.http.world import enrol_kiosk
from tests.phone_pages.street import PHONE, SMALL_PHONE, Street, Walker

PAPERS = "/m/handed/papers/current"


@pytest.fixture
def sitting(street: Street) -> Session:
    """The mother at a kiosk of this street."""
    kiosk = enrol_kiosk(street.ports, f"K-{street.clock.at:%H%M%S%f}")
    with street.ports.records.read() as uow:
        terminal = uow.terminals.find(kiosk.id)
    assert terminal is not None
    started = signing_in.start_session(street.ports, terminal, street.cards["chen", "mother"])
    return signing_in.get_session(street.ports, terminal.id, started["token"])


@pytest.fixture
def draft(street: Street, sitting: Session) -> dict[str, Any]:
    """A birth that wants papers: no source may be asked."""
    begun = filling.open_draft(street.ports, sitting, "P-NEWBORN", None, {})
    refusing = {source["id"]: False for source in begun["consent"]["sources"]}
    return consenting.consent(street.ports, sitting, begun["id"], refusing)


def show(street: Street, sitting: Session, draft: dict[str, Any], kind: str = "form") -> dict[str, Any]:
    """A code on the kiosk's screen, with the path that its QR leads to."""
    material = next(each["id"] for each in draft["materials"] if each["state"] == "to_submit")
    shown = handing_over.show(street.ports, sitting, draft["id"], kind, material)
    parts = urlsplit(shown["text"])
    return {**shown, "path": f"{parts.path}?{parts.query}", "code": parts.query.partition("=")[2]}


def test_the_form_is_taken_over_and_given_back(
    street: Street, mother: Walker, sitting: Session, draft: dict[str, Any]
) -> None:
    shown = show(street, sitting, draft)
    assert mother.get(shown["path"]).status_code == 200
    taken = mother.post("/m/handed/forms", shown["path"])
    here = f"/m/handed/forms/{shown['id']}"
    assert (taken.status_code, taken.location) == (303, here)
    assert handing_over.look(street.ports, sitting, shown["id"])["state"] == "taken"
    mother.post(f"{here}/ending", here)
    assert handing_over.look(street.ports, sitting, shown["id"])["cause"] == "given_back"
    assert "已回到终端" in mother.get(here).get_data(as_text=True)


def test_the_way_back_is_in_reach_on_every_page_of_the_draft(
    street: Street, mother: Walker, sitting: Session, draft: dict[str, Any]
) -> None:
    shown, of = show(street, sitting, draft), f"/m/drafts/{draft['id']}"
    pages = [f"{of}/{each}" for each in ("matters", "consent", "people", "form", "materials", "review")]
    pages.append(f"/m/invitations/of/{draft['id']}")
    assert all("交还终端" not in mother.get(page).get_data(as_text=True) for page in pages)
    mother.post("/m/handed/forms", shown["path"])
    for page in pages:
        said = mother.get(page)
        assert said.status_code == 200, page
        assert f'action="/m/handed/forms/{shown["id"]}/ending"' in said.get_data(as_text=True), page
    assert "交还终端" not in mother.get("/m/").get_data(as_text=True), "other pages are nobody's form"
    mother.post(f"/m/handed/forms/{shown['id']}/ending", pages[3])
    assert handing_over.look(street.ports, sitting, shown["id"])["cause"] == "given_back"
    assert all("交还终端" not in mother.get(page).get_data(as_text=True) for page in pages)


def test_a_phone_that_is_not_signed_in_is_led_there_and_back(
    street: Street, sitting: Session, draft: dict[str, Any]
) -> None:
    shown = show(street, sitting, draft)
    led = street.client().get(shown["path"])
    assert (led.status_code, urlsplit(led.location).path) == (303, "/m/enter")
    assert shown["code"] in led.location, "afterwards it comes back to the same code"


def test_of_another_person_or_changed_it_opens_nothing(
    street: Street, stranger: Walker, mother: Walker, sitting: Session, draft: dict[str, Any]
) -> None:
    shown = show(street, sitting, draft)
    foreign = stranger.get(shown["path"])
    assert (foreign.status_code, "另一个人" in foreign.get_data(as_text=True)) == (403, True)
    for path in (f"{shown['path']}x", "/m/handed?t=", "/m/handed"):
        said = mother.get(path)
        assert (said.status_code, "二维码无效" in said.get_data(as_text=True)) == (404, True), path
    assert handing_over.look(street.ports, sitting, shown["id"])["state"] == "waiting"
    assert stranger.get(f"/m/handed/forms/{shown['id']}").status_code == 404


def test_any_phone_photographs_the_paper_and_sees_nobody(
    street: Street, sitting: Session, draft: dict[str, Any]
) -> None:
    shown, phone = show(street, sitting, draft, "photographs"), street.client()
    begun = phone.post("/m/handed/papers", shown["path"])
    assert (begun.status_code, begun.location) == (303, PAPERS)
    seen = [phone.get(shown["path"]).get_data(as_text=True), phone.get(PAPERS).get_data(as_text=True)]
    sent = phone.post(f"{PAPERS}/pages", PAPERS, photograph=(io.BytesIO(make_picture()), "page.jpg"))
    assert (sent.status_code, sent.location) == (303, PAPERS)
    seen.append(phone.get(PAPERS).get_data(as_text=True))
    assert "已传 1 页" in seen[-1]
    assert len(handing_over.look(street.ports, sitting, shown["id"])["pages"]) == 1
    card = street.cards["chen", "mother"]
    assert not any(str(card[fact]) in text for text in seen for fact in ("name", "id_number", "address"))
    assert street.client().get(PAPERS).status_code == 404, "another browser has nothing of it"

    phone.post(f"{PAPERS}/ending", PAPERS)
    assert handing_over.look(street.ports, sitting, shown["id"])["cause"] == "given_back"
    assert phone.get(PAPERS).status_code == 404


def test_what_is_no_picture_is_said_and_nothing_is_lost(
    street: Street, sitting: Session, draft: dict[str, Any]
) -> None:
    shown, phone = show(street, sitting, draft, "photographs"), street.client()
    phone.post("/m/handed/papers", shown["path"])
    for wrong in (b"", b"no picture at all"):
        answer = phone.post(f"{PAPERS}/pages", PAPERS, photograph=(io.BytesIO(wrong), "page.jpg"))
        assert answer.location == PAPERS
        assert 'class="said problem"' in phone.get(PAPERS).get_data(as_text=True)
    good = phone.post(f"{PAPERS}/pages", PAPERS, photograph=(io.BytesIO(make_picture()), "page.jpg"))
    assert good.location == PAPERS
    assert "已传 1 页" in phone.get(PAPERS).get_data(as_text=True)


@pytest.mark.browser
def test_the_pages_are_fit_to_be_read(
    street: Street, browser: Browser, sitting: Session, draft: dict[str, Any]
) -> None:
    """In Chromium, plain and large: no fault of axe, and nothing off the side of 320 pixels."""

    def look(name: str, url: str | None = None) -> None:
        if url:
            paper.goto(url)
        wrong = violations(paper)
        paper.set_viewport_size(SMALL_PHONE)
        wrong += paper.evaluate(CLIPPED)
        paper.set_viewport_size(PHONE)
        if PICTURES:
            paper.screenshot(path=Path(PICTURES) / f"handed-{name}-{mode}.png")
        assert wrong == [], (name, mode)

    for mode in ("plain", "care"):
        form, paper = show(street, sitting, draft), street.enter(browser, "chen.mother", mode=mode)
        look("form-offered", f"{street.url}{form['path']}")
        paper.get_by_role("button", name="转到这部手机").tap()
        paper.wait_for_url("**/m/handed/forms/*")
        look("form")
        handing_over.end(street.ports, sitting, form["id"])
        look("form-back", paper.url)
        shown = show(street, sitting, draft, "photographs")
        look("paper-offered", f"{street.url}{shown['path']}")
        paper.get_by_role("button", name="开始拍").tap()
        paper.locator("#photograph").set_input_files(
            {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": make_picture()}
        )
        paper.get_by_role("button", name="传到终端").tap()
        paper.get_by_text("页已传到终端").wait_for()
        look("paper")
        paper.get_by_role("button", name="拍完了").tap()
        paper.wait_for_url("**/papers/end")
        look("end")
        paper.context.close()
