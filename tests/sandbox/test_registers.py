"""What each register says about the invented families, asked directly."""

from datetime import date

import pytest

from sandbox.people import World, load_world
from sandbox.registers import REGISTERS, Query, Record, record_of_a_stranger


@pytest.fixture(scope="module")
def world() -> World:
    return load_world(date(2026, 11, 23))


def ask(world: World, register: str, about: str, **others: str) -> Record | None:
    asked = {"self.id_number": world.people[about].id_number}
    asked |= {f"{slot}.id_number": world.people[key].id_number for slot, key in others.items()}
    return REGISTERS[register](Query(world, asked))


def test_the_marriage_register_names_the_husband(world: World) -> None:
    record = ask(world, "marriage_register", "chen.mother")
    assert record is not None
    assert record.facts["spouse.name"] == "李建国"
    assert record.facts["spouse.id_number"] == world.people["chen.father"].id_number
    assert record.proves == ("spouse",)
    assert "spouse.address" not in record.facts


def test_an_unmarried_mother_is_not_held(world: World) -> None:
    assert ask(world, "marriage_register", "liu.mother") is None
    birth = ask(world, "birth_register", "liu.mother")
    assert birth is not None
    assert birth.facts["child.sex"] == "1"


def test_the_birth_register_knows_the_newborn_but_no_name(world: World) -> None:
    record = ask(world, "birth_register", "chen.mother")
    assert record is not None
    assert record.facts["child.birth_at"] == "2026-11-11T08:26:00+08:00"
    assert record.facts["child.birth_on"] == "2026-11-11"
    assert "child.name" not in record.facts


def test_twins_come_one_after_the_other_as_their_certificates_are_issued(world: World) -> None:
    mother = world.people["sun.mother"]
    birth = world.find_birth(mother)
    assert birth is not None
    boy, girl = ((mother.id_number, child.birth_at) for child in birth.children)
    orders = []
    for certified in ([], [boy], [girl], [boy, girl]):
        query = Query(world, {"self.id_number": mother.id_number}, frozenset(certified))
        record = REGISTERS["birth_register"](query)
        assert record is not None
        orders.append((record.facts["child.birth_order"], record.facts["child.sex"]))
    assert orders == [(1, "1"), (2, "2"), (1, "1"), (2, "2")]


def test_the_household_register_proves_a_relative_only_inside_the_household(world: World) -> None:
    record = ask(world, "household_register", "huang.son", deceased="huang.deceased")
    assert record is not None
    assert record.proves == ("deceased",)
    assert record.facts["deceased.relation"] == "parent"
    stranger = ask(world, "household_register", "huang.son", deceased="stranger.man")
    assert stranger is not None
    assert stranger.proves == ()
    assert not [fact for fact in stranger.facts if not fact.startswith("self.")]


def test_living_in_one_household_is_not_being_related(world: World) -> None:
    record = ask(world, "household_register", "spare.one", ward="spare.two")
    assert record is not None
    assert record.proves == ()


def test_a_guardian_is_proven_by_the_household_and_by_the_certificate(world: World) -> None:
    household = ask(world, "household_register", "deng.guardian", ward="deng.ward")
    certificate = ask(world, "disability_register", "deng.ward", guardian="deng.guardian")
    assert household is not None
    assert certificate is not None
    assert household.proves == ("ward",)
    assert certificate.proves == ("self", "guardian")
    alien = ask(world, "disability_register", "deng.ward", guardian="stranger.man")
    assert alien is not None
    assert alien.proves == ()


def test_the_dead_are_in_the_death_and_cremation_registers_only(world: World) -> None:
    assert ask(world, "death_register", "huang.widow") is None
    death, cremation = (
        ask(world, name, "huang.deceased") for name in ("death_register", "cremation_register")
    )
    assert death is not None
    assert cremation is not None
    assert death.facts["self.death_on"] < cremation.facts["self.cremation_on"]


def test_a_restaurant_is_proven_by_its_owner_and_by_nobody_else(world: World) -> None:
    business, (restaurant, teahouse) = REGISTERS["business_register"], world.enterprises[:2]
    record = ask(world, "business_register", "owner.owner")
    assert record is not None
    assert record.facts["enterprise.uscc"] == restaurant.uscc
    assert record.proves == ("enterprise",)
    assert ask(world, "business_register", "chen.mother") is None
    owner = {"self.id_number": world.people["owner.owner"].id_number}
    assert business(Query(world, owner | {"enterprise.uscc": restaurant.uscc})) == record
    assert business(Query(world, owner | {"enterprise.uscc": teahouse.uscc})) is None


@pytest.mark.parametrize("register", REGISTERS)
def test_the_wrong_person_is_always_somebody_else(world: World, register: str) -> None:
    record = record_of_a_stranger(world, register)
    family = {person.id_number for person in world.people.values() if person.family == "stranger"}
    assert record.subject["id_number"] in family


def test_rare_characters_come_through_intact(world: World) -> None:
    record = ask(world, "population_register", "rare.mother")
    assert record is not None
    assert record.facts["self.name"] == "张𠮷䶮"
    assert len(record.facts["self.name"]) == 3
