"""The way in: home and sign-in, each provider, what a cookie is worth, and what a page says without one."""

import re
import secrets
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.phone_pages.street import Street, Walker


def text_of(walker: Walker, path: str, status: int = 200) -> str:
    answer = walker.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def walk_province(street: Street, walker: Walker, login: str, mood: str = "good", to: str = "") -> str:
    """Out to the province from a page and back; the address one ends at."""
    out = walker.get("/m/enter/province", query_string={"to": to} if to else None)
    assert out.status_code == 303
    back = street.providers.log_in(out.location, login, mood)
    sent_on = walker.get("/mobile/v1/real-name/return", query_string=back)
    assert sent_on.status_code == 303
    assert urlsplit(sent_on.location).path == "/m/enter/province/return"
    answer = walker.get(sent_on.location)
    return answer.location or f"{answer.status_code}"


def test_home_is_for_everybody(street: Street) -> None:
    page = text_of(street.client(), "/m/")
    assert "登录" in page
    assert "我的账号" not in page


def test_the_province_signs_in_and_leads_back(street: Street) -> None:
    walker = street.client()
    assert walk_province(street, walker, "chen.mother", to="/m/?x=1") == "/m/?x=1"
    page = text_of(walker, "/m/")
    assert "您好" in page
    assert street.cards["chen", "mother"]["id_number"] not in page


@pytest.mark.parametrize("provider", ["wechat", "alipay"])
def test_a_code_signs_in_by_one_touch_and_asks_for_the_real_name(street: Street, provider: str) -> None:
    walker, path = street.client(), f"/m/enter/{provider}"
    code = street.providers.draw(provider, f"somebody.{secrets.token_hex(6)}")
    text_of(walker, f"{path}?code={code}")
    assert "您好" not in text_of(walker, "/m/"), "an address alone signs nobody in"
    answer = walker.send(path, {"code": code, "to": "/m/"})
    assert (answer.status_code, answer.location) == (303, "/m/enter/real-name")
    assert "实名认证" in text_of(walker, "/m/")
    assert walk_province(street, walker, "liu.mother") == "/m/"
    assert "您好" in text_of(walker, "/m/")


def test_a_code_that_was_used_is_refused_in_words(street: Street) -> None:
    code = street.providers.draw("wechat", f"somebody.{secrets.token_hex(6)}")
    assert street.client().send("/m/enter/wechat", {"code": code}).status_code == 303
    again = street.client().send("/m/enter/wechat", {"code": code})
    assert again.status_code == 401
    assert 'data-reason="phone_sign_in_refused"' in again.get_data(as_text=True)


def test_another_browser_cannot_end_what_this_one_began(street: Street) -> None:
    mine, other = street.client(), street.client()
    out = mine.get("/m/enter/province")
    back = street.providers.log_in(out.location, "chen.mother")
    answer = other.get("/m/enter/province/return", query_string=back)
    assert answer.status_code == 401
    assert "您好" not in text_of(other, "/m/")


def test_no_other_site_is_a_place_to_go_back_to(street: Street) -> None:
    for wanted in ("//elsewhere.invalid/", "https://elsewhere.invalid/m/", "/console/", "/m//x", "/m/\\x"):
        walker = street.client()
        assert walk_province(street, walker, "chen.mother", to=wanted) == "/m/"


def test_a_form_of_another_site_is_refused(street: Street) -> None:
    walker = street.client("chen.mother")
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://elsewhere.invalid"},
        {"Sec-Fetch-Site": "none", "Origin": "null"},
    ):
        answer = walker.send("/m/enter/end", {"where": "here"}, **headers)
        assert answer.status_code == 403
        assert 'data-reason="form_foreign"' in answer.get_data(as_text=True)
    silent = walker.client.post("/m/enter/end", data={"where": "here"}, base_url="http://127.0.0.1")
    assert silent.status_code == 403
    assert "您好" in text_of(walker, "/m/")


