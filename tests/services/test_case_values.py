"""What a citizen sees of the shared values of a case, and calling one wrong after submission."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from onething.domain.actors import Actor
from onething.domain.errors import NotFound
from onething.domain.people import citizen_check_character
from onething.domain.staff import RoleMissing
from onething.domain.values import Origin, Value
from onething.services import case_values, disputing
from tests.services.county import County
from tests.services.office import CLERK, citizen, office, planted

FACT = "child.birth_hospital"
# Invented: division 411599 does not exist.
_FIRST_17 = "41159919920401001"
FATHER = _FIRST_17 + citizen_check_character(_FIRST_17)


@pytest.fixture
def county(furnished: County) -> Iterator[County]:
    with office(furnished) as made:
        yield made


@pytest.fixture
def number(county: County) -> str:
    values = {
        "child": {
            "birth_hospital": Value("新县妇幼保健院", Origin.REGISTER, "birth_register", "2026-11-01"),
            "name": Value("李小安", Origin.TYPED),
        },
        "father": {"id_number": Value(FATHER, Origin.REGISTER, "marriage_register")},
    }
    return planted(county, values=values)


def test_only_what_registers_gave_is_listed_each_with_its_source(county: County, number: str) -> None:
    listed = case_values.list_shared(county.ports, citizen(county), number)["fields"]
    fields = {each["fact"]: each for each in listed}
    assert FACT in fields
    assert {each["source"]["id"] for each in listed} <= county.ports.catalogs.current()[1].sources.keys()
    assert not {"child.name", "mother.id_number"} & fields.keys()
    own = fields[FACT]
    assert (own["display_zh"], own["state"], own["editable"]) == ("新县妇幼保健院", "found", True)
    assert own["source"]["as_of"] == "2026-11-01"
    assert all(each["value"] is None for each in listed)
    assert FATHER not in str(listed)


def test_a_value_called_wrong_shows_as_being_checked(county: County, number: str) -> None:
    disputing.dispute_in_case(county.ports, citizen(county), number, fact=FACT, value="新县中医院")
    listed = case_values.list_shared(county.ports, citizen(county), number)["fields"]
    (own,) = (each for each in listed if each["fact"] == FACT)
    assert (own["display_zh"], own["state"], own["editable"]) == ("新县中医院", "disputed", False)


def test_nobody_else_s_case_is_there_and_every_look_is_audited(county: County, number: str) -> None:
    with pytest.raises(NotFound):
        case_values.list_shared(county.ports, Actor("x", "citizen", holder="b" * 32), number)
    with pytest.raises(RoleMissing):
        case_values.list_shared(county.ports, CLERK, number)
    owner = citizen(county)
    case_values.list_shared(county.ports, owner, number)
    with county.ports.records.read() as uow:
        rows = uow.audit.list_of_subject(str(owner.holder))
    assert [(row.actor, row.result) for row in rows if row.action == "case_values_read"] == [
        (owner.id, "ok"),
        ("x", "not_found"),
    ]
