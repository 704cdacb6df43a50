"""What joint handling keeps beside a case: notices, originals, warnings, orders, people, pulled events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class Notice:
    """A numbered notice to the citizen; ``data`` holds codes, days and the office's own sentences."""

    id: str
    number: str
    case: str
    kind: str
    part: str | None
    data: Mapping[str, Any]
    issued_by: str
    issued_at: datetime
    division: str


class Notices(Protocol):
    """Notices, numbered from 1 for each kind and year without a gap."""

    def next_number(self, kind: str, year: int) -> int: ...

    def add(self, notice: Notice) -> None: ...

    def find(self, number: str) -> Notice | None: ...

    def list_of(self, case_id: str) -> Sequence[Notice]: ...


@dataclass(frozen=True)
class Original:
    """Paper handed over at a window, and given back."""

    id: str
    case: str
    material: str
    copies: int
    received_by: str
    received_at: datetime
    returned_by: str | None = None
    returned_at: datetime | None = None


class Originals(Protocol):
    """Paper originals at the windows."""

    def add(self, original: Original) -> None: ...

    def give_back(self, original_id: str, by: str, at: datetime) -> bool:
        """Whether it was still here."""
        ...

    def list_of(self, case_id: str) -> Sequence[Original]: ...


@dataclass(frozen=True)
class Warned:
    """One clock that is to be warned of: ``clock`` is a part's id, ``case`` or ``answer``."""

    case: str
    clock: str
    level: str
    due_on: date


class Warnings(Protocol):
    """Which clocks are near or past their limit, and which were warned of."""

    def list_due(self, today: date, limit: int) -> Sequence[Warned]:
        """Clocks that run, are near or past their limit, and were not warned of at that level and day."""
        ...

    def give(self, warned: Warned, at: datetime) -> bool:
        """Whether it was not given before; it is now."""
        ...


@dataclass(frozen=True)
class SupervisionOrder:
    """A supervision order (督办) to a department, and its answer."""

    id: str
    number: str
    case: str
    part: str | None
    department: str
    reason: str
    issued_by: str
    issued_at: datetime
    due_on: date
    division: str
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None


class Orders(Protocol):
    """Supervision orders."""

    def add(self, order: SupervisionOrder) -> None: ...

    def find(self, order_id: str) -> SupervisionOrder | None: ...

    def answer(self, order_id: str, answer: str, by: str, at: datetime) -> bool:
        """Whether it was open."""
        ...

    def list_of_case(self, case_id: str) -> Sequence[SupervisionOrder]: ...


class CasePeople(Protocol):
    """Whom a case can be found by: blind indexes, exact only."""

    def add(self, case_id: str, people: Sequence[tuple[str, str]]) -> None:
        """``people`` are pairs of kind (id_number, phone, name, uscc) and digest."""
        ...

    def list_cases(self, kind: str, digest: str, limit: int = 20) -> Sequence[str]:
        """Ids of cases, newest first."""
        ...


class PullCursors(Protocol):
    """How far the events of departments that cannot call back were read."""

    def get(self, department: str) -> str: ...

    def put(self, department: str, cursor: str, at: datetime) -> None: ...
