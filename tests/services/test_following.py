"""All of a person's cases and e-licences, however many: page after page, and nobody else's among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from onething.domain.errors import NotFound
from onething.domain.records import Session
from onething.services import following, handling, licences, showing_codes
from tests.services.county import County
from tests.services.office import NUMBER, licence, office, officer, planted, work
from tests.services.phones import on_phone

MANY = 23


@pytest.fixture
def county(furnished: County) -> Iterator[County]:
    with office(furnished) as emptied:
        yield emptied


def pages(county: County, session: Session, size: int) -> list[list[str]]:
    """The numbers on each page, from the first to the last."""
    found: list[list[str]] = []
    after: str | None = None
    while not found or after is not None:
        listed: dict[str, Any] = following.list_cases(county.ports, session, after, size)
        found.append([each["number"] for each in listed["cases"]])
        after = listed["next"]
        assert len(found) <= MANY
    return found


def test_every_case_is_on_one_page_and_every_licence_is_there(county: County) -> None:
    mother = on_phone(county, "chen", "mother")
    card = county.card("chen", "mother")["id_number"]
    numbers = [planted(county, chosen=["VACCINE"], applicant=card) for _ in range(MANY)]
    planted(county, chosen=["VACCINE"], applicant=NUMBER if card != NUMBER else "0")
    for size in (1, 10, MANY, 50):
        listed = pages(county, mother, size)
        assert [len(page) for page in listed[:-1]] == [size] * (len(listed) - 1)
        assert sorted(number for page in listed for number in page) == sorted(numbers), size
    for number in (numbers[0], numbers[-1]):
        report = {"kind": "completed", "result": {"facts": {}, "documents": [licence("vaccine_book")]}}
        handling.decide(county.ports, officer("WJ"), number, "VACCINE", report)
    work(county)
    own = licences.list_licences(county.ports, mother)
    assert {each["case"] for each in own} == {numbers[0], numbers[-1]}
    with county.ports.records.read() as uow:
        for each in own:
            assert showing_codes.find_own_licence(uow, mother.holder, each["id"])[1].id == each["id"]
            with pytest.raises(NotFound):
                showing_codes.find_own_licence(uow, on_phone(county, "chen", "father").holder, each["id"])


def test_what_is_behind_anothers_case_or_no_number_is_nothing(county: County) -> None:
    mother, stranger = on_phone(county, "chen", "mother"), on_phone(county, "stranger", "man")
    card = county.card("chen", "mother")["id_number"]
    number = [planted(county, chosen=["VACCINE"], applicant=card) for _ in range(2)][1]
    for session, after in ((stranger, number), (mother, "XX-NONE"), (mother, "\x00"), (mother, "")):
        assert following.list_cases(county.ports, session, after) == {"cases": [], "next": None}


def test_whoever_sits_there_for_some_things_only_has_full_pages_of_them(county: County) -> None:
    mother = on_phone(county, "chen", "mother")
    card = county.card("chen", "mother")["id_number"]
    things = ["P-NEWBORN", "P-RETIRE", "P-RETIRE"] * 3
    numbers = [(planted(county, thing, applicant=card), thing) for thing in things]
    helper = replace(mother, scope=("P-NEWBORN",))
    listed = pages(county, helper, 2)
    assert [len(page) for page in listed] == [2, 1]
    wanted = [number for number, thing in numbers if thing == "P-NEWBORN"]
    assert sorted(number for page in listed for number in page) == sorted(wanted)
