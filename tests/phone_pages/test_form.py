"""The one form on a phone: walked through without a script, saved as it is typed with one, nothing lost."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from onething.services import filling, phone_sign_in
from tests.console.looking import CLIPPED, violations
from tests.patience import Patience
from tests.phone_pages.forms_on_page import read_form
from tests.phone_pages.street import SMALL_PHONE, Street, Walker

# Buttons, links and fields: as the page shows them, in CSS pixels.
SMALL_TARGETS = """(least) => [...document.querySelectorAll('a, button, input, select, textarea, summary')]
  .filter((e) => e.type !== 'hidden' && !e.closest('.skip, .unseen') && e.checkVisibility())
  .map((e) => [e.closest('label.check') ?? e, e])
  .filter(([box]) => box.getBoundingClientRect().height < least - 0.5)
  .map(([box, e]) => `${e.tagName} ${(e.textContent || e.name).trim().slice(0, 20)} `
    + box.getBoundingClientRect().height)"""
LEAST = {"plain": 44, "care": 60}
TEXT = {"plain": 17, "care": 22}
SMALL_TEXT = "() => parseFloat(getComputedStyle(document.querySelector('main p, main .weui-cell')).fontSize)"


def begin(walker: Walker, thing: str = "P-NEWBORN") -> str:
    """The address of a draft of the thing."""
    answer = walker.post("/m/drafts", f"/m/things/{thing}", thing=thing)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.location.rpartition("/")[0]


def walk_to_form(walker: Walker, thing: str = "P-NEWBORN") -> str:
    """As a person does who goes on without anybody else: the address of the draft."""
    draft = begin(walker, thing)
    at = walker.post(f"{draft}/matters").location
    for _ in range(6):
        if at.endswith("/consent"):
            at = walker.post(at).location
        elif at.endswith("/people"):
            at = walker.post(f"{at}/declined", at).location
        else:
            break
    assert at == f"{draft}/form"
    return draft


def view_of(street: Street, walker: Walker, draft: str) -> dict[str, Any]:
    cookie = walker.client.get_cookie("phone", domain="127.0.0.1")
    assert cookie is not None
    phone = phone_sign_in.find_phone(street.ports, cookie.value.partition(".")[0])
    assert phone is not None
    assert phone.session is not None
    return filling.view_draft(street.ports, phone.session, draft.rpartition("/")[2])


def field_of(view: dict[str, Any], fact: str) -> dict[str, Any]:
    [found] = [each for part in view["form"]["sections"] for each in part["fields"] if each["fact"] == fact]
    return dict(found)


def test_a_form_is_filled_in_without_a_script(street: Street) -> None:
    walker = street.client("liu.mother")
    draft = walk_to_form(walker)
    refused = walker.post(f"{draft}/form")
    said = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert 'href="#child.name"' in said, "what is empty is listed, each with the way to it"
    typed = {"v:child.name": "刘小满", "v:application.mobile": "123"}
    refused = walker.post(f"{draft}/form", **typed)
    assert refused.status_code == 422
    assert 'href="#application.mobile"' in refused.get_data(as_text=True)
    assert 'value="123"' in refused.get_data(as_text=True), "what was typed stays in its field"
    view = view_of(street, walker, draft)
    assert field_of(view, "child.name")["value"] == "刘小满", "the good ones are kept"
    assert field_of(view, "application.mobile")["value"] is None
    later = walker.post(f"{draft}/form", later="yes", **{"v:application.mobile": "19900001234"})
    assert later.status_code == 303
    assert field_of(view_of(street, walker, draft), "application.mobile")["value"] == "19900001234"


def test_beginning_again_offers_what_was_begun(street: Street) -> None:
    walker = street.client("tong.mother")
    draft = begin(walker)
    home = walker.get("/m/").get_data(as_text=True)
    assert f'href="{draft}"' in home
    assert begin(walker) == draft
    assert walker.get(draft).location == f"{draft}/matters"


def test_the_second_of_twins_has_a_form_of_their_own(street: Street) -> None:
    walker = street.client("chen.mother")
    draft = walk_to_form(walker)
    walker.post(f"{draft}/form", later="yes", **{"v:child.name": "陈大双"})
    guide = walker.get("/m/things/P-NEWBORN").get_data(as_text=True)
    assert 'name="another"' in guide
    answer = walker.post("/m/drafts", "/m/things/P-NEWBORN", another="yes")
    assert answer.location.rpartition("/")[0] != draft
    assert "陈*双" in walker.get("/m/").get_data(as_text=True)


def test_answers_change_the_matters_before_one_goes_on(street: Street) -> None:
    walker = street.client("huang.widow")
    things = re.findall(r'href="(/m/things/[^"]+)"', walker.get("/m/").get_data(as_text=True))
    assert len(things) == 13
    draft = begin(walker, "P-AFTER-DEATH")
    page = walker.get(f"{draft}/matters").get_data(as_text=True)
    questions = re.findall(r'<input type="radio" name="(v:[^"]+)" value="([^"]+)"(?! checked)', page)
    assert questions, "there is something to answer"


def test_what_a_source_gave_is_shown_with_it_and_may_be_called_wrong(street: Street) -> None:
    walker = street.client("chen.mother")
    draft = walk_to_form(walker)
    page = walker.get(f"{draft}/form").get_data(as_text=True)
    card = street.cards["chen", "mother"]
    assert card["id_number"] not in page
    assert "登记于" in page
    fact = "mother.ethnicity"
    wrong = f"{draft}/wrong/{fact}"
    assert f'href="{wrong}"' in page
    assert walker.post(wrong, value="").status_code == 422
    answer = walker.post(wrong, value="02")
    assert answer.location == f"{draft}/form#{fact}"
    field = field_of(view_of(street, walker, draft), fact)
    assert (field["value"], field["state"]) == ("02", "disputed")
    assert walker.get(f"{draft}/wrong/mother.name").status_code == 404, "what is proven is not called wrong"
    assert walker.get(f"{draft}/wrong/child.name").status_code == 404


def test_people_of_a_repeating_role_are_counted_and_each_has_a_part(street: Street) -> None:
    walker = street.client("lei.clerk")
    draft = walk_to_form(walker, "E-HIRE")
    action = f"{draft}/counts"
    assert walker.post(action, f"{draft}/form", number="many").location == f"{draft}/form"
    assert "人数要填数字" in walker.get(f"{draft}/form").get_data(as_text=True)
    walker.post(action, f"{draft}/form", number="3")
    typed = {"v:employees[0].name": "雷小一", "v:employees[2].name": "雷小三", "later": "yes"}
    assert walker.post(f"{draft}/form", **typed).status_code == 303
    page = walker.get(f"{draft}/form").get_data(as_text=True)
    assert re.findall(r"<summary>(员工 ?\d[^<]*)", page) == [
        "员工 1 · 雷小一 ",
        "员工 2 ",
        "员工 3 · 雷小三 ",
    ]
    walker.post(action, f"{draft}/form", number="1")
    assert "雷小三" not in walker.get(f"{draft}/form").get_data(as_text=True)


def test_what_two_devices_type_is_asked_about_on_both(street: Street) -> None:
    here, there = street.client("tong.father"), street.client("tong.father")
    draft = walk_to_form(here)
    action = f"{draft}/form"
    opened = read_form(here.get(action).get_data(as_text=True), action)
    there.post(action, later="yes", **{"v:child.name": "童一"})
    untouched = here.send(action, {**opened, "later": "yes"})
    assert untouched.status_code == 303
    assert field_of(view_of(street, here, draft), "child.name")["value"] == "童一"
    here.send(action, {**opened, "v:child.name": "童二", "later": "yes"})
    for device in (here, there):
        page = device.get(action).get_data(as_text=True)
        assert "童一" in page
        assert "保留哪一个" in page
    going_on = here.post(action)
    assert going_on.location == action, "nobody goes on past the question"
    assert there.send(f"{draft}/settled", {"settled": "child.name=1"}).location == f"{action}#child.name"
    assert field_of(view_of(street, here, draft), "child.name")["value"] == "童一"
    assert "保留哪一个" not in here.get(action).get_data(as_text=True)
    assert there.send(f"{draft}/settled", {"settled": "child.name=1"}).status_code == 404


def test_a_script_is_answered_in_json(street: Street) -> None:
    walker = street.client("liu.mother")
    draft = walk_to_form(walker)
    sent = {"v:child.name": "刘大满", "w:child.name": "刘小满", "v:application.mobile": "1"}
    answer = walker.send(f"{draft}/form", sent, Accept="application/json")
    said = answer.get_json()
    assert answer.status_code == 200
    assert said["held"]["child.name"] == "刘大满"
    assert list(said["errors"]) == ["application.mobile"]
    nobody = street.client().send(f"{draft}/form", {}, Accept="application/json")
    assert (nobody.status_code, nobody.get_json()["reason"]) == (401, "phone_token_refused")
    stranger = street.client("stranger.man").send(f"{draft}/form", {}, Accept="application/json")
    assert (stranger.status_code, stranger.get_json()["reason"]) == (404, "not_found")


def on_form(street: Street, browser: Browser, login: str, **ways: Any) -> tuple[Page, str]:
    """A page of Chromium on the form, and the draft's address."""
    draft = walk_to_form(street.client(login))
    page = street.enter(browser, login, **ways)
    page.goto(f"{street.url}{draft}/form")
    return page, draft


