"""The county's list of data-sharing needs: which source must serve which fact for which matter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from onething.domain.catalog import Catalog, How, Material, Matter, SourceUse, Thing
from onething.domain.conditions import HOLDER
from onething.domain.plan import conditions_of
from onething.domain.plan_sources import CARD, E_LICENCES, Call


class NeedState(StrEnum):
    """How far a need has got with the department that keeps the source."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    AGREED = "agreed"
    REFUSED = "refused"
    REVOKED = "revoked"


NEED_MOVES: Mapping[NeedState, frozenset[NeedState]] = MappingProxyType(
    {
        NeedState.DRAFT: frozenset((NeedState.SUBMITTED,)),
        NeedState.SUBMITTED: frozenset((NeedState.DRAFT, NeedState.AGREED, NeedState.REFUSED)),
        NeedState.AGREED: frozenset((NeedState.REVOKED,)),
        NeedState.REFUSED: frozenset((NeedState.SUBMITTED,)),
        NeedState.REVOKED: frozenset((NeedState.SUBMITTED,)),
    }
)


@dataclass(frozen=True, order=True)
class NeedKey:
    """Which source must serve which fact (``person.name``) for which matter of which one-thing."""

    source: str
    fact: str
    thing: str
    matter: str

    def __str__(self) -> str:
        return f"{self.source}:{self.fact}:{self.thing}:{self.matter}"


@dataclass(frozen=True)
class Need:
    """One need and how it stands; ``number`` is that of the letter in which it was agreed."""

    key: NeedKey
    department: str
    state: NeedState
    division: str
    since_revision: int
    changed_at: datetime
    changed_by: str
    number: str | None = None
    reason: str | None = None
    is_current: bool = True


def needs_of(catalog: Catalog) -> tuple[NeedKey, ...]:
    """Every need of a catalog, in order; the card reader is no register and shares nothing."""
    return tuple(sorted({key for thing in catalog.things.values() for key in _of_thing(catalog, thing)}))


def is_barred(
    thing: Thing, call: Call, wanted_by: Mapping[str, Sequence[str]], not_agreed: Collection[NeedKey]
) -> bool:
    """Whether a planned call would fetch anything that the source's department has not agreed to.

    ``wanted_by`` maps each fact of the form to the matters that need it. A call that only verifies,
    or only shows a relation, stands on all of its source's needs.
    """
    if not not_agreed:
        return False
    if not call.yields:
        document = document_id(call.document) if call.document else None
        return any(
            key.source == call.source and key.thing == thing.code and document in (None, key.fact)
            for key in not_agreed
        )
    return any(
        key.source == call.source
        and key.thing == thing.code
        and any(
            fact_id(thing, fact) == key.fact and key.matter in wanted_by.get(fact, (key.matter,))
            for fact in call.yields.values()
        )
        for key in not_agreed
    )


def document_id(document: str) -> str:
    """How a document that is verified stands in the list: ``document.marriage_certificate``."""
    return f"document.{document}"


def fact_id(thing: Thing, key: str) -> str:
    """The dictionary's name of a fact of the form: ``mother.name`` is ``person.name``."""
    return f"{thing.role_of(key).kind}.{key.partition('.')[2]}"


def _of_thing(catalog: Catalog, thing: Thing) -> Iterable[NeedKey]:
    yields = {use.source: set(_facts_yielded(catalog, use)) for use in thing.sources if use.source != CARD}
    for matter in thing.matters.values():
        for fact in _facts(catalog, thing, matter):
            for source in yields:
                if fact in yields[source]:
                    yield NeedKey(source, fact_id(thing, fact), thing.code, matter.code)
        for need in matter.materials:
            yield from _verified(thing, matter.code, thing.materials[need.material])


def _facts(catalog: Catalog, thing: Thing, matter: Matter) -> set[str]:
    """What a matter needs, what that is computed from, and what its conditions read."""
    conditions = conditions_of(catalog, thing)
    facts = {need.fact for need in matter.facts}
    texts = [matter.when, *(need.when for need in matter.facts), *(need.when for need in matter.materials)]
    texts += [thing.materials[need.material].when for need in matter.materials]
    texts += [thing.computed.get(fact) for fact in facts]
    for text in texts:
        if text is not None:
            facts |= {key for key in conditions.compile(text).reads if not key.startswith(f"{HOLDER}.")}
    return facts


def _verified(thing: Thing, matter: str, material: Material) -> Iterable[NeedKey]:
    for way in material.met_by:
        if way.how is How.E_LICENCE or (way.how is How.DATA and way.source):
            source = E_LICENCES if way.how is How.E_LICENCE else str(way.source)
            yield NeedKey(source, document_id(material.document), thing.code, matter)


def _facts_yielded(catalog: Catalog, use: SourceUse) -> Iterable[str]:
    """The facts of the form (``mother.name``) that a source gives where a one-thing uses it."""
    for word in catalog.sources[use.source].yields:
        slot, _, name = word.partition(".")
        if slot in use.binds:
            yield f"{use.binds[slot]}.{name}"