def test_a_cookie_renews_itself_and_two_tabs_do_not_fall_out(street: Street) -> None:
    walker = street.client("chen.mother")
    old = walker.client.get_cookie("phone", domain="127.0.0.1")
    assert old is not None
    street.clock.at += timedelta(minutes=11)
    other = street.client()
    other.client.set_cookie("phone", old.value, domain="127.0.0.1")
    assert "您好" in text_of(walker, "/m/")
    assert "您好" in text_of(other, "/m/"), "asked with the same old cookie at the same time"
    fresh = [each.client.get_cookie("phone", domain="127.0.0.1") for each in (walker, other)]
    assert fresh[0] is not None
    assert fresh[1] is not None
    assert fresh[0].value == fresh[1].value != old.value


def test_a_stolen_cookie_used_later_ends_the_sign_in(street: Street) -> None:
    walker = street.client("chen.mother")
    old = walker.client.get_cookie("phone", domain="127.0.0.1")
    assert old is not None
    street.clock.at += timedelta(minutes=11)
    text_of(walker, "/m/")
    street.clock.at += timedelta(minutes=11)
    thief = street.client()
    thief.client.set_cookie("phone", old.value, domain="127.0.0.1")
    assert "您好" not in text_of(thief, "/m/")
    assert "您好" not in text_of(walker, "/m/")


def test_signing_out_forgets_the_phone(street: Street) -> None:
    walker = street.client("chen.mother")
    kept = walker.client.get_cookie("phone", domain="127.0.0.1")
    assert kept is not None
    assert walker.post("/m/enter/end", "/m/account", where="here").status_code == 303
    assert walker.client.get_cookie("phone", domain="127.0.0.1") is None
    walker.client.set_cookie("phone", kept.value, domain="127.0.0.1")
    assert "您好" not in text_of(walker, "/m/")


def test_the_cookie_is_for_this_host_only_and_not_for_scripts(street: Street) -> None:
    answer = street.client().send(
        "/m/enter/wechat", {"code": street.providers.draw("wechat", secrets.token_hex(6))}
    )
    [said] = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("phone=")]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(said.split("; "))


def test_the_two_ways_of_showing_a_page_are_kept(street: Street) -> None:
    walker = street.client()
    assert walker.get("/m/ways/care", query_string={"to": "/m/enter"}).location == "/m/enter"
    walker.get("/m/ways/en")
    page = text_of(walker, "/m/")
    assert 'data-weui-mode="care"' in page
    assert '<html lang="en">' in page


def test_a_lost_phone_is_signed_out_from_another(street: Street) -> None:
    mine, lost = street.client("liu.mother"), street.client("liu.mother")
    page = text_of(mine, "/m/account")
    others = [path for path in re.findall(r'action="([^"]+/ending)"', page) if "/sign-ins/" in path]
    assert others, "the other phone is listed"
    for path in others:
        assert mine.post(path, "/m/account").status_code == 303
    assert "您好" not in text_of(lost, "/m/")
    assert "您好" in text_of(mine, "/m/")


def test_letting_go_of_the_account_in_use_signs_out(street: Street) -> None:
    walker = street.client("rare.father")
    [path] = re.findall(r'action="(/m/account/bindings/[^"]+)"', text_of(walker, "/m/account"))
    assert walker.post(path, "/m/account").location == "/m/"
    assert "您好" not in text_of(walker, "/m/")


@pytest.mark.browser
def test_a_citizen_comes_from_the_guide_through_the_province_to_the_form(
    street: Street, browser: Browser
) -> None:
    page = street.enter(browser)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None)
    page.goto(f"{street.url}/m/things/P-NEWBORN")
    page.get_by_role("button", name="开始办理").click()
    page.get_by_role("link", name="去登录").click()
    page.fill("input[name=login]", "sun.mother")
    page.get_by_role("button").first.click()
    page.get_by_role("button", name="开始办理").click()
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="同意并查询").click()
    expect(page.locator("#said")).to_contain_text("查询完成")
    page.context.close()
    assert not wrong