@pytest.mark.browser
def test_each_field_is_saved_as_it_is_typed(street: Street, browser: Browser) -> None:
    walker = street.client("rare.mother")
    page, draft = on_form(street, browser, "rare.mother")
    page.fill("[id='child.name']", "罗小满")
    expect(page.locator("#kept")).to_have_text("已保存")
    assert field_of(view_of(street, walker, draft), "child.name")["value"] == "罗小满"
    page.fill("[id='application.mobile']", "123")
    page.locator("[id='application.mobile']").blur()
    expect(page.locator("[id='application.mobile-error']")).not_to_be_empty()
    assert page.get_attribute("[id='application.mobile']", "aria-invalid") == "true"
    page.fill("[id='application.mobile']", "19900001234")
    expect(page.locator("#kept")).to_have_text("已保存")
    assert page.evaluate("localStorage.length") == 0, "nothing stays in the browser that the server has"
    page.context.close()


@pytest.mark.browser
def test_an_answer_that_asks_for_more_brings_its_fields_at_once(street: Street, browser: Browser) -> None:
    page, _ = on_form(street, browser, "chen.father")
    asked = page.locator("#sections [data-fact]")
    before = asked.count()
    page.fill("[id='child.name']", "陈")
    page.get_by_role("radio", name="邮寄").check()
    expect(page.locator("#kept")).to_have_text("已保存")
    expect(asked).not_to_have_count(before)
    assert asked.count() > before
    assert page.input_value("[id='child.name']") == "陈"
    assert page.get_by_role("radio", name="邮寄").is_checked()
    page.click("footer .weui-btn")
    expect(page.locator("#wrong")).to_be_focused()
    page.context.close()


