"""The catalog as the rules see it: facts and documents are nodes, matters and sources join them.

A fact is named ``kind.fact`` in the dictionary (``person.name``) and ``role.fact`` on a form
(``mother.name``); a role that repeats is numbered (``employees[0].name``). Every one-thing has the
implicit role ``application`` for facts of the case itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from onething.domain.catalog_parts import (
    InvitationTerms,
    JointVisit,
    Listing,
    ListLevel,
    ListStatus,
    StepUp,
    VisitKind,
)
from onething.domain.dictionary import (
    Department,
    Document,
    Fact,
    FactType,
    Label,
    Sensitivity,
    Source,
    Window,
)

__all__ = [
    "APPLICATION",
    "After",
    "Applicant",
    "BeforeAfter",
    "Catalog",
    "CatalogError",
    "CounterOnly",
    "Department",
    "Document",
    "Fact",
    "FactNeed",
    "FactType",
    "Fee",
    "Group",
    "How",
    "InvitationTerms",
    "JointVisit",
    "Label",
    "Limit",
    "ListLevel",
    "ListStatus",
    "Listing",
    "Material",
    "MaterialNeed",
    "Matter",
    "Mode",
    "Promise",
    "Question",
    "Repeats",
    "Requires",
    "Role",
    "Sensitivity",
    "Source",
    "SourceUse",
    "StepUp",
    "Thing",
    "UnknownThing",
    "VisitKind",
    "Way",
    "Window",
]

APPLICATION = "application"


class CatalogError(Exception):
    """The catalog does not hold what was asked for, or holds it wrongly."""

    reason = "catalog_error"


class UnknownThing(CatalogError):
    """There is no one-thing with this code in the current revision."""

    reason = "unknown_thing"


@dataclass(frozen=True)
class Repeats:
    """How many people a repeating role may stand for."""

    least: int
    most: int


@dataclass(frozen=True)
class Role:
    """A person, enterprise or the application itself, as one one-thing sees it.

    ``right`` lists what proves the right to act about this role, in the order in which it is
    offered: the id of a source whose record says so, ``card`` (their own card or sign-in) or
    ``mandate``. ``invitation`` says how they are asked to authorise on their own phone.
    """

    id: str
    label: Label
    kind: str
    right: tuple[str, ...] = ()
    repeats: Repeats | None = None
    invitation: InvitationTerms = InvitationTerms()


@dataclass(frozen=True)
class Applicant:
    """Which role the card holder takes; the first whose condition is not false wins."""

    role: str
    when: str | None = None


@dataclass(frozen=True)
class SourceUse:
    """One source bound to the roles of one one-thing."""

    source: str
    binds: Mapping[str, str]

    @property
    def call(self) -> str:
        """The call's id, stable over plans: ``marriage_register:mother``."""
        return f"{self.source}:{self.binds['self']}"


@dataclass(frozen=True)
class Question:
    """A question about the situation, asked before the form."""

    fact: str
    when: str | None = None
    default: str | bool | int | None = None


@dataclass(frozen=True)
class FactNeed:
    """A fact that a matter needs, perhaps only under a condition."""

    fact: str
    when: str | None = None
    required: bool = True


@dataclass(frozen=True)
class MaterialNeed:
    """A material that a matter needs, perhaps only under a condition."""

    material: str
    when: str | None = None


class How(StrEnum):
    """How a material is met."""

    GENERATED = "generated"
    E_LICENCE = "e_licence"
    DATA = "data"
    VAULT = "vault"
    COMMITMENT = "commitment"
    SUBMIT = "submit"
    INSIDE = "inside"


@dataclass(frozen=True)
class Way:
    """One way of meeting a material; ``source`` only for data."""

    how: How
    source: str | None = None


@dataclass(frozen=True)
class Material:
    """A material of one one-thing: a document of a role, and the ways of meeting it in order."""

    id: str
    label: Label
    document: str
    of: str
    met_by: tuple[Way, ...]
    necessity: str = "1"
    when: str | None = None
    reason: Label | None = None
    points: tuple[Label, ...] = ()

    @property
    def required(self) -> bool:
        return self.necessity == "1"


@dataclass(frozen=True)
class Limit:
    """A time limit: ``amount`` working (``wd``) or calendar (``cd``) days; halves are allowed."""

    amount: Decimal
    unit: str = "wd"


@dataclass(frozen=True)
class Fee:
    """What a matter costs in fen, why, and where it is paid."""

    amount_fen: int
    basis: str | None
    paid_at: Label | None


@dataclass(frozen=True)
class After:
    """An order edge that is not data: this matter waits for another, or for a choose-one group."""

    matter: str | None
    group: str | None
    reason: Label


