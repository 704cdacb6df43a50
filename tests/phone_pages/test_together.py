"""Several people in one application, and acting for another: the pages, as each of them sees them."""

import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console.looking import CLIPPED, PICTURES, violations
from tests.phone_pages.street import PHONE, SMALL_PHONE, Street, Walker
from tests.phone_pages.test_form import SMALL_TARGETS, SMALL_TEXT, begin

NOBODY_S = "0" * 32
MANDATES = "/m/mandates"


def walk_to_people(walker: Walker) -> str:
    """A birth of which the registers have told who the father is; its address."""
    draft = begin(walker)
    at = walker.post(f"{draft}/matters").location
    for _ in range(4):
        if not at.endswith("/consent"):
            break
        at = walker.post(at, source=sources_on(walker.get(at).get_data(as_text=True))).location
    return draft


def sources_on(page: str) -> list[str]:
    return re.findall(r'name="source" value="([^"]+)"', page)


def open_on(walker: Walker, people: str) -> list[str]:
    """The ids of the invitations that can be called back."""
    page = walker.get(people).get_data(as_text=True)
    return re.findall(r"/m/invitations/of/\w+/(\w+)/calling-back", page)


def call_back_all(walker: Walker, people: str) -> None:
    for each in open_on(walker, people):
        walker.send(f"{people}/{each}/calling-back", {})


def invited_on(walker: Walker, draft: str, role: str) -> dict[str, str]:
    """Invite, and read the link and the code from the page."""
    people = f"/m/invitations/of/{draft.rpartition('/')[2]}"
    call_back_all(walker, people)
    answer = walker.post(people, people, role=role)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    page = answer.get_data(as_text=True)
    link = re.search(r'value="[^"]*(/m/invited/[^"]+)"', page)
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", page)
    assert link
    assert code
    return {"people": people, "link": link[1], "code": code[0]}


def open_by(walker: Walker, secret: str) -> str:
    answer = walker.post("/m/invited", "/m/invited", secret=secret)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location)


def test_the_father_agrees_on_his_phone_without_a_script(street: Street) -> None:
    mother, father = street.client("chen.mother"), street.client("chen.father")
    draft = walk_to_people(mother)
    assert "邀请本人在手机上授权" in mother.get(f"{draft}/people").get_data(as_text=True)
    sent = invited_on(mother, draft, "father")
    first = father.get(sent["link"]).get_data(as_text=True)
    assert "陈" not in first  # a link that is looked at says nothing of anybody
    one = father.post("/m/invited", sent["link"]).location
    page = father.get(one).get_data(as_text=True)
    assert "陈*梅" in page
    done = father.post(f"{one}/authorisation", one, source=sources_on(page))
    assert done.location == one
    assert "您已授权" in father.get(one).get_data(as_text=True)
    take_back_and_agree_again(mother, father, sent, one)
    assert "已授权" in mother.get(sent["people"]).get_data(as_text=True)
    assert mother.get(draft).location.endswith("/consent") or mother.get(draft).location.endswith("/form")


def take_back_and_agree_again(mother: Walker, father: Walker, sent: dict[str, str], one: str) -> None:
    assert father.post(f"{one}/taking-back", one).location == one
    page = father.get(one).get_data(as_text=True)
    assert "您已收回同意" in page
    assert "确定收回" not in page
    people = mother.get(sent["people"]).get_data(as_text=True)
    assert "对方收回了同意" in people
    assert "重新邀请" in people
    draft = f"/m/drafts/{sent['people'].rpartition('/')[2]}"
    again = open_by(father, invited_on(mother, draft, "father")["code"])
    father.post(f"{again}/authorisation", again, source=sources_on(father.get(again).get_data(as_text=True)))


def test_a_no_is_read_by_the_sender_with_its_reason(street: Street) -> None:
    woman, man = street.client("tao.woman"), street.client("tao.man")
    draft = begin(woman, "P-MARRIAGE")
    sent = invited_on(woman, draft, "man")
    one = open_by(man, sent["code"])
    man.post(f"{one}/refusal", one, reason="等我回家商量")
    assert "您没有同意" in man.get(one).get_data(as_text=True)
    people = woman.get(sent["people"]).get_data(as_text=True)
    assert "等我回家商量" in people
    assert "必须由本人同意" in people
    declined = woman.post(f"{draft}/people/declined", f"{draft}/people", role="man")
    assert declined.location == f"{draft}/people"
    assert "对方已拒绝" in woman.get(declined.location).get_data(as_text=True)