@pytest.mark.browser
def test_what_was_typed_without_a_line_is_back_after_the_page_was_closed(
    street: Street, browser: Browser
) -> None:
    walker = street.client("sun.mother")
    page, draft = on_form(street, browser, "sun.mother")
    page.context.set_offline(True)
    page.fill("[id='child.name']", "孙小满")
    expect(page.locator("#kept")).to_have_text("未保存，网络恢复后自动保存")
    page.click("footer .weui-btn")
    expect(page.locator("#kept")).to_have_text("未保存，网络恢复后自动保存")
    context = page.context
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(f"{street.url}{draft}/form")
    assert page.input_value("[id='child.name']") == "孙小满"
    # the page that was closed may have had the line back for a moment and have saved it itself
    patience = Patience(15)
    while page.evaluate("localStorage.length"):
        assert patience.lasts(), page.inner_text("#kept")
        page.wait_for_timeout(50)
    assert field_of(view_of(street, walker, draft), "child.name")["value"] == "孙小满"
    context.close()


@pytest.mark.browser
def test_a_sign_in_that_ends_while_typing_loses_nothing(street: Street, browser: Browser) -> None:
    page, draft = on_form(street, browser, "tong.mother")
    cookies = [each for each in page.context.cookies() if each["name"] == "phone"]
    page.context.clear_cookies(name="phone")
    page.fill("[id='child.name']", "童小满")
    expect(page.locator("#kept a")).to_have_text("去登录")
    assert "童小满" in json.dumps(page.evaluate("({...localStorage})"), ensure_ascii=False)
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(f"{street.url}{draft}/form")
    expect(page.locator("#kept")).to_have_text("已保存")
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("mode", "ways"),
    [("plain", {}), ("care", {"viewport": SMALL_PHONE, "language": "en", "color_scheme": "dark"})],
)
def test_the_pages_are_fit_to_be_read(street: Street, browser: Browser, mode: str, ways: Any) -> None:
    draft = walk_to_form(street.client("chen.mother"))
    steps = [f"{draft}/{step}" for step in ("matters", "consent", "people", "form", "wrong/child.sex")]
    page = street.enter(browser, "chen.mother", mode=mode, **ways)
    wrong: list[str] = []
    simple = ("/m/enter", "/m/account") if mode == "plain" else ()
    for path in ("/m/", "/m/things/P-NEWBORN", *simple, *steps):
        page.goto(f"{street.url}{path}")
        found = [*violations(page), *page.evaluate(CLIPPED), *page.evaluate(SMALL_TARGETS, LEAST[mode])]
        wrong += [f"{path.rpartition('/')[2]}: {each}" for each in found]
        assert page.evaluate(SMALL_TEXT) >= TEXT[mode], path
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
    page.context.close()
    assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1)
