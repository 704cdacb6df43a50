"""Signing in on the pages inside WeChat: who may, what comes back, and what it is worth."""

import secrets
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from onething.connectors.identity.check import check, find_faults
from onething.connectors.identity.phone_proof import find_phone_proof
from onething.domain.phones import STEP_LASTS
from tests.phone_pages.street import Street, Walker

PLAIN = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile"
WECHAT = f"{PLAIN} MicroMessenger/8.0.50 NetType/4G Language/zh_CN"
WAY_OUT, WAY_BACK = "/m/enter/in-wechat", "/m/enter/in-wechat/return"


def user() -> str:
    return f"somebody.{secrets.token_hex(6)}"


def inside(street: Street, agent: str = WECHAT) -> Walker:
    walker = street.client()
    walker.client.environ_base["HTTP_USER_AGENT"] = agent  # type: ignore[attr-defined]
    return walker


def go(walker: Walker, to: str = "") -> str:
    out = walker.get(WAY_OUT, query_string={"to": to} if to else None)
    assert out.status_code == 303
    return str(out.location)


def walk(street: Street, walker: Walker, name: str, to: str = "") -> str:
    """Out to WeChat and back; the address one ends at."""
    back = street.providers.pass_wechat(go(walker, to), name)
    answer = walker.get(WAY_BACK, query_string=back)
    return answer.location or f"{answer.status_code}"


def refused(walker: Walker, back: dict[str, str], status: int = 401) -> str:
    answer = walker.get(WAY_BACK, query_string=back)
    page = answer.get_data(as_text=True)
    assert answer.status_code == status, page
    assert "实名认证" not in walker.get("/m/").get_data(as_text=True), "nobody is signed in"
    return page


def test_is_offered_inside_wechat_only(street: Street) -> None:
    for agent, offered in (
        (PLAIN, False),
        (WECHAT, True),
        (f"{WECHAT} miniProgram/wx0123456789abcdef", False),
        (f"{PLAIN} wxwork/4.1 MicroMessenger/7.0.1", False),
    ):
        walker = inside(street, agent)
        assert (WAY_OUT in walker.get("/m/enter").get_data(as_text=True)) is offered, agent
        assert walker.get(WAY_OUT).status_code == (303 if offered else 422), agent


def test_is_not_offered_without_a_service_account(street: Street) -> None:
    environ = street.providers.environment()
    proof = find_phone_proof({**environ, "ONETHING_WECHAT_PAGES_APP": ""}, street.ports.clock)
    assert proof.wechat_pages is None
    assert find_phone_proof(environ, street.ports.clock).wechat_pages is not None


def test_the_way_out_names_our_address_and_no_secret(street: Street) -> None:
    address = urlsplit(go(inside(street)))
    asked = dict(parse_qsl(address.query))
    assert asked["redirect_uri"] == f"{street.ports.settings.public_url}{WAY_BACK}"
    assert (asked["scope"], address.fragment) == ("snsapi_base", "wechat_redirect")
    secret = (street.providers.folder / "wechat-pages-secret").read_text()
    assert secret not in address.geturl()


def test_signs_in_and_asks_for_the_real_name_once(street: Street) -> None:
    name, first = user(), inside(street)
    assert walk(street, first, name, to="/m/account") == "/m/enter/real-name?to=/m/account"
    out = first.get("/m/enter/province")
    first.get("/m/enter/province/return", query_string=street.providers.log_in(out.location, "liu.mother"))
    assert "您好" in first.get("/m/").get_data(as_text=True)
    second = inside(street)
    assert walk(street, second, name, to="/m/account") == "/m/account"
    assert "您好" in second.get("/m/").get_data(as_text=True)
    account = second.get("/m/account").get_data(as_text=True)
    assert "安卓手机 微信" in account


def test_no_other_site_is_a_place_to_go_back_to(street: Street) -> None:
    name = user()
    for wanted in ("//elsewhere.invalid/", "https://elsewhere.invalid/m/", "/console/"):
        assert walk(street, inside(street), name, to=wanted) == "/m/enter/real-name"


def test_who_refuses_or_lost_the_code_is_told_so(street: Street) -> None:
    walker = inside(street)
    state = dict(parse_qsl(urlsplit(go(walker)).query))["state"]
    assert 'data-reason="phone_sign_in_refused"' in refused(walker, {"state": state})


def test_another_state_and_another_browser_are_refused(street: Street) -> None:
    mine, other = inside(street), inside(street)
    back = street.providers.pass_wechat(go(mine), user())
    refused(other, back)
    go(other)
    refused(other, back)
    refused(mine, {**back, "state": "another"})
    refused(mine, back)


