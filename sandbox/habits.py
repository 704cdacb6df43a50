"""How a department works today, and what it therefore does next with a part."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from importlib import resources
from typing import Any

from sandbox.pace import Pace, read_pace

ENDS = frozenset({"completed", "denied"})
EVERY_DEPARTMENT = "*"


class Decision(StrEnum):
    """What a department does with the parts that reach it."""

    COMPLETE = "complete"
    DENY = "deny"
    HOLD = "hold"


class Trick(StrEnum):
    """What can go wrong with a department's own sending."""

    DUPLICATE = "duplicate"
    REORDER = "reorder"
    FORGE = "forge"


class AskWhen(StrEnum):
    """Where in a part's life a department finds that something is missing."""

    BEFORE_ACCEPTANCE = "before_acceptance"
    IN_HANDLING = "in_handling"


class Cause(StrEnum):
    """The special procedures for which the law lets the clock stand."""

    HEARING = "hearing"
    INSPECTION = "inspection"
    TESTING = "testing"
    EXPERT_REVIEW = "expert_review"


@dataclass(frozen=True)
class Ask:
    """What a department asks for, once; without wants it asks for the part's first paper."""

    when: AskWhen = AskWhen.IN_HANDLING
    wants: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class Suspension:
    """A special procedure and how long it lasts."""

    cause: Cause
    lasting: Pace


@dataclass(frozen=True)
class Extension:
    """How many working days a department adds, and why."""

    days: int
    reason: Mapping[str, str]


@dataclass(frozen=True)
class Habit:
    """How a department works: its decision, its paces, what it asks, and how it tells.

    ``after_seconds`` is the pace of acceptance and of decision where no other is given.
    """

    decide: Decision = Decision.COMPLETE
    after_seconds: float = 0.5
    reason: Mapping[str, str] | None = None
    tricks: tuple[Trick, ...] = ()
    accept_after: Pace | None = None
    decide_after: Pace | None = None
    tell_after: Pace | None = None
    supplement: Ask | None = None
    suspend: Suspension | None = None
    extend: Extension | None = None
    calls_back: bool = True

    @property
    def _quick(self) -> Pace:
        return Pace("seconds", self.after_seconds, self.after_seconds)

    @property
    def accepting(self) -> Pace:
        return self.accept_after or self._quick

    @property
    def deciding(self) -> Pace:
        return self.decide_after or self._quick

    def to_json(self) -> dict[str, Any]:
        return {each.name: _plain(getattr(self, each.name)) for each in fields(self)}


def _plain(value: Any) -> Any:
    if isinstance(value, Pace):
        return value.to_json()
    if isinstance(value, Suspension):
        return {"cause": value.cause, "lasting": value.lasting.to_json()}
    return asdict(value) if isinstance(value, Ask | Extension) else value


@dataclass(frozen=True)
class Step:
    """The next event of a part, and the pace at which it follows the last one."""

    kind: str
    pace: Pace


def next_step(habit: Habit, told: Sequence[str], *, is_supplemented: bool) -> Step | None:
    """What follows the events ``told`` so far; None when it ended, is held back or waits for papers."""
    if ENDS & set(told):
        return None
    ask = habit.supplement
    is_waiting = ask is not None and "supplement" in told and not is_supplemented
    asks = ask is not None and "supplement" not in told
    if "accepted" not in told:
        if ask and ask.when is AskWhen.BEFORE_ACCEPTANCE and (asks or is_waiting):
            return Step("supplement", habit.accepting) if asks else None
        return Step("accepted", habit.accepting)
    if asks or is_waiting:
        return Step("supplement", habit.deciding) if asks else None
    return _step_in_handling(habit, told)


def _step_in_handling(habit: Habit, told: Sequence[str]) -> Step | None:
    if told.count("suspended") > told.count("resumed"):
        return Step("resumed", habit.suspend.lasting if habit.suspend else Pace())
    if habit.suspend and "suspended" not in told:
        return Step("suspended", habit.deciding)
    if habit.extend and "extended" not in told:
        return Step("extended", habit.deciding)
    if habit.decide is Decision.HOLD:
        return None
    return Step("denied" if habit.decide is Decision.DENY else "completed", habit.deciding)


def read_habit(current: Habit, data: Mapping[str, Any]) -> Habit:
    """The habit changed by the given keys; null takes one away. Raises ValueError for what makes no sense."""
    unknown = set(data) - set(_READERS)
    if unknown:
        raise ValueError(f"no habit is called {', '.join(sorted(unknown))}")
    standard = Habit()
    changes: dict[str, Any] = {}
    for name, value in data.items():
        changes[name] = getattr(standard, name) if value is None else _READERS[name](value)
    return replace(current, **changes)


def read_usual_habits() -> Mapping[tuple[str, str | None], Habit]:
    """The habits of ``usual_habits.toml`` by department and matter, each a change of that of ``*``."""
    text = resources.files("sandbox").joinpath("usual_habits.toml").read_text("utf-8")
    habits: dict[tuple[str, str | None], Habit] = {}
    for entry in tomllib.loads(text)["habits"]:
        department, matter = entry.pop("department"), entry.pop("matter", None)
        general = habits.get((EVERY_DEPARTMENT, None), Habit())
        habits[department, matter] = read_habit(general, entry)
    return habits


def _read_seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ValueError(f"seconds are a number from 0 up: {value!r}")
    return float(value)


def _read_flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"this is true or false: {value!r}")
    return value


def read_sentence(value: Any) -> Mapping[str, str]:
    """A reason as a department gives one: ``{"code", "zh", "en"}``, the English one optional."""
    if not isinstance(value, dict) or not all(isinstance(text, str) and text for text in value.values()):
        raise ValueError(f"a reason has a code, zh and en: {value!r}")
    if not {"code", "zh"} <= set(value) <= {"code", "zh", "en"}:
        raise ValueError(f"a reason has a code, zh and en: {value!r}")
    return value


def _read_object(value: Any, *names: str) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) - set(names):
        raise ValueError(f"this has {', '.join(names)} and nothing else: {value!r}")
    return value


def _read_ask(value: Any) -> Ask:
    data = _read_object(value, "when", "wants")
    wants = tuple(_read_want(want) for want in data.get("wants", ()))
    return Ask(AskWhen(data.get("when", AskWhen.IN_HANDLING)), wants)


def _read_want(value: Any) -> Mapping[str, str]:
    want = _read_object(value, "material", "fact", "zh", "en")
    if {"material", "fact"} <= set(want) or not want.get("zh"):
        raise ValueError(f"a want names a material, a fact or neither, and says zh and en: {value!r}")
    return want


def _read_suspension(value: Any) -> Suspension:
    data = _read_object(value, "cause", "lasting")
    return Suspension(Cause(str(data.get("cause"))), read_pace(data.get("lasting")))


def _read_extension(value: Any) -> Extension:
    data = _read_object(value, "days", "reason")
    days = data.get("days")
    if not isinstance(days, int) or isinstance(days, bool) or days < 1:
        raise ValueError(f"an extension has at least one working day: {value!r}")
    return Extension(days, read_sentence(data.get("reason")))


_READERS: Mapping[str, Any] = {
    "decide": Decision,
    "after_seconds": _read_seconds,
    "reason": read_sentence,
    "tricks": lambda names: tuple(Trick(name) for name in names),
    "accept_after": read_pace,
    "decide_after": read_pace,
    "tell_after": read_pace,
    "supplement": _read_ask,
    "suspend": _read_suspension,
    "extend": _read_extension,
    "calls_back": _read_flag,
}