def test_another_persons_invitation_and_mandate_are_not_there(street: Street, stranger: Walker) -> None:
    woman = street.client("tao.woman")
    draft = begin(woman, "P-MARRIAGE")
    sent = invited_on(woman, draft, "man")
    one = open_by(street.client("tao.man"), sent["code"])
    mandate = given(street, "he.holder", "chen.father", "P-DISABILITY")
    [line] = open_on(woman, sent["people"])
    acts: list[tuple[str, str, dict[str, str]]] = [
        ("GET", one, {}),
        ("POST", f"{one}/authorisation", {}),
        ("POST", f"{one}/refusal", {"reason": "x"}),
        ("POST", f"{one}/taking-back", {}),
        ("GET", sent["people"], {}),
        ("POST", sent["people"], {"role": "man"}),
        ("POST", f"{sent['people']}/{line}/calling-back", {}),
        ("POST", f"{sent['people']}/{line}/confirmation", {}),
        ("POST", f"{MANDATES}/{mandate}/revocation", {}),
        ("POST", f"{MANDATES}/{mandate}/acting", {"thing": "P-DISABILITY"}),
    ]
    known = (one.rpartition("/")[2], sent["people"].rpartition("/")[2], mandate)
    for method, path, fields in acts:
        nobody_s = path
        for each in known:
            nobody_s = nobody_s.replace(each, NOBODY_S)
        for tried in (path, nobody_s):
            answer = stranger.get(tried) if method == "GET" else stranger.send(tried, fields)
            assert answer.status_code == 404, tried
    # A link of somebody else's and one of nobody's look the same, and open the same nothing.
    pages = [stranger.get(link).get_data(as_text=True) for link in (sent["link"], f"/m/invited/{NOBODY_S}")]
    plain = [re.sub(r'value="[^"]*"|to=[^"]*', "", page) for page in pages]
    assert plain[0] == plain[1]
    refusals = [
        stranger.post("/m/invited", "/m/invited", secret=secret).get_data(as_text=True)
        for secret in (sent["link"].rpartition("/")[2], sent["code"], NOBODY_S)
    ]
    assert len({re.sub(r'value="[^"]*"|to=[^"]*', "", page) for page in refusals}) == 1


def given(street: Street, principal: str, agent: str, thing: str) -> str:
    """A mandate given on the pages; its id."""
    giver, family, role = street.client(principal), *agent.split(".")
    card = street.cards[family, role]
    giver.post(
        MANDATES,
        f"{MANDATES}/new",
        name=card["name"],
        id_number=card["id_number"],
        thing=thing,
        days="30",
    )
    found = re.findall(r"/m/mandates/(\w{32})/revocation", giver.get(MANDATES).get_data(as_text=True))
    assert found
    return str(found[0])


def test_single_matters_are_picked_without_a_script(street: Street) -> None:
    giver, card = street.client("fang.worker"), street.cards["chen", "father"]
    page = giver.get(f"{MANDATES}/new").get_data(as_text=True)
    assert 'name="matter" value="P-NEWBORN/HUKOU"' in page
    who = {"name": card["name"], "id_number": card["id_number"], "days": "7"}
    lacking = giver.post(MANDATES, f"{MANDATES}/new", **who, matter="P-NEWBORN/SS-CARD")
    said = lacking.get_data(as_text=True)
    assert lacking.status_code == 422
    assert "社会保障卡要用孩子的身份证号码" in said
    assert re.search(r'value="P-NEWBORN/SS-CARD" checked', said)
    assert f'value="{card["id_number"]}"' in said
    giver.post(MANDATES, f"{MANDATES}/new", **who, matter="P-NEWBORN/BIRTH-CERT")
    listed = giver.get(MANDATES).get_data(as_text=True)
    assert "只限：" in listed
    assert "出生医学证明" in listed


def test_acting_for_another_says_so_until_it_ends(street: Street) -> None:
    mandate = given(street, "fang.worker", "chen.father", "P-RETIRE")
    agent, principal = street.client("chen.father"), street.client("fang.worker")
    begun = agent.send(f"{MANDATES}/{mandate}/acting", {"thing": "P-RETIRE"})
    assert begun.status_code == 303
    draft = str(begun.location)
    page = agent.get(f"{draft}/matters").get_data(as_text=True)
    assert "正在代" in page
    assert "正在代" not in agent.get(MANDATES).get_data(as_text=True)  # the agent's own room
    assert principal.get(f"{draft}/matters").status_code == 200
    agent.send(f"{MANDATES}/acting/ending", {})
    assert agent.get(f"{draft}/matters").status_code == 404
    agent.send(f"{MANDATES}/{mandate}/acting", {"thing": "P-RETIRE"})
    principal.send(f"{MANDATES}/{mandate}/revocation", {})
    over = agent.get(f"{draft}/matters")
    assert over.status_code == 403
    assert "委托已撤销或已到期" in over.get_data(as_text=True)
    assert agent.get(MANDATES).status_code == 200


