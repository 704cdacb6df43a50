"""What each register answers: one function for each, from what is asked to the record or nothing.

Facts are named ``slot.fact``. ``self`` is whom the call asks about; any other slot is a relative whom
that very record names. A number that the record does not name yields nothing about its owner.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from sandbox.people import Birth, Enterprise, Newborn, Person, World
from sandbox.records import Facts, Query, Record, Register
from sandbox.registers_lives import REGISTERS_OF_LIVES
from sandbox.registers_property import REGISTERS_OF_PROPERTY

__all__ = ["REGISTERS", "Query", "Record", "record_of_a_stranger"]

MARRIED, SINGLE, WIDOWED, DIVORCED = "20", "10", "30", "40"


def ask_population(query: Query) -> Record | None:
    person = query.find_self()
    if person is None:
        return None
    facts = {**_identity("self", person), "self.marital_status": _marital_status(query.world, person)}
    return query.record_about(person, facts)


def _identity(slot: str, person: Person) -> Facts:
    return {
        f"{slot}.name": person.name,
        f"{slot}.id_number": person.id_number,
        f"{slot}.sex": person.sex,
        f"{slot}.ethnicity": person.ethnicity,
        f"{slot}.birth_on": person.born_on.isoformat(),
        f"{slot}.address": person.household.address,
    }


def _marital_status(world: World, person: Person) -> str:
    if person.spouse is None:
        return DIVORCED if "divorce" in person.entries else SINGLE
    return WIDOWED if "death" in world.people[person.spouse].entries else MARRIED


def ask_household(query: Query) -> Record | None:
    """The household, and those of its members whom the call names or who have died."""
    person = query.find_self()
    if person is None:
        return None
    household = person.household
    facts: Facts = {
        "self.name": person.name,
        "self.address": household.address,
        "self.household_number": household.number,
        "self.householder_name": query.world.people[household.householder].name,
    }
    named = _named_members(query, person)
    for slot, member in named.items():
        facts |= {f"{slot}.name": member.name, f"{slot}.id_number": member.id_number}
        facts |= {f"{slot}.address": household.address, f"{slot}.household_number": household.number}
        facts |= {f"{slot}.relation": _relation(member, person)}
    near = tuple(slot for slot, member in named.items() if _relation(member, person) != "other")
    return query.record_about(person, facts, proves=near)


def _named_members(query: Query, person: Person) -> dict[str, Person]:
    others = [member for member in query.world.list_members(person.household) if member is not person]
    dead = [member for member in others if "death" in member.entries]
    asked = dict(query.list_relatives())
    named = {"deceased": dead[0]} if dead and "deceased" not in asked else {}
    numbers = {member.id_number: member for member in others}
    return named | {slot: numbers[number] for slot, number in asked.items() if number in numbers}


def _relation(member: Person, person: Person) -> str:
    """What ``member`` is to ``person``."""
    if member.key == person.spouse:
        return "spouse"
    if member.key in (person.mother, person.father):
        return "parent"
    return "child" if person.key in (member.mother, member.father) else "other"


def ask_marriage(query: Query) -> Record | None:
    person = query.find_self()
    status = {"self.marital_status": _marital_status(query.world, person)} if person else {}
    if person is None or (person.spouse is None and "divorce" not in person.entries):
        return None
    if person.spouse is None:
        return query.record_about(person, status)
    spouse = query.world.people[person.spouse]
    facts = {**_identity("spouse", spouse), **status, **_marriage_of(person, spouse)}
    del facts["spouse.address"]
    return query.record_about(person, facts, proves=("spouse",))


def _marriage_of(person: Person, spouse: Person) -> Facts:
    """The day and the certificate's number, which husband and wife share; 411599 is nobody's registry."""
    if person.married_on is None:
        return {"self.married_on": None}
    serial = zlib.crc32("".join(sorted((person.key, spouse.key))).encode()) % 10**6
    number = f"J411599-{person.married_on.year}-{serial:06d}"
    return {"self.married_on": person.married_on.isoformat(), "self.marriage_certificate_number": number}


def ask_birth(query: Query) -> Record | None:
    """The mother's latest delivery: of several children the first who has no birth certificate yet."""
    mother = query.find_self()
    birth = query.world.find_birth(mother) if mother else None
    if mother is None or birth is None:
        return None
    number = mother.id_number
    waiting = [child for child in birth.children if (number, child.birth_at) not in query.certified]
    child = waiting[0] if waiting else birth.children[-1]
    return query.record_about(mother, _facts_of_birth(birth, child), proves=("child",), age_days=2)


def _facts_of_birth(birth: Birth, child: Newborn) -> Facts:
    return {
        "child.sex": child.sex,
        "child.birth_at": child.birth_at.isoformat(),
        "child.birth_on": child.birth_at.date().isoformat(),
        "child.birth_hospital": birth.hospital,
        "child.birth_order": child.order,
        "child.born_together": len(birth.children),
    }


