"""What a register is asked and what it answers: the words that every register of the sandbox shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sandbox.people import Enterprise, Person, World

Facts = dict[str, Any]


@dataclass(frozen=True)
class Record:
    """A record found: whom it is about, as of which day, its facts and whose relation it proves."""

    subject: Mapping[str, str]
    as_of: date
    facts: Facts
    proves: tuple[str, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        return {
            "subject": dict(self.subject),
            "as_of": self.as_of.isoformat(),
            "facts": self.facts,
            "proves": list(self.proves),
        }


@dataclass(frozen=True)
class Query:
    """What a call asks: the world it is asked in and the asked facts by ``slot.fact``.

    ``certified`` are the births for which a certificate was issued: mother's number and time of birth.
    """

    world: World
    asked: Mapping[str, str]
    certified: frozenset[tuple[str, datetime]] = frozenset()

    def find_self(self) -> Person | None:
        return self.world.find_person(self.asked.get("self.id_number", ""))

    def find_enterprise(self) -> Enterprise | None:
        return self.world.find_enterprise(self.asked.get("self.uscc", ""))

    def list_relatives(self) -> list[tuple[str, str]]:
        """(slot, number) of every other person whom the call names."""
        pairs = [(key.partition("."), number) for key, number in self.asked.items()]
        return [(slot, number) for (slot, _, fact), number in pairs if slot != "self" and fact == "id_number"]

    def record_about(
        self, person: Person, facts: Facts, *, proves: tuple[str, ...] = (), age_days: int = 1
    ) -> Record:
        as_of = self.world.today - timedelta(days=age_days)
        return Record({"id_number": person.id_number}, as_of, facts, proves)

    def record_of(self, enterprise: Enterprise, facts: Facts, *, proves: tuple[str, ...] = ()) -> Record:
        return Record({"uscc": enterprise.uscc}, self.world.today - timedelta(days=1), facts, proves)


Register = Callable[[Query], Record | None]
