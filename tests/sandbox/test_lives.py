"""What registers hold in the middle of lives, and what departments issue there."""

import pytest

from sandbox.e_licences import find_licence
from sandbox.issuing import FactsMissing
from sandbox.people import Person, World, load_world
from sandbox.records import Query
from sandbox.registers import REGISTERS
from sandbox.results import issue_result


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


def told(world: World, register: str, person: str) -> dict[str, object] | None:
    query = Query(world, {"self.id_number": world.people[person].id_number})
    record = REGISTERS[register](query)
    return dict(record.facts) if record else None


@pytest.mark.parametrize(
    ("person", "status"),
    [("song.man", "10"), ("qin.woman", "40"), ("tao.man", "20"), ("huang.widow", "30")],
)
def test_the_population_register_tells_who_is_married(world: World, person: str, status: str) -> None:
    facts = told(world, "population_register", person)
    assert facts is not None
    assert facts["self.marital_status"] == status


def test_the_marriage_register_names_no_spouse_of_the_divorced(world: World) -> None:
    assert told(world, "marriage_register", "qin.woman") == {"self.marital_status": "40"}
    assert told(world, "marriage_register", "song.man") is None


def test_husband_and_wife_have_one_certificate_number(world: World) -> None:
    his, hers = (told(world, "marriage_register", person) for person in ("tao.man", "tao.woman"))
    assert his is not None
    assert hers is not None
    number = his["self.marriage_certificate_number"]
    assert number == hers["self.marriage_certificate_number"]
    others = told(world, "marriage_register", "chen.mother")
    assert others is not None
    assert others["self.marriage_certificate_number"] != number


@pytest.mark.parametrize(
    ("register", "person", "held"),
    [
        ("employment_register", "luo.stall", {"self.hardship_recognised": True}),
        ("personnel_file_register", "fang.worker", {"self.worked_from": "1986-09-01"}),
        ("veteran_register", "jiang.veteran", {"self.placement": "self_employed"}),
        ("social_insurance_register", "yan.operator", {"self.post_kind": "production"}),
        ("housing_fund_register", "yan.operator", {"self.housing_fund_loan": True}),
        ("housing_fund_register", "chen.father", {"self.housing_fund_loan": False}),
    ],
)
def test_a_register_tells_what_it_holds(
    world: World, register: str, person: str, held: dict[str, object]
) -> None:
    facts = told(world, register, person)
    assert facts is not None
    assert held.items() <= facts.items()


@pytest.mark.parametrize(
    "register", ["employment_register", "premium_register", "personnel_file_register", "veteran_register"]
)
def test_a_register_holds_nothing_about_a_child(world: World, register: str) -> None:
    assert told(world, register, "spare.five") is None


@pytest.mark.parametrize(
    ("document", "person"), [("divorce_certificate", "qin.woman"), ("one_child_certificate", "fang.worker")]
)
def test_only_its_holder_has_a_licence(world: World, document: str, person: str) -> None:
    def find(of: Person) -> object:
        return find_licence(world, document, "111", of.id_number)

    holders = [key for key, each in world.people.items() if find(each) is not None]
    assert holders == [person]


def test_the_register_of_households_writes_where_the_veteran_settles() -> None:
    own = {"resettlement.settle_with": "own", "resettlement.home_address": "新县京九大道200号"}
    joined = {"host.address": "新县莲花村11号", "host.household_number": "411599000207"}
    first, second = (issue_result("P-VETERAN", "HUKOU", "p", facts)["facts"] for facts in (own, joined))
    assert first["veteran.settled_address"] == "新县京九大道200号"
    assert second["veteran.household_number"] == "411599000207"
    with pytest.raises(FactsMissing):
        issue_result("P-VETERAN", "HUKOU", "p", {"resettlement.settle_with": "family"})


def test_a_marriage_is_registered_on_the_day_of_the_booking() -> None:
    facts = {"man.id_number": "1", "woman.id_number": "2", "marriage.wished_on": "2026-12-12"}
    result = issue_result("P-MARRIAGE", "MARRY", "p", facts)
    assert result["facts"]["man.married_on"] == "2026-12-12"
    assert {each["of"] for each in result["documents"]} == {"man", "woman"}
    assert len({each["identifier"] for each in result["documents"]}) == 2
    assert issue_result("P-MARRIAGE", "MARRY", "p", facts) == result