def ask_death(query: Query) -> Record | None:
    person = query.find_self()
    if person is None or "death" not in person.entries:
        return None
    death = person.entries["death"]
    facts = {
        "self.name": person.name,
        "self.death_on": death["happened_on"].isoformat(),
        "self.death_kind": death["kind"],
    }
    return query.record_about(person, facts, proves=_proven_relatives(query, person))


def _proven_relatives(query: Query, person: Person) -> tuple[str, ...]:
    """The named slots whose numbers are those of the person's nearest relatives, then ``self`` too."""
    near = {person.spouse, person.mother, person.father}
    people = query.world.people.values()
    near |= {other.key for other in people if person.key in (other.mother, other.father, other.guardian)}
    slots = [
        slot
        for slot, number in query.list_relatives()
        if (relative := query.world.find_person(number)) and relative.key in near
    ]
    return ("self", *slots) if slots else ()


def ask_cremation(query: Query) -> Record | None:
    person = query.find_self()
    if person is None or "cremation" not in person.entries:
        return None
    cremation = person.entries["cremation"]
    happened_on = cremation["happened_on"].isoformat()
    return query.record_about(
        person, {"self.cremation_on": happened_on, "self.cremation_place": cremation["place"]}
    )


def ask_social_insurance(query: Query) -> Record | None:
    return _insured(query, "social_insurance", "self.social_insured")


def ask_medical_insurance(query: Query) -> Record | None:
    return _insured(query, "medical_insurance", "self.medical_insured")


_OF_EMPLOYEES = {"employer": "employer_name", "months": "contribution_months", "post": "post_kind"}


def _insured(query: Query, entry: str, fact: str) -> Record | None:
    person = query.find_self()
    if person is None or entry not in person.entries:
        return None
    held = person.entries[entry]
    told = {f"self.{name}": held[key] for key, name in _OF_EMPLOYEES.items() if key in held}
    return query.record_about(person, {fact: True, f"self.{entry}_kind": held["kind"], **told})


def ask_housing_fund(query: Query) -> Record | None:
    person = query.find_self()
    if person is None or "housing_fund" not in person.entries:
        return None
    fund = person.entries["housing_fund"]
    return query.record_about(
        person,
        {
            "self.housing_fund_account": fund["account"],
            "self.housing_fund_balance_fen": fund["balance_fen"],
            "self.housing_fund_loan": fund.get("loan", False),
        },
    )


def ask_disability(query: Query) -> Record | None:
    person = query.find_self()
    if person is None or "disability" not in person.entries:
        return None
    disability = person.entries["disability"]
    facts = {
        "self.disability_kind": disability["kind"],
        "self.disability_level": disability["level"],
        # The certificate's number is the citizen number with the kind and the level behind it.
        "self.disability_certificate_number": f"{person.id_number}{disability['kind']}{disability['level']}",
        "self.disability_certificate_valid_to": disability["valid_to"].isoformat(),
    }
    return query.record_about(person, facts, proves=_proven_relatives(query, person))


def ask_low_income(query: Query) -> Record | None:
    person = query.find_self()
    if person is None or "low_income" not in person.entries:
        return None
    return query.record_about(
        person, {"self.low_income": True, "self.low_income_kind": person.entries["low_income"]["kind"]}
    )


def ask_business(query: Query) -> Record | None:
    """The enterprise that the person legally represents, or the one of the given credit code if they do."""
    person = query.find_self()
    if person is None:
        return None
    enterprise = query.world.find_enterprise_of(person, query.asked.get("enterprise.uscc"))
    if enterprise is None:
        return None
    return query.record_about(person, _facts_of_enterprise(enterprise, person), proves=("enterprise",))


def _facts_of_enterprise(enterprise: Enterprise, representative: Person) -> Facts:
    return {
        "enterprise.uscc": enterprise.uscc,
        "enterprise.name": enterprise.name,
        "enterprise.kind": enterprise.kind,
        "enterprise.address": enterprise.address,
        "enterprise.scope": enterprise.scope,
        "enterprise.legal_representative_name": representative.name,
        "enterprise.legal_representative_id_number": representative.id_number,
        "enterprise.established_on": enterprise.established_on.isoformat(),
    }


REGISTERS: Mapping[str, Register] = {
    "population_register": ask_population,
    "household_register": ask_household,
    "marriage_register": ask_marriage,
    "birth_register": ask_birth,
    "death_register": ask_death,
    "cremation_register": ask_cremation,
    "social_insurance_register": ask_social_insurance,
    "medical_insurance_register": ask_medical_insurance,
    "housing_fund_register": ask_housing_fund,
    "disability_register": ask_disability,
    "low_income_register": ask_low_income,
    "business_register": ask_business,
    **REGISTERS_OF_LIVES,
    **REGISTERS_OF_PROPERTY,
}


def record_of_a_stranger(world: World, register: str) -> Record:
    """What the register holds about the family nobody is related to: the wrong_person mood."""
    person = world.people["stranger.woman" if register == "birth_register" else "stranger.man"]
    query = Query(world, {"self.id_number": person.id_number})
    return REGISTERS[register](query) or query.record_about(person, _identity("self", person))
