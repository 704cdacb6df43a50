"""The invented families, enterprises and births that every register of the sandbox draws from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from importlib import resources
from typing import Any

from sandbox.identifiers import make_citizen_number, make_uscc

CHINA_TIME = timezone(timedelta(hours=8))
PEOPLE_FILES = ("people.toml", "people_lives.toml", "people_property.toml")


@dataclass(frozen=True)
class Household:
    """A household as the household register keeps it; ``householder`` is a person's key."""

    key: str
    number: str
    address: str
    householder: str


@dataclass(frozen=True)
class Person:
    """One invented person; ``key`` is ``family.role``, relatives are named by their keys."""

    key: str
    id_number: str
    name: str
    sex: str
    ethnicity: str
    born_on: date
    household: Household
    mobile: str | None = None
    spouse: str | None = None
    married_on: date | None = None
    mother: str | None = None
    father: str | None = None
    guardian: str | None = None
    entries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def family(self) -> str:
        return self.key.partition(".")[0]

    @property
    def role(self) -> str:
        return self.key.partition(".")[2]


@dataclass(frozen=True)
class Newborn:
    """A child in the birth register that has no name yet."""

    sex: str
    birth_at: datetime
    order: int


@dataclass(frozen=True)
class Birth:
    """One delivery; twins are two children of one birth."""

    mother: str
    father: str | None
    hospital: str
    children: tuple[Newborn, ...]


@dataclass(frozen=True)
class Enterprise:
    """A business in the business register; ``legal_representative`` is a person's key."""

    key: str
    uscc: str
    name: str
    kind: str
    address: str
    scope: str
    legal_representative: str
    established_on: date
    entries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class World:
    """Everybody and everything that exists in the sandbox on the day it starts."""

    def __init__(
        self,
        today: date,
        people: Mapping[str, Person],
        births: tuple[Birth, ...],
        enterprises: tuple[Enterprise, ...],
    ) -> None:
        self.today = today
        self.people = people
        self.births = births
        self.enterprises = enterprises
        self._by_number = {person.id_number: person for person in people.values()}
        if len(self._by_number) != len(people):
            raise ValueError("two people of the sandbox have the same number")

    def find_person(self, id_number: str) -> Person | None:
        return self._by_number.get(id_number)

    def find_birth(self, mother: Person) -> Birth | None:
        return next((birth for birth in self.births if birth.mother == mother.key), None)

    def find_enterprise(self, uscc: str) -> Enterprise | None:
        return next((item for item in self.enterprises if item.uscc == uscc), None)

    def find_enterprise_of(self, person: Person, uscc: str | None) -> Enterprise | None:
        """The first enterprise this person represents, or the one with this code if it is theirs."""
        own = (item for item in self.enterprises if item.legal_representative == person.key)
        return next((item for item in own if uscc in (None, item.uscc)), None)

    def list_members(self, household: Household) -> list[Person]:
        return [person for person in self.people.values() if person.household.key == household.key]


def load_world(today: date | None = None) -> World:
    """The world of the package's TOML files as it stands on ``today`` (Asia/Shanghai)."""
    today = today or datetime.now(CHINA_TIME).date()
    data = _read_files()
    households = {key: Household(key=key, **entry) for key, entry in data["households"].items()}
    people = {key: _person(key, entry, households, today) for key, entry in data["people"].items()}
    births = tuple(_birth(entry, today) for entry in data["births"])
    enterprises = tuple(_enterprise(key, entry, today) for key, entry in data["enterprises"].items())
    return World(today, people, births, enterprises)


def _read_files() -> dict[str, Any]:
    """Every file of people as one; a family, person or enterprise stands in one file only."""
    data: dict[str, Any] = {"households": {}, "people": {}, "births": [], "enterprises": {}}
    for file in PEOPLE_FILES:
        entries = tomllib.loads(resources.files("sandbox").joinpath(file).read_text("utf-8"))
        data["births"] += entries.pop("births", [])
        for kind, of_kind in entries.items():
            if twice := data[kind].keys() & of_kind.keys():
                raise ValueError(f"{file} tells again of {sorted(twice)}")
            data[kind] |= of_kind
    return data


def _person(key: str, entry: dict[str, Any], households: Mapping[str, Household], today: date) -> Person:
    """A person; whatever a register keeps about one stands in a table named after it."""
    entries = _take_entries(entry, today)
    number = make_citizen_number(entry["born_on"], entry.pop("sequence"))
    return Person(
        key=key,
        id_number=number,
        ethnicity=entry.pop("ethnicity", "01"),
        household=households[entry.pop("household")],
        entries=entries,
        **entry,
    )


def _take_entries(entry: dict[str, Any], today: date) -> dict[str, dict[str, Any]]:
    tables = [name for name, value in entry.items() if isinstance(value, dict)]
    return {name: _dated(entry.pop(name), today) for name in tables}


def _dated(entry: dict[str, Any], today: date) -> dict[str, Any]:
    """The entry with ``days_ago`` turned into the date ``happened_on``."""
    if "days_ago" not in entry:
        return entry
    rest = {name: value for name, value in entry.items() if name != "days_ago"}
    return {**rest, "happened_on": today - timedelta(days=entry["days_ago"])}


def _birth(entry: dict[str, Any], today: date) -> Birth:
    children = tuple(_newborn(child, order, today) for order, child in enumerate(entry["children"], start=1))
    return Birth(entry["mother"], entry.get("father"), entry["hospital"], children)


def _newborn(child: dict[str, Any], order: int, today: date) -> Newborn:
    born_on = today - timedelta(days=child["days_ago"])
    at = datetime.fromisoformat(f"{born_on.isoformat()}T{child['time']}:00").replace(tzinfo=CHINA_TIME)
    return Newborn(child["sex"], at, order)


def _enterprise(key: str, entry: dict[str, Any], today: date) -> Enterprise:
    entries = _take_entries(entry, today)
    uscc = make_uscc(entry.pop("prefix"), entry.pop("sequence"))
    return Enterprise(key=key, uscc=uscc, entries=entries, **entry)


def card_of(person: Person) -> dict[str, Any]:
    """The person's resident ID card as a card reader gives it, without the photo; dates are ISO 8601."""
    issued_on = person.born_on.replace(year=max(person.born_on.year + 16, 2016), day=1)
    for_life = issued_on.year - person.born_on.year >= 46
    return {
        "kind": "resident",
        "name": person.name,
        "sex": person.sex,
        "ethnicity": person.ethnicity,
        "birth_on": person.born_on.isoformat(),
        "address": person.household.address,
        "id_number": person.id_number,
        "authority": "新县公安局",
        "valid_from": issued_on.isoformat(),
        "valid_to": None if for_life else issued_on.replace(year=issued_on.year + 20).isoformat(),
    }
