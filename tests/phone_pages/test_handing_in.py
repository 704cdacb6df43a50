"""Signature, review and handing in on a phone: drawn or photographed, once however often it is sent."""

from __future__ import annotations

import io
import re
import threading

import numpy as np
import pytest
from playwright.sync_api import Browser, expect
from werkzeug.test import TestResponse

from tests.console.looking import CLIPPED, violations
from tests.paper.made_pages import jpeg
from tests.phone_pages.papers import hand_in, keep_picture, on_paper, sheet_on_table, signed_paper
from tests.phone_pages.street import SMALL_PHONE, Street, Walker
from tests.phone_pages.test_form import SMALL_TARGETS, view_of, walk_to_form


@pytest.fixture(scope="module")
def picture() -> bytes:
    """A sheet on a table, as a phone takes it."""
    return sheet_on_table()


TYPED = {
    "child.name": "刘小满",
    "child.ethnicity": "01",
    "application.mobile": "19900001234",
    "mother.address": "河南省信阳市新县测试路1号",
    "mother.ethnicity": "01",
}


def test_a_signature_is_drawn_or_photographed_and_never_typed(street: Street) -> None:
    walker = street.client("liu.mother")
    draft, _ = on_paper(walker)
    path = f"{draft}/signature"
    for wrong in ({"drawn": "刘某某"}, {"drawn": "data:image/png;base64,%%%"}, {}):
        answer = walker.post(path, path, **wrong)
        assert answer.location == path
        assert "请先在框里签名" in walker.get(path).get_data(as_text=True)
    assert view_of(street, walker, draft)["signature"] is False
    wall = jpeg(np.full((900, 900, 3), 180, np.uint8))
    assert walker.post(path, path, photograph=(io.BytesIO(wall), "s.jpg")).location == path
    assert "没有看到文字" in walker.get(path).get_data(as_text=True)
    answer = walker.post(path, path, photograph=(io.BytesIO(signed_paper()), "s.jpg"))
    assert answer.location == f"{draft}/review"
    assert view_of(street, walker, draft)["signature"] is True


@pytest.mark.browser
def test_a_finger_signs(street: Street, browser: Browser) -> None:
    walker = street.client("tong.mother")
    draft, _ = on_paper(walker)
    page = street.enter(browser, "tong.mother")
    page.goto(f"{street.url}{draft}/signature")
    page.click("footer .weui-btn")
    expect(page.locator("[data-said]")).to_have_text("请先在框里签名")
    box = page.locator(".pad canvas").bounding_box()
    assert box is not None
    for at in (0.2, 0.55):
        page.mouse.move(box["x"] + box["width"] * at, box["y"] + 60)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * (at + 0.2), box["y"] + 160, steps=6)
        page.mouse.move(box["x"] + box["width"] * at, box["y"] + 220, steps=6)
        page.mouse.up()
    keep_picture(page, "signature")
    page.click("footer .weui-btn")
    page.wait_for_url(f"**{draft}/review")
    assert view_of(street, walker, draft)["signature"] is True
    page.context.close()


def make_ready(street: Street, walker: Walker, picture: bytes) -> str:
    """A draft with everything in it but the handing in."""
    draft = walk_to_form(walker)
    father = {f"father.{name}": value for name, value in street.cards["tong", "father"].items()}
    known = {**father, **TYPED}
    for _ in range(3):
        view = view_of(street, walker, draft)
        facts = [each["id"] for each in view["missing"] if each["kind"] == "fact"]
        if not facts:
            break
        walker.post(f"{draft}/form", later="yes", **{f"v:{fact}": str(known[fact]) for fact in facts})
    for each in view_of(street, walker, draft)["materials"]:
        if each["state"] == "to_submit" and each["required"]:
            hand_in(walker, f"{draft}/materials/{each['id']}", picture)
    path = f"{draft}/signature"
    walker.post(path, path, photograph=(io.BytesIO(signed_paper()), "s.jpg"))
    return draft


def test_what_is_missing_leads_to_where_it_is_said(street: Street) -> None:
    walker = street.client("tong.mother")
    draft, _ = on_paper(walker)
    page = walker.get(f"{draft}/review").get_data(as_text=True)
    assert f'href="{draft}/form#child.name"' in page
    assert 'id="hand-in"' not in page
    answer = walker.send(f"{draft}/submission", {"true": "yes", "once": "not complete at all yet"})
    assert answer.location == f"{draft}/review"


@pytest.mark.browser
def test_it_is_handed_in_once_however_often_the_form_is_sent(
    street: Street, browser: Browser, picture: bytes
) -> None:
    walker = street.client("liu.mother")
    draft = make_ready(street, walker, picture)
    review = walker.get(f"{draft}/review").get_data(as_text=True)
    assert "刘小满" in review
    assert "送到这些部门" in review
    action = f"{draft}/submission"
    assert walker.post(action, f"{draft}/review").location == f"{draft}/review", "nothing was declared"
    fields = {"once": "one sending of one form only", "true": "yes", "from": f"{draft}/review"}
    answers = send_at_once(street, walker, action, fields, 4)
    places = {answer.location for answer in answers} - {f"{draft}/review"}
    [place] = places
    number = re.fullmatch(r"/m/receipts/([^?]+)\?new=1", place)
    assert number is not None
    again = walker.send(action, {**fields, "once": "the same draft in another form"})
    assert again.location.partition("?")[0] == place.partition("?")[0]
    assert walker.get(f"{draft}/review").location.partition("?")[0] == place.partition("?")[0]
    receipt = walker.get(place).get_data(as_text=True)
    assert number[1] in receipt
    assert "<svg" in receipt
    assert walker.get(f"/m/receipts/{number[1]}/form").get_data().startswith(b"%PDF-")
    page = street.enter(browser, "liu.mother", viewport=SMALL_PHONE, mode="care")
    page.goto(f"{street.url}{place}")
    keep_picture(page, "receipt")
    assert [*violations(page), *page.evaluate(CLIPPED), *page.evaluate(SMALL_TARGETS, 60)] == []
    page.context.close()
    stranger = street.client("stranger.man")
    for path in (place, f"/m/receipts/{number[1]}/form"):
        assert stranger.get(path).status_code == 404


def send_at_once(
    street: Street, walker: Walker, action: str, fields: dict[str, str], times: int
) -> list[TestResponse]:
    """The same form from as many connections at the same moment."""
    cookie = walker.client.get_cookie("phone", domain="127.0.0.1")
    assert cookie is not None
    start, answers = threading.Barrier(times), []

    def send() -> None:
        twin = street.client()
        twin.client.set_cookie("phone", cookie.value, domain="127.0.0.1")
        start.wait(20)
        answers.append(twin.send(action, fields))

    senders = [threading.Thread(target=send) for _ in range(times)]
    for each in senders:
        each.start()
    for each in senders:
        each.join(60)
    assert {answer.status_code for answer in answers} == {303}
    return answers
