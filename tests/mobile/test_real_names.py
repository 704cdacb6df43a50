"""Proving whose a phone is by the province's identity, and letting go of it again."""

import secrets
from datetime import timedelta

import pytest

from sandbox.identity import MOODS
from tests.mobile.phone import Phone, Town, refused

BROKEN = tuple(mood for mood in MOODS if mood not in ("good", "unnamed"))


def user() -> str:
    return f"somebody.{secrets.token_hex(6)}"


def test_the_province_s_account_signs_in_by_name(phone: Phone) -> None:
    said = phone.sign_in_by_province("chen.mother")
    assert said["known_by_name"] is True
    assert phone.town.cards["chen", "mother"]["id_number"] not in str(said)
    assert phone.town.cards["chen", "mother"]["name"] not in str(said)
    assert said["masked_id_number"][-2:] == phone.town.cards["chen", "mother"]["id_number"][-2:]
    phone.get("/cases")


@pytest.mark.parametrize("mood", BROKEN)
def test_a_token_that_proves_nothing_is_refused(phone: Phone, mood: str) -> None:
    refused(phone.come_from_province("chen.mother", mood), 401, "phone_sign_in_refused")
    phone.sign_in("wechat", user())
    refused(phone.prove("chen.mother", mood), 401, "phone_sign_in_refused")
    refused(phone.ask("GET", "/cases"), 403, "real_name_needed")


def test_another_state_issuer_or_code_is_refused(phone: Phone) -> None:
    for changed in ({"state": "another"}, {"iss": "https://elsewhere.invalid"}, {"code": "another"}):
        refused(phone.come_from_province("chen.mother", **changed), 401, "phone_sign_in_refused")


def test_an_account_without_a_real_name_is_told_so(phone: Phone) -> None:
    refused(phone.come_from_province("nobody in the registers"), 422, "real_name_missing")
    refused(phone.come_from_province("chen.mother", "unnamed"), 422, "real_name_missing")


def test_a_step_is_good_once_and_for_ten_minutes(phone: Phone) -> None:
    step = phone.post("/sign-ins/province/steps", {})
    said = phone.town.providers.log_in(step["address"], "chen.mother")
    body = {"step": step["step"], "device": "x", **said}
    phone.take(phone.ask("POST", "/sign-ins/province", body))
    refused(phone.ask("POST", "/sign-ins/province", body), 401, "phone_sign_in_refused")
    late = phone.post("/sign-ins/province/steps", {})
    said = phone.town.providers.log_in(late["address"], "chen.mother")
    phone.town.clock.at += timedelta(minutes=10, seconds=1)
    answer = phone.ask("POST", "/sign-ins/province", {"step": late["step"], "device": "x", **said})
    refused(answer, 401, "phone_sign_in_refused")


def test_a_step_belongs_to_the_phone_that_began_it(town: Town) -> None:
    mine, another = Phone(town), Phone(town)
    mine.sign_in("wechat", user())
    another.sign_in("wechat", user())
    step = mine.post("/real-name/steps", {})
    said = town.providers.log_in(step["address"], "chen.mother")
    answer = another.ask("POST", "/real-name/proofs", {"step": step["step"], **said})
    refused(answer, 401, "phone_sign_in_refused")
    refused(another.ask("GET", "/cases"), 403, "real_name_needed")


def test_a_bound_account_is_known_by_name_the_next_time(town: Town) -> None:
    name, phone = user(), Phone(town)
    phone.sign_in("wechat", name)
    refused(phone.ask("GET", "/drafts"), 403, "real_name_needed")
    proven = phone.prove("liu.mother")
    assert proven.status_code == 201
    assert proven.get_json()["known_by_name"] is True
    phone.get("/drafts")
    again = Phone(town)
    assert again.sign_in("wechat", name)["known_by_name"] is True
    again.get("/cases")


def test_a_binding_is_believed_for_half_a_year(town: Town) -> None:
    name, phone = user(), Phone(town)
    phone.sign_in("wechat", name)
    phone.prove("liu.mother")
    town.clock.at += timedelta(days=181)
    late = Phone(town)
    assert late.sign_in("wechat", name)["known_by_name"] is False
    refused(late.ask("GET", "/cases"), 403, "real_name_needed")
    assert late.prove("liu.mother").status_code == 201
    late.get("/cases")


def test_an_account_of_one_person_is_not_taken_by_another(town: Town) -> None:
    name, phone = user(), Phone(town)
    phone.sign_in("alipay", name)
    assert phone.prove("liu.mother").status_code == 201
    refused(phone.prove("stranger.man"), 409, "bound_to_another")
    [own] = [each for each in phone.get("/bindings")["bindings"] if each["here"]]
    assert phone.ask("DELETE", f"/bindings/{own['id']}").status_code == 204
    refused(phone.ask("GET", "/sign-ins"), 401, "phone_token_refused")
    fresh = Phone(town)
    assert fresh.sign_in("alipay", name)["known_by_name"] is False
    assert fresh.prove("stranger.man").status_code == 201


def test_bindings_are_listed_and_let_go_of_from_any_phone(town: Town) -> None:
    wechat, province = Phone(town), Phone(town)
    wechat.sign_in("wechat", user())
    wechat.prove("tong.mother")
    province.sign_in_by_province("tong.mother")
    bound = province.get("/bindings")["bindings"]
    assert {each["provider"] for each in bound} == {"wechat", "province"}
    other = next(each["id"] for each in bound if each["provider"] == "wechat")
    assert province.ask("DELETE", f"/bindings/{other}").status_code == 204
    refused(wechat.ask("GET", "/cases"), 401, "phone_token_refused")
    assert [each["provider"] for each in province.get("/bindings")["bindings"]] == ["province"]


def test_a_proof_is_in_the_audit_of_the_person(town: Town) -> None:
    phone = Phone(town)
    phone.sign_in("wechat", user())
    phone.prove("liu.mother")
    holder = town.ports.index.of_number(town.cards["liu", "mother"]["id_number"])
    with town.ports.records.read() as uow:
        actions = [row.action for row in uow.audit.list_of_subject(holder)]
    assert "phone_bound" in actions


def test_what_the_province_sends_back_is_shown_to_the_app(phone: Phone) -> None:
    shown = phone.get("/real-name/return?code=c&state=s&other=x")
    assert shown == {"code": "c", "state": "s", "iss": None, "error": None}
