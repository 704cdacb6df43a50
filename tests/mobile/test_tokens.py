"""A phone's own tokens: how long they are good, how they change, and what one that was copied is worth."""

import json
import secrets
from datetime import timedelta

import pytest

from onething.domain.errors import SessionEnded
from onething.services import phone_sign_in, signing_in
from onething.services.phone_tokens import digest_of
from tests.mobile.phone import Phone, Town, refused


@pytest.fixture
def signed_in(phone: Phone) -> Phone:
    phone.sign_in("wechat", f"somebody.{secrets.token_hex(6)}")
    return phone


def with_token(phone: Phone, access: str) -> Phone:
    return Phone(phone.town, access)


def test_an_access_token_is_good_for_ten_minutes(signed_in: Phone) -> None:
    signed_in.town.clock.at += timedelta(minutes=9, seconds=59)
    signed_in.get("/sign-ins")
    signed_in.town.clock.at += timedelta(seconds=2)
    answer = signed_in.ask("GET", "/sign-ins")
    refused(answer, 401, "phone_token_refused")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    signed_in.take(signed_in.refresh())
    signed_in.get("/sign-ins")


def test_a_refresh_token_used_by_another_ends_the_sign_in(signed_in: Phone) -> None:
    copied = signed_in.refresh_token
    signed_in.take(signed_in.refresh())
    signed_in.get("/sign-ins")
    refused(Phone(signed_in.town).refresh(copied), 401, "phone_sign_in_refused")
    refused(signed_in.ask("GET", "/sign-ins"), 401, "phone_token_refused")
    refused(signed_in.refresh(), 401, "phone_sign_in_refused")


def test_a_thief_who_is_first_is_found_out_by_the_owner(signed_in: Phone) -> None:
    thief = Phone(signed_in.town)
    thief.take(thief.refresh(signed_in.refresh_token))
    refused(signed_in.refresh(), 401, "phone_sign_in_refused")
    refused(thief.ask("GET", "/sign-ins"), 401, "phone_token_refused")
    refused(thief.refresh(), 401, "phone_sign_in_refused")


def test_a_lost_answer_may_be_asked_for_again(signed_in: Phone) -> None:
    old, key = signed_in.refresh_token, secrets.token_urlsafe(24)
    first = signed_in.take(signed_in.refresh(old, key))
    assert signed_in.take(signed_in.refresh(old, key)) == first
    signed_in.get("/sign-ins")
    signed_in.take(signed_in.refresh())
    # Once its successor was used it can only be a copy.
    refused(Phone(signed_in.town).refresh(old, key), 401, "phone_sign_in_refused")
    refused(signed_in.ask("GET", "/sign-ins"), 401, "phone_token_refused")


def test_a_lost_answer_is_not_kept_for_long(signed_in: Phone) -> None:
    old, key = signed_in.refresh_token, secrets.token_urlsafe(24)
    signed_in.refresh(old, key)
    signed_in.town.clock.at += timedelta(minutes=3)
    refused(signed_in.refresh(old, key), 401, "phone_sign_in_refused")


def test_a_refresh_token_lasts_seven_days_and_a_sign_in_thirty(signed_in: Phone) -> None:
    for _ in range(4):
        signed_in.town.clock.at += timedelta(days=6, hours=23)
        signed_in.take(signed_in.refresh())
    signed_in.town.clock.at += timedelta(days=3)
    refused(signed_in.refresh(), 401, "phone_sign_in_refused")
    other = Phone(signed_in.town)
    other.sign_in("wechat", f"somebody.{secrets.token_hex(6)}")
    other.town.clock.at += timedelta(days=7, seconds=1)
    refused(other.refresh(), 401, "phone_sign_in_refused")


def test_tokens_are_good_for_nothing_else(signed_in: Phone) -> None:
    refused(
        with_token(signed_in, signed_in.refresh_token).ask("GET", "/sign-ins"), 401, "phone_token_refused"
    )
    refused(Phone(signed_in.town).refresh(signed_in.access), 401, "phone_sign_in_refused")
    for header in (signed_in.access, f"Basic {signed_in.access}", "Bearer", "Bearer  "):
        bare = Phone(signed_in.town)
        refused(bare.ask("GET", "/sign-ins", authorization=header), 401, "phone_token_refused")


def test_a_kiosk_s_token_opens_nothing_on_a_phone(town: Town) -> None:
    with town.ports.records.read() as uow:
        terminal = uow.terminals.find(town.kiosk.id)
    assert terminal is not None
    token = signing_in.start_session(town.ports, terminal, town.cards["chen", "mother"])["token"]
    refused(Phone(town, token).ask("GET", "/cases"), 401, "phone_token_refused")


def test_a_phone_s_token_opens_nothing_at_a_kiosk(town: Town) -> None:
    phone = Phone(town)
    phone.sign_in_by_province("chen.mother")
    for place in (town.kiosk.id, place_of_its_session(phone)):
        for token in (phone.access, phone.refresh_token):
            with pytest.raises(SessionEnded):
                signing_in.get_session(town.ports, place, token)


def place_of_its_session(phone: Phone) -> str:
    found = phone_sign_in.find_phone(phone.town.ports, phone.access)
    assert found is not None
    assert found.session is not None
    return found.session.terminal


def test_only_digests_are_kept(signed_in: Phone) -> None:
    with signed_in.town.ports.records.read() as uow:
        for text in (signed_in.access, signed_in.refresh_token):
            assert uow.phone_tokens.find(text) is None
            kept = uow.phone_tokens.find(digest_of(text))
            assert kept is not None
            assert text not in json.dumps(vars(kept), default=str)


def test_signing_out_here_and_everywhere(town: Town) -> None:
    user = f"somebody.{secrets.token_hex(6)}"
    here, there, elsewhere = Phone(town), Phone(town), Phone(town)
    for each in (here, there, elsewhere):
        each.sign_in("alipay", user)
    assert here.ask("POST", "/sign-ins/current/ending", {"everywhere": False}).status_code == 204
    refused(here.ask("GET", "/sign-ins"), 401, "phone_token_refused")
    refused(here.refresh(), 401, "phone_sign_in_refused")
    assert len(there.get("/sign-ins")["sign_ins"]) == 2
    assert there.ask("POST", "/sign-ins/current/ending", {"everywhere": True}).status_code == 204
    for each in (there, elsewhere):
        refused(each.ask("GET", "/sign-ins"), 401, "phone_token_refused")


def test_a_lost_phone_is_signed_out_from_another(town: Town) -> None:
    user = f"somebody.{secrets.token_hex(6)}"
    lost, found = Phone(town), Phone(town)
    lost.sign_in("wechat", user)
    found.sign_in("wechat", user)
    [other] = [each["id"] for each in found.get("/sign-ins")["sign_ins"] if not each["here"]]
    assert found.ask("DELETE", f"/sign-ins/{other}").status_code == 204
    refused(lost.ask("GET", "/sign-ins"), 401, "phone_token_refused")
    refused(found.ask("DELETE", f"/sign-ins/{other}"), 404, "not_found")


def test_a_sixth_phone_ends_the_first(town: Town) -> None:
    user = f"somebody.{secrets.token_hex(6)}"
    phones = [Phone(town) for _ in range(6)]
    for each in phones:
        town.clock.at += timedelta(seconds=1)
        each.sign_in("wechat", user)
    refused(phones[0].ask("GET", "/sign-ins"), 401, "phone_token_refused")
    assert len(phones[5].get("/sign-ins")["sign_ins"]) == 5
