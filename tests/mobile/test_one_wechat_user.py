"""One user of WeChat in two apps of ours: one account where WeChat says so, whoever comes first."""

import secrets
from typing import Any

from onething.domain.phones import Provider
from onething.services import phone_pages_sign_in, phone_sign_in
from tests.mobile.phone import Phone, Town, good
from tests.services.test_two_at_once import at_once


def user() -> str:
    return f"somebody.{secrets.token_hex(6)}"


def by_pages(town: Town, name: str) -> dict[str, Any]:
    """Through the pages inside WeChat."""
    step = phone_pages_sign_in.begin_step(town.ports)
    answer = town.providers.pass_wechat(step["address"], name)
    return phone_pages_sign_in.sign_in(town.ports, step["step"], answer, "测试手机", "10.9.9.9")


def by_code(town: Town, name: str) -> dict[str, Any]:
    """Through the mini-program."""
    code = town.providers.draw("wechat", name)
    return phone_sign_in.sign_in(town.ports, Provider.WECHAT, code, "测试手机", "10.9.9.8")


def account_of(town: Town, said: dict[str, Any]) -> str:
    found = phone_sign_in.find_phone(town.ports, said["access_token"])
    assert found is not None
    return found.account.id


def test_two_apps_have_two_accounts_until_wechat_joins_them(town: Town) -> None:
    name = user()
    first, second = account_of(town, by_code(town, name)), account_of(town, by_pages(town, name))
    assert first != second
    with town.providers.in_mood("wechat_union", "linked"):
        joined = account_of(town, by_pages(town, name))
        assert joined == second, "the account is the user's from before"
        assert account_of(town, by_code(town, name)) == joined
    assert account_of(town, by_code(town, name)) == first, "without a word of WeChat's nothing is guessed"


def test_both_apps_may_be_joined_at_the_same_moment(town: Town) -> None:
    name = user()
    by_code(town, name)
    by_pages(town, name)
    with town.providers.in_mood("wechat_union", "linked"):
        assert at_once(lambda: by_code(town, name), lambda: by_pages(town, name)) == []
        assert account_of(town, by_code(town, name)) == account_of(town, by_pages(town, name))


def test_a_user_seen_first_with_both_names_is_added_once(town: Town) -> None:
    name = user()
    with town.providers.in_mood("wechat_union", "linked"):
        assert at_once(lambda: by_code(town, name), lambda: by_pages(town, name)) == []
        assert account_of(town, by_code(town, name)) == account_of(town, by_pages(town, name))


def test_a_person_is_the_same_in_both_apps_and_signed_out_of_both(town: Town) -> None:
    name, phone = user(), Phone(town)
    with town.providers.in_mood("wechat_union", "linked"):
        phone.sign_in("wechat", name)
        good(phone.prove("liu.mother"))
        other = by_pages(town, name)
        assert other["known_by_name"] is True
        assert len(phone.get("/sign-ins")["sign_ins"]) >= 2
        [own] = [each for each in phone.get("/bindings")["bindings"] if each["here"]]
        assert phone.ask("DELETE", f"/bindings/{own['id']}").status_code == 204
        assert phone_sign_in.find_phone(town.ports, other["access_token"]) is None
        assert by_pages(town, name)["known_by_name"] is False