def test_a_code_for_the_clerk_is_shown_once(street: Street) -> None:
    holder = street.client("he.holder")
    answer = holder.post(f"{MANDATES}/help", f"{MANDATES}/help", thing="P-DISABILITY", hours="4")
    page = answer.get_data(as_text=True)
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", page)
    assert code
    listed = holder.get(MANDATES).get_data(as_text=True)
    assert "等工作人员输入" in listed
    assert code[0] not in listed


def test_wrong_numbers_and_things_are_said_on_the_page(street: Street) -> None:
    holder = street.client("he.holder")
    new = f"{MANDATES}/new"
    for fields, said in (
        ({"name": "某人", "id_number": "123", "thing": "P-DISABILITY", "days": "30"}, "有几项填写不正确"),
        ({"name": "某人", "id_number": "123", "thing": "P-DISABILITY", "days": "-1"}, "没有找到"),
        (
            {
                "name": "某人",
                "id_number": street.cards["he", "holder"]["id_number"],
                "thing": "P-DISABILITY",
                "days": "30",
            },
            "不能委托给自己",
        ),
    ):
        answer = holder.post(MANDATES, new, once=secrets.token_urlsafe(12), **fields)
        page = holder.get(answer.location) if answer.status_code == 303 else answer
        assert said in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("mode", "sender", "other", "thing"),
    [
        ("plain", "qin.woman", "song.man", "P-MARRIAGE"),
        ("care", "ye.seller", "meng.buyer", "P-HOUSE-TRANSFER"),
    ],
)
def test_the_pages_can_be_read_and_touched_by_anybody(
    street: Street, browser: Browser, mode: str, sender: str, other: str, thing: str
) -> None:
    """Invited, signed and confirmed with a finger; and every page of mandates looked at."""
    look, role = looker(street, mode), other.partition(".")[2]
    draft = begin(street.client(sender), thing)
    page, invited = street.enter(browser, sender, mode=mode), street.enter(browser, other, mode=mode)
    people = f"/m/invitations/of/{draft.rpartition('/')[2]}"
    look(page, "people", people)
    page.locator(f"form.form:has([value={role}]) button").click()
    look(page, "made")
    look(invited, "link", page.locator("#link").input_value().removeprefix(street.url))
    invited.locator(".bottom button").click()
    look(invited, "one")
    invited.get_by_role("button", name="同意并签名").click()
    expect(invited.locator("[data-said]")).to_have_text("请先在框里签名")
    draw_on(invited)
    invited.get_by_role("button", name="同意并签名").click()
    expect(invited.locator("main")).to_contain_text("您已同意，等邀请人核对")
    look(invited, "agreed")
    look(invited, "mine", "/m/invited")
    look(page, "to-confirm", people)
    page.get_by_role("button", name="是本人，确认").click()
    expect(page.locator("main")).to_contain_text("已授权")
    given(street, "fang.worker", other, "P-RETIRE")
    for name, path in (("mandates", MANDATES), ("new", f"{MANDATES}/new"), ("help", f"{MANDATES}/help")):
        look(invited, name, path)
    invited.goto(f"{street.url}{MANDATES}")
    invited.get_by_role("button", name="代办：").first.click()
    look(invited, "acting")
    for each in (invited, page):
        each.context.close()


def draw_on(page: Page) -> None:
    """A line with a finger on the pad."""
    pad = page.locator(".pad canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + 40 + 25 * step, box["y"] + 60 + 20 * (step % 3))
    page.mouse.up()


def looker(street: Street, mode: str) -> Callable[..., None]:
    """Looks at a page: axe, the layout on a small phone, targets and text; takes its picture when wanted."""

    def look(page: Page, name: str, path: str = "") -> None:
        if path:
            page.goto(f"{street.url}{path}")
        wrong: list[Any] = violations(page)
        page.set_viewport_size(SMALL_PHONE)
        wrong += page.evaluate(CLIPPED)
        wrong += page.evaluate(SMALL_TARGETS, 60 if mode == "care" else 44)
        page.set_viewport_size(PHONE)
        if page.evaluate(SMALL_TEXT) < (22 if mode == "care" else 17):
            wrong.append("small text")
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"together-{name}-{mode}.png", full_page=True)
        assert wrong == [], (name, mode)

    return look
