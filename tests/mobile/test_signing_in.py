"""Each way of signing in, good and bad: what a provider refuses, and when it is away."""

import secrets
from datetime import timedelta

import pytest

from onething.connectors.identity.wechat import WeChatCodes, WeChatSettings
from onething.domain.phones import REFUSALS_FOR_EACH_ADDRESS, PhoneSignInRefused, ProviderAway
from tests.mobile.phone import Phone, Town, refused

CODES = ("wechat", "alipay")


def user() -> str:
    return f"somebody.{secrets.token_hex(6)}"


def test_the_ways_of_signing_in_are_listed(phone: Phone) -> None:
    assert [each["code"] for each in phone.get("/sign-ins/providers")["providers"]] == [*CODES, "province"]


@pytest.mark.parametrize("provider", CODES)
def test_a_code_signs_in_and_shows_nothing_personal(phone: Phone, provider: str) -> None:
    said = phone.sign_in(provider, user())
    assert said["known_by_name"] is False
    assert (said["masked_name"], said["masked_id_number"]) == (None, None)
    refused(phone.ask("GET", "/cases"), 403, "real_name_needed")
    current = phone.get("/sign-ins")["current"]
    assert current["provider"] == provider


@pytest.mark.parametrize("provider", CODES)
def test_the_same_user_comes_to_the_same_account(town: Town, provider: str) -> None:
    name = user()
    first, second, other = Phone(town), Phone(town), Phone(town)
    first.sign_in(provider, name)
    second.sign_in(provider, name)
    other.sign_in(provider, user())
    assert len(first.get("/sign-ins")["sign_ins"]) == 2
    assert len(other.get("/sign-ins")["sign_ins"]) == 1


@pytest.mark.parametrize("provider", CODES)
def test_a_code_is_good_once(phone: Phone, provider: str) -> None:
    code = phone.town.providers.draw(provider, user())
    phone.take(phone.come(provider, code))
    refused(Phone(phone.town).come(provider, code), 401, "phone_sign_in_refused")


@pytest.mark.parametrize("provider", CODES)
def test_wrong_and_late_codes_are_refused_alike(phone: Phone, provider: str) -> None:
    late = phone.town.providers.draw(provider, user(), seconds=0.0)
    answers = [phone.come(provider, code) for code in (late, "a code nobody has drawn")]
    for answer in answers:
        refused(answer, 401, "phone_sign_in_refused")
    first, second = ({**answer.get_json(), "request_id": ""} for answer in answers)
    assert first == second


@pytest.mark.parametrize(
    ("provider", "mood"),
    [
        ("wechat", "busy"),
        ("wechat", "limited"),
        ("wechat", "down"),
        ("wechat", "nonsense"),
        ("alipay", "busy"),
        ("alipay", "forged"),
        ("alipay", "unsigned"),
    ],
)
def test_a_provider_in_trouble_is_told_from_a_bad_code(phone: Phone, provider: str, mood: str) -> None:
    code = phone.town.providers.draw(provider, user())
    with phone.town.providers.in_mood(provider, mood):
        refused(phone.come(provider, code), 503, "provider_away")


def test_a_user_whom_wechat_keeps_out_does_not_come_in(phone: Phone) -> None:
    code = phone.town.providers.draw("wechat", user())
    with phone.town.providers.in_mood("wechat", "blocked"):
        refused(phone.come("wechat", code), 401, "phone_sign_in_refused")


def test_a_wrong_secret_is_our_fault_and_not_the_citizen_s(town: Town) -> None:
    providers = town.providers
    wrong = WeChatCodes(WeChatSettings("wx0123456789abcdef", "not ours", f"{providers.url}/wechat"))
    with pytest.raises(ProviderAway):
        wrong.identify(providers.draw("wechat", user()))
    right = WeChatCodes(
        WeChatSettings(
            "wx0123456789abcdef", (providers.folder / "wechat-secret").read_text(), f"{providers.url}/wechat"
        )
    )
    with pytest.raises(PhoneSignInRefused):
        right.identify("nothing")


def test_refusals_are_counted_and_stop_all_tries_for_a_minute(phone: Phone) -> None:
    for _ in range(REFUSALS_FOR_EACH_ADDRESS):
        refused(phone.refresh("not a token"), 401, "phone_sign_in_refused")
    code = phone.town.providers.draw("wechat", user())
    locked = phone.come("wechat", code)
    refused(locked, 429, "too_many_refusals")
    assert locked.headers["Retry-After"]
    elsewhere = Phone(phone.town)
    elsewhere.take(elsewhere.come("wechat", code))
    phone.town.clock.at = phone.town.clock.at.replace(second=59)
    phone.town.clock.at += timedelta(seconds=2)
    phone.sign_in("wechat", user())


def test_a_code_for_the_province_or_for_nobody_is_not_a_choice(phone: Phone) -> None:
    for provider in ("province", "qq"):
        refused(phone.come(provider, "x"), 422, "bad_fields")
