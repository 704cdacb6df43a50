"""Registers about work, service in the army and retirement: what each holds about one person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.records import Facts, Query, Record, Register


def _entry_of(query: Query, name: str) -> Mapping[str, Any] | None:
    person = query.find_self()
    return person.entries.get(name) if person else None


def _record(query: Query, facts: Facts, age_days: int = 1) -> Record | None:
    person = query.find_self()
    return query.record_about(person, facts, age_days=age_days) if person else None


def ask_employment(query: Query) -> Record | None:
    """Whether somebody is registered as working or out of work, and whether as in hardship."""
    entry = _entry_of(query, "employment")
    if entry is None:
        return None
    return _record(
        query,
        {
            "self.employment_status": entry["status"],
            "self.employment_registered_on": entry["happened_on"].isoformat(),
            "self.hardship_recognised": entry["hardship"],
        },
    )


def ask_premiums(query: Query) -> Record | None:
    """The last month for which somebody who insures themselves has paid."""
    entry = _entry_of(query, "premiums")
    return None if entry is None else _record(query, {"self.premiums_paid_to": entry["paid_to"]})


def ask_personnel_file(query: Query) -> Record | None:
    """Who keeps somebody's personnel file, and since when they work by it."""
    entry = _entry_of(query, "personnel_file")
    if entry is None:
        return None
    facts = {"self.file_keeper": entry["keeper"], "self.worked_from": entry["worked_from"].isoformat()}
    return _record(query, facts, age_days=30)


def ask_veteran(query: Query) -> Record | None:
    """The file that the army handed over: discharge and how its owner is to be settled."""
    entry = _entry_of(query, "service")
    if entry is None:
        return None
    return _record(
        query,
        {
            "self.discharged_on": entry["happened_on"].isoformat(),
            "self.discharge_certificate_number": entry["certificate"],
            "self.placement": entry["placement"],
        },
    )


REGISTERS_OF_LIVES: Mapping[str, Register] = {
    "employment_register": ask_employment,
    "premium_register": ask_premiums,
    "personnel_file_register": ask_personnel_file,
    "veteran_register": ask_veteran,
}