@dataclass(frozen=True)
class Requires:
    """A matter that cannot be chosen without another one (or a choose-one group), unless ..."""

    matter: str | None
    group: str | None
    unless: str | None
    reason: Label


class Mode(StrEnum):
    """How a matter is carried out."""

    ONLINE = "online"
    IN_PERSON = "in_person"
    PROACTIVE = "proactive"
    EXTERNAL = "external"


@dataclass(frozen=True)
class Matter:
    """One government service matter inside a one-thing.

    ``supervised_by`` is the department that watches afterwards over what this matter approves;
    ``by_commitment`` says that it is granted on the applicant's word and checked later. ``assurance`` is what
    it asks beyond the card.
    """

    code: str
    label: Label
    department: str
    act: str
    optional: bool = False
    default: bool = True
    group: str | None = None
    bound_with: tuple[str, ...] = ()
    mode: Mode = Mode.ONLINE
    when: str | None = None
    after: tuple[After, ...] = ()
    requires: tuple[Requires, ...] = ()
    facts: tuple[FactNeed, ...] = ()
    materials: tuple[MaterialNeed, ...] = ()
    produces_facts: tuple[str, ...] = ()
    produces_documents: tuple[tuple[str, str], ...] = ()
    statutory: Limit | None = None
    statutory_text: Label | None = None
    promised: Limit | None = None
    outside_promise: Label | None = None
    fee: Fee | None = None
    legal_basis: tuple[str, ...] = ()
    result: Label | None = None
    basic_code: str | None = None
    level: str | None = None
    batch: str | None = None
    supervised_by: str | None = None
    by_commitment: bool = False
    assurance: StepUp | None = None


@dataclass(frozen=True)
class Group:
    """Choose one: ``base`` matters that others follow, or ``alternative`` procedures.

    ``waived_when`` true means that none has to be chosen (a valid certificate exists).
    """

    id: str
    label: Label
    kind: str
    waived_when: str | None = None


@dataclass(frozen=True)
class CounterOnly:
    """A situation that a kiosk cannot serve, with the sentence that says where to go."""

    when: str
    reason: Label


@dataclass(frozen=True)
class Promise:
    """The published promise of the whole: working days from the working day after acceptance.

    ``override_by`` and ``override_reason`` name who publishes it although the path is longer.
    """

    days: int
    override_by: str | None = None
    override_reason: str | None = None


@dataclass(frozen=True)
class BeforeAfter:
    """What the reform changed: pairs of before and after."""

    days: tuple[int, int] | None = None
    materials: tuple[int, int] | None = None
    visits: tuple[int, int] | None = None
    steps: tuple[int, int] | None = None


@dataclass(frozen=True)
class Thing:
    """One life event: its people, questions, matters, materials and sources."""

    code: str
    label: Label
    summary: Label
    audience: str
    lead: str
    subject: str
    promise: Promise
    applicants: tuple[Applicant, ...]
    roles: Mapping[str, Role]
    sources: tuple[SourceUse, ...]
    questions: tuple[Question, ...]
    matters: Mapping[str, Matter]
    materials: Mapping[str, Material]
    groups: Mapping[str, Group] = field(default_factory=dict)
    computed: Mapping[str, str] = field(default_factory=dict)
    counter_only: tuple[CounterOnly, ...] = ()
    conditions: tuple[Label, ...] = ()
    notes: tuple[Label, ...] = ()
    before_after: BeforeAfter | None = None
    lists: tuple[str, ...] = ()
    assurance: str = "card"
    icon: str | None = None
    joint_visits: Mapping[str, JointVisit] = field(default_factory=dict)
    listing: Listing | None = None
    identified_by: tuple[tuple[str, ...], ...] = ()

    def role_of(self, key: str) -> Role:
        """The role of ``role.fact`` or ``role[2].fact``."""
        return self.roles[key.partition(".")[0].partition("[")[0]]


@dataclass(frozen=True, eq=False)
class Catalog:
    """One revision of everything the county serves."""

    pack: str
    label: Label
    division: str
    facts: Mapping[str, Fact]
    code_sets: Mapping[str, Mapping[str, Label]]
    documents: Mapping[str, Document]
    sources: Mapping[str, Source]
    departments: Mapping[str, Department]
    things: Mapping[str, Thing]
    windows: tuple[Window, ...] = ()
    supervision_phone: str | None = None
    batches: Mapping[str, Label] = field(default_factory=dict)

    def get_thing(self, code: str) -> Thing:
        """The one-thing with this code; raises ``UnknownThing``."""
        if code not in self.things:
            raise UnknownThing(code)
        return self.things[code]

    def get_fact(self, thing: Thing, key: str) -> Fact:
        """The dictionary's entry for ``role.fact`` in this one-thing."""
        name = key.partition(".")[2]
        return self.facts[f"{thing.role_of(key).kind}.{name}"]
