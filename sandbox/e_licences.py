"""The e-licence service: which licences a holder has, each with its GB/T 36904 identifier and facts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sandbox.identifiers import make_licence_identifier, make_uscc
from sandbox.people import Enterprise, Person, World

HOLDER_CITIZEN, HOLDER_ENTERPRISE = "111", "001"

# Only these type codes are published; the sandbox's own ones can not be taken for official codes.
TYPE_CODES = {
    "id_card": "11100000000013127D001",
    "marriage_certificate": "111000000000131433001",
    "business_licence": "11100000MB0143028R001",
    "real_estate_certificate": "11100000MB03271699001",
    "real_estate_proof": "11100000MB03271699022",
}
ISSUER = make_uscc("11", 999)

Licence = tuple[date, dict[str, Any]]


def type_code_of(document: str) -> str:
    """The 21-character type code, or one that says that it is the sandbox's."""
    return TYPE_CODES.get(document) or "SANDBOX" + hashlib.sha256(document.encode()).hexdigest()[:14].upper()


def identifier_of(document: str, holder: str, version: int = 1) -> str:
    """The identifier of a holder's licence; the same holder and document give the same one."""
    serial = hashlib.sha256(f"{document}:{holder}".encode()).hexdigest()[:12].upper()
    return make_licence_identifier(type_code_of(document), ISSUER, serial, version)


def find_licence(world: World, document: str, holder_type: str, holder_code: str) -> dict[str, Any] | None:
    """The answer of the service for one holder and document, or None when none is held."""
    licence = None
    if holder_type == HOLDER_CITIZEN and (person := world.find_person(holder_code)):
        licence = _OF_PERSON.get(document, _none_of_person)(world, person)
    if holder_type == HOLDER_ENTERPRISE and (enterprise := world.find_enterprise(holder_code)):
        licence = _OF_ENTERPRISE.get(document, _none_of_enterprise)(world, enterprise)
    if licence is None:
        return None
    issued_on, facts = licence
    return {
        "identifier": identifier_of(document, holder_code),
        "holder_code": holder_code,
        "issued_on": issued_on.isoformat(),
        "facts": facts,
    }


@dataclass(frozen=True)
class HeldLicence:
    """A licence that a register's person or enterprise holds."""

    identifier: str
    document: str
    holder_code: str
    holder_name: str
    issued_on: str
    facts: Mapping[str, Any]


def list_licences(world: World) -> Iterator[HeldLicence]:
    """Every licence of everybody."""
    for person in world.people.values():
        for document, find in _OF_PERSON.items():
            if licence := find(world, person):
                yield _held(document, person.id_number, person.name, licence)
    for enterprise in world.enterprises:
        for document, find_of in _OF_ENTERPRISE.items():
            if licence := find_of(world, enterprise):
                yield _held(document, enterprise.uscc, enterprise.name, licence)


def _held(document: str, code: str, name: str, licence: Licence) -> HeldLicence:
    issued_on, facts = licence
    return HeldLicence(identifier_of(document, code), document, code, name, issued_on.isoformat(), facts)


def _id_card(_world: World, person: Person) -> Licence | None:
    if "death" in person.entries:
        return None
    facts = {"name": person.name, "id_number": person.id_number, "address": person.household.address}
    return date(max(person.born_on.year + 16, 2016), 1, 5), facts


def _hukou_book(world: World, person: Person) -> Licence | None:
    household = person.household
    householder = world.people[household.householder].name
    facts = {"name": person.name, "household_number": household.number, "householder_name": householder}
    return date(2015, 6, 1), facts


def _marriage_certificate(world: World, person: Person) -> Licence | None:
    if person.spouse is None or person.married_on is None:
        return None
    return person.married_on, {"name": person.name, "spouse_name": world.people[person.spouse].name}


def _disability_certificate(_world: World, person: Person) -> Licence | None:
    if "disability" not in person.entries:
        return None
    disability = person.entries["disability"]
    return disability["granted_on"], {"kind": disability["kind"], "level": disability["level"]}


def _death_certificate(_world: World, person: Person) -> Licence | None:
    if "death" not in person.entries:
        return None
    died_on = person.entries["death"]["happened_on"]
    return died_on, {"name": person.name, "death_on": died_on.isoformat()}


def _cremation_certificate(_world: World, person: Person) -> Licence | None:
    if "cremation" not in person.entries:
        return None
    cremation = person.entries["cremation"]
    return cremation["happened_on"], {"name": person.name, "place": cremation["place"]}


def _divorce_certificate(_world: World, person: Person) -> Licence | None:
    if "divorce" not in person.entries:
        return None
    divorced_on = person.entries["divorce"]["divorced_on"]
    return divorced_on, {"name": person.name, "divorced_on": divorced_on.isoformat()}


def _one_child_certificate(_world: World, person: Person) -> Licence | None:
    if "one_child" not in person.entries:
        return None
    honour = person.entries["one_child"]
    return honour["granted_on"], {"name": person.name, "number": honour["number"]}


def _real_estate_certificate(_world: World, person: Person) -> Licence | None:
    if "house" not in person.entries:
        return None
    house = person.entries["house"]
    facts = {"certificate_number": house["certificate_number"], "address": house["address"]}
    return date(int(house["certificate_number"][2:6]), 7, 1), {"name": person.name, **facts}


def _none_of_person(_world: World, _person: Person) -> Licence | None:
    return None


def _business_licence(world: World, enterprise: Enterprise) -> Licence | None:
    representative = world.people[enterprise.legal_representative].name
    facts = {"uscc": enterprise.uscc, "name": enterprise.name, "legal_representative_name": representative}
    return enterprise.established_on, facts


def _none_of_enterprise(_world: World, _enterprise: Enterprise) -> Licence | None:
    return None


_OF_PERSON: Mapping[str, Callable[[World, Person], Licence | None]] = {
    "id_card": _id_card,
    "hukou_book": _hukou_book,
    "marriage_certificate": _marriage_certificate,
    "disability_certificate": _disability_certificate,
    "death_certificate": _death_certificate,
    "cremation_certificate": _cremation_certificate,
    "divorce_certificate": _divorce_certificate,
    "one_child_certificate": _one_child_certificate,
    "real_estate_certificate": _real_estate_certificate,
}
_OF_ENTERPRISE: Mapping[str, Callable[[World, Enterprise], Licence | None]] = {
    "business_licence": _business_licence,
}