def test_an_answer_is_good_once_and_ten_minutes(street: Street) -> None:
    walker, name = inside(street), user()
    back = street.providers.pass_wechat(go(walker), name)
    kept = walker.client.get_cookie("phone-step", domain="127.0.0.1")
    assert kept is not None
    assert walker.get(WAY_BACK, query_string=back).status_code == 303
    again = inside(street)
    again.client.set_cookie("phone-step", kept.value, domain="127.0.0.1")
    refused(again, back)
    late = inside(street)
    back = street.providers.pass_wechat(go(late), name)
    street.clock.at += STEP_LASTS + timedelta(seconds=1)
    refused(late, back)


def test_a_code_that_was_used_elsewhere_is_refused(street: Street) -> None:
    first, second, name = inside(street), inside(street), user()
    back = street.providers.pass_wechat(go(first), name)
    state = dict(parse_qsl(urlsplit(go(second)).query))["state"]
    assert first.get(WAY_BACK, query_string=back).status_code == 303
    refused(second, {"code": back["code"], "state": state})
    state = dict(parse_qsl(urlsplit(go(second)).query))["state"]
    refused(second, {"code": street.providers.draw("wechat", name), "state": state})


@pytest.mark.parametrize(
    ("mood", "status"),
    [("busy", 503), ("limited", 503), ("down", 503), ("nonsense", 503), ("blocked", 401), ("snapshot", 401)],
)
def test_wechat_in_trouble_is_told_from_a_bad_code(street: Street, mood: str, status: int) -> None:
    walker = inside(street)
    back = street.providers.pass_wechat(go(walker), user())
    with street.providers.in_mood("wechat_pages", mood):
        refused(walker, back, status)


def test_the_way_of_one_provider_is_not_the_way_of_the_other(street: Street) -> None:
    walker = inside(street)
    state = dict(parse_qsl(urlsplit(go(walker)).query))["state"]
    answer = walker.get("/m/enter/province/return", query_string={"code": "x", "state": state})
    assert answer.status_code == 401
    out = walker.get("/m/enter/province")
    refused(walker, street.providers.log_in(out.location, "liu.mother"))


def by_mini_program(street: Street, name: str) -> Walker:
    walker = inside(street)
    code = street.providers.draw("wechat", name)
    assert walker.send("/m/enter/wechat", {"code": code}).status_code == 303
    return walker


def prove(street: Street, walker: Walker, login: str) -> None:
    out = walker.get("/m/enter/province")
    walker.get("/m/enter/province/return", query_string=street.providers.log_in(out.location, login))


def test_one_user_is_one_account_in_both_apps_where_wechat_says_so(street: Street) -> None:
    name = user()
    # Known by name in the mini-program before anybody tied the two apps together.
    prove(street, by_mini_program(street, name), "chen.father")
    with street.providers.in_mood("wechat_union", "linked"):
        by_mini_program(street, name)
        pages = inside(street)
        assert walk(street, pages, name) == "/m/"
    assert "您好" in pages.get("/m/").get_data(as_text=True)


def test_one_user_is_two_accounts_where_wechat_does_not(street: Street) -> None:
    name = user()
    prove(street, by_mini_program(street, name), "chen.father")
    assert walk(street, inside(street), name) == "/m/enter/real-name"


def test_a_name_proven_on_the_pages_holds_in_the_mini_program(street: Street) -> None:
    name = user()
    with street.providers.in_mood("wechat_union", "linked"):
        pages = inside(street)
        walk(street, pages, name)
        prove(street, pages, "chen.father")
        code = street.providers.draw("wechat", name)
        assert inside(street).send("/m/enter/wechat", {"code": code}).location == "/m/"
        other = inside(street).send("/m/enter/wechat", {"code": street.providers.draw("wechat", user())})
        assert other.location == "/m/enter/real-name"


def test_the_check_tells_what_is_half_configured_and_whom_wechat_does_not_know(street: Street) -> None:
    environ = street.providers.environment()
    assert list(find_faults(environ)) == []
    assert [(each.subject, each.ok) for each in check(environ)] == [
        ("identity/wechat", True),
        ("identity/wechat_pages", True),
    ]
    half = {**environ, "ONETHING_WECHAT_PAGES_SECRET_FILE": ""}
    [fault] = find_faults(half)
    assert "ONETHING_WECHAT_PAGES_SECRET_FILE" in fault
    swapped = {**environ, "ONETHING_WECHAT_PAGES_SECRET_FILE": environ["ONETHING_WECHAT_SECRET_FILE"]}
    assert [each.ok for each in check(swapped)] == [True, False]
    [fault] = find_faults({**environ, "ONETHING_WECHAT_PAGES_APP": environ["ONETHING_WECHAT_APP"]})
    assert "service account" in fault
