"""What lists of supervision have in common: their filters, the names of codes, and days in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from onething.domain.catalog import Catalog, Department, Source, Thing
from onething.domain.clocks import Colour, day_of
from onething.domain.dictionary import Label
from onething.domain.listing import Filters
from onething.ports import Ports
from onething.services.state_words import CASE_STATE
from onething.services.supervision_sheets import COLOURS
from staff_console.lists import Filter

_TODAY = Label("今日到期", "due today")


@dataclass(frozen=True)
class Named:
    """Names of codes in the catalog that is in force; a code that left it stands for itself."""

    ports: Ports

    @cached_property
    def catalog(self) -> Catalog:
        return self.ports.catalogs.current()[1]

    def thing(self, code: str) -> Label:
        return _label(self.catalog.things, code)

    def department(self, code: str) -> Label:
        return _label(self.catalog.departments, code)

    def source(self, code: str) -> Label:
        return _label(self.catalog.sources, code)

    def matter(self, thing: str, code: str) -> Label:
        """A matter's name within its one-thing."""
        found = self.catalog.things.get(thing)
        matter = found.matters.get(code) if found else None
        return matter.label if matter else Label(code, code)

    def days_left(self, due_on: date) -> Label:
        """How far off a day is, in working days."""
        today = day_of(self.ports.clock.now())
        if today == due_on:
            return _TODAY
        if today > due_on:
            days = self.ports.working_days.between(due_on, today)
            return Label(f"超{days}个工作日", f"{days} working {_day(days)} over")
        days = self.ports.working_days.between(today, due_on)
        return Label(f"剩{days}个工作日", f"{days} working {_day(days)} left")

    def thing_filter(self) -> Filter:
        choices = [(code, thing.label) for code, thing in self.catalog.things.items()]
        return Filter("thing", Label("一件事", "One-thing"), choices)

    def department_filter(self, label: Label = Label("部门", "Department")) -> Filter:
        choices = [(code, each.label) for code, each in sorted(self.catalog.departments.items())]
        return Filter("department", label, choices)


def state_filter(choices: Mapping[str, Label]) -> Filter:
    """The states a list knows."""
    return Filter("state", Label("状态", "State"), list(choices.items()))


CASE_STATE_FILTER = state_filter(CASE_STATE)
COLOUR_FILTER = Filter(
    "colour", Label("时限", "Clock"), [(colour.value, text) for colour, text in COLOURS.items()]
)


def asked(filters: list[Filter]) -> Filters:
    """What the address asks for, as the services take it."""
    given = {each.name: each.value for each in filters if each.value}
    colour = Colour(given["colour"]) if "colour" in given else None
    return Filters(
        thing=given.get("thing"),
        department=given.get("department"),
        state=given.get("state"),
        colour=colour,
    )


def _label(named: Mapping[str, Thing] | Mapping[str, Department] | Mapping[str, Source], code: str) -> Label:
    found = named.get(code)
    return found.label if found else Label(code, code)


def _day(days: int) -> str:
    return "day" if days == 1 else "days"
