"""Work for oneself, marriage, home from the army, retirement: from the card to the last result."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from onething.domain.actors import Actor
from onething.domain.catalog import Label
from onething.domain.errors import NotFound
from onething.services import filling, following, handling
from onething.worker import Worker
from tests.services.county import County, field, material
from tests.services.walks import fill_in, handle, states_of, to_scan, typed_in
from tests.services.walks_of_lives import MOBILE, WALKS, bank_of

REGISTRY = Label("新县婚姻登记处", "Marriage registry of Xin County")
Parts = list[dict[str, Any]]


def facts_of(parts: Parts, matter: str) -> dict[str, Any]:
    return dict(next(each["facts"] for each in parts if each["matter"] == matter))


@pytest.mark.parametrize("name", WALKS)
def test_the_whole_way(county: County, name: str) -> None:
    """Typed and scanned is exactly what the walk says, and every chosen matter comes to its end."""
    walk = WALKS[name]
    session, draft = fill_in(county, walk)
    assert draft["missing"] == []
    assert typed_in(draft) == set(walk.typed)
    assert to_scan(draft) == set(walk.scanned)
    number = county.submit(session, draft)["case_number"]
    parts = handle(county, number)
    chosen = {each["code"] for each in draft["matters"] if each["chosen"]}
    assert {each["matter"] for each in parts} == chosen
    assert states_of(county, session, number) == {"closed", "completed"}


def test_what_the_registry_writes_reaches_the_police(county: County) -> None:
    session, draft = fill_in(county, WALKS["a couple"])
    assert field(draft, "woman.marital_status")["value"] == "40"
    assert material(draft, "woman_divorce")["how"] == "e_licence"
    parts = handle(county, county.submit(session, draft)["case_number"])
    assert parts[0]["matter"] == "MARRY"
    told = facts_of(parts, "HUKOU-STATUS")
    assert told["man.married_on"] == "2026-12-12"
    assert told["man.marriage_certificate_number"].startswith("J411599-2026-")


def test_nobody_is_asked_about_the_bride_without_her_card(county: County) -> None:
    fill_in(county, WALKS["a man whose bride is not there yet"])
    number = county.card("qin", "woman")["id_number"]
    assert not [call for call in county.sandbox.list_calls() if number in str(call)]


def test_the_registry_books_a_time_and_the_couple_sees_it(county: County) -> None:
    session, draft = fill_in(county, WALKS["a couple"])
    number = county.submit(session, draft)["case_number"]
    Worker(county.ports, "registry").work_once()
    registrar = Actor("registrar", "staff", department="MZ", roles=frozenset({"department"}))
    at = county.ports.clock.now() + timedelta(days=19)
    handling.book(county.ports, registrar, number, "MARRY", at=at, place=REGISTRY)
    case = following.view_case(county.ports, session, number)
    booked = next(part["booked"] for part in case["parts"] if part["matter"] == "MARRY")
    assert booked == {"at": at.isoformat(), "place_zh": REGISTRY.zh, "place_en": REGISTRY.en}
    police = Actor("police", "staff", department="GA", roles=frozenset({"department"}))
    with pytest.raises(NotFound):
        handling.book(county.ports, police, number, "MARRY", at=at, place=REGISTRY)


def test_the_new_household_reaches_the_cards(county: County) -> None:
    session, draft = fill_in(county, WALKS["home to the father"])
    parts = handle(county, county.submit(session, draft)["case_number"])
    assert facts_of(parts, "ID-CARD")["veteran.settled_address"] == facts_of(parts, "HUKOU")["host.address"]
    assert "veteran.bank_card" not in facts_of(parts, "HUKOU")


def test_the_statutory_month_is_on_the_form_and_reaches_the_office(county: County) -> None:
    session, draft = fill_in(county, WALKS["an operator through her employer"])
    month = field(draft, "retirement.due_month")
    assert (month["value"], month["state"]) == ("2025-05", "computed")
    assert field(draft, "retiree.post_kind")["source"]["id"] == "social_insurance_register"
    parts = handle(county, county.submit(session, draft)["case_number"])
    assert facts_of(parts, "QUALIFY")["retirement.due_month"] == "2025-05"
    assert facts_of(parts, "QUALIFY")["agent.name"] == "许安"


def test_a_stall_shows_its_recognition_and_its_premiums_without_paper(county: County) -> None:
    session = county.sign_in("luo", "stall")
    draft = county.open(session, "P-FLEXJOB", answers=dict(WALKS["a stall"].answers))
    draft = filling.choose(county.ports, session, draft["id"], ["JOB-REG", "SUBSIDY"])
    draft = county.fetch(session, county.agree(session, draft))
    assert field(draft, "business.name")["value"] == "新县罗家豆腐坊"
    assert field(draft, "applicant.hardship_recognised")["value"] is True
    assert {material(draft, name)["state"] for name in ("licence", "pay_proof")} == {"met"}
    typed = MOBILE | bank_of("applicant") | {"job.begins_on": "2025-04-18"}
    filling.fill(county.ports, session, draft["id"], typed)
    draft = county.sign(session, draft)
    assert draft["missing"] == []
    parts = handle(county, county.submit(session, draft)["case_number"])
    assert [each["matter"] for each in parts] == ["JOB-REG", "SUBSIDY"]
