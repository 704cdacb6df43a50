"""What the e-licence service holds of somebody, at their own wish: agreed to, audited, shown and not kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from onething.domain.errors import BadFields
from onething.services import access_log, held_licences
from tests.services.county import County
from tests.services.office import office
from tests.services.phones import on_phone

NONE = "disability_certificate"


@pytest.fixture
def county(furnished: County) -> Iterator[County]:
    with office(furnished) as emptied:
        yield emptied
        emptied.sandbox.put_mood("e_licences", "ok")


def names(listed: list[dict[str, Any]]) -> set[str]:
    return {each["document"] for each in listed}


def test_only_what_was_agreed_to_is_asked_and_only_about_oneself(county: County) -> None:
    mother = on_phone(county, "chen", "mother")
    county.sandbox.forget_calls()
    found = held_licences.ask(
        county.ports, mother, ["marriage_certificate", "id_card", "disability_certificate"]
    )
    assert names(found["held"]) == {"id_card", "marriage_certificate"}
    assert names(found["not_held"]) == {NONE}
    assert all(each["identifier"] and each["issued_on"] and each["zh"] for each in found["held"])
    own = county.card("chen", "mother")["id_number"]
    calls = county.sandbox.list_calls()
    assert [call["holder_code"] for call in calls] == [own] * 3
    assert {call["purpose"]["thing"] for call in calls} == {held_licences.PURPOSE}


def test_what_can_be_asked_is_of_people_and_named(county: County) -> None:
    listed = held_licences.list_askable(county.ports)["documents"]
    assert {"id_card", "marriage_certificate", "hukou_book"} <= names(listed)
    assert not {"business_licence", "death_certificate"} & names(listed)
    assert all(each["zh"] and each["department_zh"] for each in listed)


@pytest.mark.parametrize("documents", [[], ["no_such_paper"], ["id_card", "business_licence"]])
def test_what_is_not_offered_is_never_asked(county: County, documents: list[str]) -> None:
    county.sandbox.forget_calls()
    with pytest.raises(BadFields):
        held_licences.ask(county.ports, on_phone(county, "chen", "mother"), documents)
    assert county.sandbox.list_calls() == []


def test_a_service_that_is_away_is_not_taken_for_one_that_holds_nothing(county: County) -> None:
    county.sandbox.put_mood("e_licences", "down")
    found = held_licences.ask(county.ports, on_phone(county, "chen", "mother"), ["id_card"])
    assert (found["held"], found["not_held"]) == ([], [])
    assert names(found["unavailable"]) == {"id_card"}


def test_the_person_reads_afterwards_that_it_was_asked(county: County) -> None:
    mother = on_phone(county, "chen", "mother")
    held_licences.ask(county.ports, mother, ["id_card"])
    lines = access_log.list_access(county.ports, mother)["uses"]
    [line] = [each for each in lines if each["who_zh"] == "电子证照共享服务"]
    assert [each["zh"] for each in line["what"]] == ["居民身份证"]
    assert (line["is_own"], line["why_zh"]) == (False, "本人查看名下的电子证照")
    stranger = access_log.list_access(county.ports, on_phone(county, "stranger", "man"))["uses"]
    assert not [each for each in stranger if each["who_zh"] == "电子证照共享服务"]
