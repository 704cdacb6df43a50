"""The dictionary of the catalog: facts, documents, sources, departments and windows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Label:
    """A text in Chinese and English."""

    zh: str
    en: str


class FactType(StrEnum):
    """What a fact's value looks like; ``domain.values`` reads and checks each."""

    TEXT = "text"
    NAME = "name"
    CITIZEN_ID = "citizen_id"
    USCC = "uscc"
    MOBILE = "mobile"
    DATE = "date"
    DATETIME = "datetime"
    MONTH = "month"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    CODE = "code"
    ADDRESS = "address"
    DIVISION = "division"
    BANK_CARD = "bank_card"


class Sensitivity(StrEnum):
    """How a fact must be kept (PIPL article 28); it drives masking and retention."""

    NORMAL = "normal"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


@dataclass(frozen=True)
class Fact:
    """One entry of the facts dictionary, e.g. ``person.name``."""

    id: str
    label: Label
    type: FactType
    code_set: str | None = None
    sensitivity: Sensitivity = Sensitivity.PERSONAL
    hint: Label | None = None
    max_length: int | None = None

    @property
    def kind(self) -> str:
        return self.id.partition(".")[0]

    @property
    def name(self) -> str:
        return self.id.partition(".")[2]


@dataclass(frozen=True)
class Department:
    """Who handles a matter or keeps a register; ``national_code`` is two digits or None."""

    code: str
    label: Label
    national_code: str | None = None


@dataclass(frozen=True)
class Document:
    """A paper or e-licence; ``channel`` is the national source channel 10, 20 or 99."""

    id: str
    label: Label
    channel: str
    issuer: str | None = None
    e_licence: bool = False
    e_licence_code: str | None = None

    @property
    def issued_by_government(self) -> bool:
        return self.channel == "20"


@dataclass(frozen=True)
class Source:
    """A register or the card reader: what it asks for, what it yields, whose relation it proves.

    ``slots`` maps a slot (``self``, ``spouse``) to a kind; ``asks`` and ``yields`` are
    ``slot.fact``; ``proves`` are the slots whose right to act a found record shows.
    """

    id: str
    label: Label
    department: str
    slots: Mapping[str, str]
    asks: tuple[str, ...]
    yields: tuple[str, ...]
    proves: tuple[str, ...] = ()
    deadline_ms: int = 1500


@dataclass(frozen=True)
class Window:
    """A place where people are served in person."""

    label: Label
    address: str
    hours: str
    phone: str | None
