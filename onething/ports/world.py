"""The world as the rules need it: time, chance, sources, departments, paper, forms, calendars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from onething.domain.catalog import Catalog
from onething.domain.form_content import FormContent
from onething.domain.imprint import Imprint
from onething.domain.notice_content import NoticeContent
from onething.domain.working_days import Year


class Clock(Protocol):
    """The time, aware UTC."""

    def now(self) -> datetime: ...


class Chance(Protocol):
    """Randomness: ids nobody can guess and numbers people can read aloud."""

    def id(self) -> str: ...

    def token(self) -> str: ...

    def case_number(self, day: date) -> str: ...

    def enrolment_code(self) -> str:
        """Sixteen characters, see ``domain.enrolment_codes``."""
        ...


class BlindIndex(Protocol):
    """Exact look-up without the value: a keyed digest of it in its normal form, 32 hex digits."""

    def of_number(self, number: str) -> str: ...

    def of_name(self, name: str) -> str:
        """The same for every way of writing one name; exact otherwise."""
        ...

    def of_paper(self, number: str) -> str:
        """The code that proves a paper of this case is ours: 20 hex digits of a keyed digest."""
        ...


@dataclass(frozen=True)
class Purpose:
    """Why data is asked: sent with every call and written to the audit."""

    case: str
    thing: str
    matters: tuple[str, ...]
    actor: str
    reason: str


@dataclass(frozen=True)
class SourceCall:
    """One question: ``asked`` maps the source's own words to values; ``document`` for e-licences."""

    id: str
    source: str
    asked: Mapping[str, str]
    purpose: Purpose
    deadline_s: float
    document: str | None = None
    holder_type: str | None = None


@dataclass(frozen=True)
class Found:
    """The source holds a record of the person asked about; ``facts`` in the source's own words."""

    facts: Mapping[str, Any]
    as_of: str | None
    proves: tuple[str, ...] = ()
    identifier: str | None = None


@dataclass(frozen=True)
class NotHeld:
    """The source answered that it holds nothing."""


@dataclass(frozen=True)
class Unavailable:
    """The source gave no usable answer; ``reason`` is a stable word (slow, down, wrong_record ...)."""

    reason: str


SourceAnswer = Found | NotHeld | Unavailable


class Sources(Protocol):
    """Registers and the e-licence service, asked side by side, each under its own deadline."""

    def ask_all(self, calls: Sequence[SourceCall]) -> Sequence[SourceAnswer]:
        """One answer for each call, in the calls' order; never raises for a source's trouble."""
        ...


@dataclass(frozen=True)
class PartDelivery:
    """What one department receives: only the facts and materials its matter needs.

    ``disputed`` names the facts that the person says otherwise than the register.
    """

    part: str
    case_number: str
    thing: str
    matter: str
    department: str
    facts: Mapping[str, Any]
    materials: Sequence[Mapping[str, Any]]
    due_on: date | None
    callback: str
    disputed: Sequence[str] = ()


class DeliveryFailed(Exception):
    """A department did not take a part; ``retryable`` says whether it may be tried again."""

    def __init__(self, reason: str, *, retryable: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retryable = retryable


class Departments(Protocol):
    """The departments' own systems."""

    def deliver(self, delivery: PartDelivery) -> str:
        """Hand a part over once (its id is the idempotency key) and return the department's reference."""
        ...

    def supplement(
        self,
        department: str,
        part: str,
        key: str,
        materials: Sequence[Mapping[str, Any]],
        facts: Mapping[str, Any],
    ) -> None:
        """Hand over what the citizen brought later."""
        ...

    def withdraw(self, department: str, part: str) -> None:
        """Say that the citizen took a part back."""
        ...

    def pull(self, department: str, after: str) -> tuple[Sequence[Mapping[str, Any]], str]:
        """Events since a cursor, of a department that cannot call back, and the next cursor."""
        ...


@dataclass(frozen=True)
class CleanPage:
    """One page made safe: re-encoded bytes, pixels, SHA-256 in hex."""

    data: bytes
    media_type: str
    width: int
    height: int
    sha256: str


class Paper(Protocol):
    """Takes an upload or scan apart where it can do no harm and gives clean pages."""

    def take(self, data: bytes) -> Sequence[CleanPage]:
        """Clean pages of a JPEG, PNG or PDF; raises ``PaperRefused``."""
        ...

    def take_photograph(self, data: bytes) -> Sequence[CleanPage]:
        """The same of what a camera took: raises ``PaperRefused`` also where no page can be read."""
        ...

    def take_signature(self, data: bytes) -> CleanPage:
        """A handwritten signature as a clean PNG; raises ``PaperRefused``, also when it is empty."""
        ...


class PaperRefused(Exception):
    """A file that cannot be taken, with a plain sentence."""

    def __init__(self, reason: str, zh: str, en: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.zh = zh
        self.en = en


class FormPrinter(Protocol):
    """The filled form as PDF/A; ``services.form_document`` makes its content."""

    def render(self, content: FormContent) -> bytes: ...


class NoticePrinter(Protocol):
    """A notice as PDF/A."""

    def render(self, content: NoticeContent) -> bytes: ...


class FlowCharts(Protocol):
    """Flow charts as SVG text."""

    def draw(self, catalog: Catalog, thing: str, lang: str = "zh") -> str:
        """The chart in Chinese (``zh``) or English (``en``)."""
        ...


class WorkingDays(Protocol):
    """The working-day calendar; dates are Asia/Shanghai days."""

    def after(self, day: date, days: int) -> tuple[date, bool]:
        """The day that many working days after ``day``, and whether a calendar year was missing."""
        ...

    def between(self, after: date, until: date) -> int:
        """How many working days lie after one day, up to and with another."""
        ...

    def published_years(self) -> Mapping[int, Year]:
        """The years of the current revision, without what was uploaded beside it."""
        ...


class Catalogs(Protocol):
    """The catalog of a revision, read once and kept in memory."""

    def current(self) -> tuple[int, Catalog]: ...

    def get(self, revision: int) -> Catalog: ...

    def imprint(self, revision: int) -> Imprint:
        """When a revision was published, and the digest of its data."""
        ...
