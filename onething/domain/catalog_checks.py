"""What a catalog must hold before it may be published; pure, and every mistake has its place.

``check_catalog`` is the only door. Paths are those of the pack's plain data, so that a reader of
files can turn each into a file and a line.
"""

from __future__ import annotations

from onething.domain.catalog import Catalog, Document, Fact, FactType, Source
from onething.domain.catalog_checks_choice import check_choice
from onething.domain.catalog_checks_found import Found
from onething.domain.catalog_checks_invitations import check_invitations
from onething.domain.catalog_checks_joint import check_listing_and_visits
from onething.domain.catalog_checks_matters import check_matters
from onething.domain.catalog_checks_order import check_order
from onething.domain.catalog_checks_repeats import check_repeats
from onething.domain.catalog_checks_things import check_people_and_questions
from onething.domain.catalog_problems import PackProblem
from onething.domain.plan_sources import CARD

__all__ = ["check_catalog"]


def check_catalog(catalog: Catalog) -> list[PackProblem]:
    """Every mistake in a catalog that could be read; an empty list when it may be published."""
    found = Found()
    for fact in catalog.facts.values():
        _check_fact(catalog, fact, found)
    for document in catalog.documents.values():
        _check_document(catalog, document, found)
    for source in catalog.sources.values():
        _check_source(catalog, source, found)
    if CARD not in catalog.sources:
        found.add(
            ("sources",),
            "missing_key",
            f"缺少来源“{CARD}”：读卡器读到的信息",
            f"the source '{CARD}' is missing: what the card on the reader tells",
        )
    for thing in catalog.things.values():
        found.known(("things", thing.code, "lead"), "department", thing.lead, catalog.departments)
        conditions = check_people_and_questions(catalog, thing, found)
        check_matters(catalog, thing, found)
        check_listing_and_visits(catalog, thing, found)
        check_choice(catalog, thing, conditions, found)
        check_repeats(thing, conditions, found)
        check_invitations(thing, found)
        check_order(catalog, thing, conditions, found)
    return found.problems


def _check_fact(catalog: Catalog, fact: Fact, found: Found) -> None:
    path = ("facts", fact.kind, fact.name)
    if fact.type is FactType.CODE and fact.code_set is None:
        found.add(
            (*path, "type"),
            "unknown_code_set",
            "类型为 code 的事实要写 codes: 代码集",
            "a fact of type code names its code set with 'codes'",
        )
    if fact.code_set is not None and fact.type is not FactType.CODE:
        found.add(
            (*path, "codes"),
            "wrong_shape",
            f"有代码集的事实类型要写 code，不是 {fact.type}",
            f"a fact with 'codes' is of type code, not {fact.type}",
        )
    if fact.code_set is not None:
        found.known((*path, "codes"), "code_set", fact.code_set, catalog.code_sets)


def _check_document(catalog: Catalog, document: Document, found: Found) -> None:
    path = ("documents", document.id)
    if document.issuer is not None:
        found.known((*path, "issuer"), "department", document.issuer, catalog.departments)
    if document.e_licence_code is not None and len(document.e_licence_code) != 21:
        found.add(
            (*path, "e_licence_code"),
            "out_of_code_set",
            "电子证照类型代码应为21位",
            "an e-licence type code has 21 characters; leave it out when it is not known",
        )


def _check_source(catalog: Catalog, source: Source, found: Found) -> None:
    path = ("sources", source.id)
    kinds = {fact.kind for fact in catalog.facts.values()}
    found.known((*path, "department"), "department", source.department, catalog.departments)
    for slot, kind in source.slots.items():
        found.known((*path, "slots", slot), "kind", kind, kinds)
    if "self" not in source.slots:
        found.add(
            (*path, "slots"),
            "unknown_slot",
            "slots 中要有 self，即记录所关于的人或企业",
            "'slots' needs 'self': whom a record is about",
        )
    for key, words in (("asks", source.asks), ("yields", source.yields)):
        for at, word in enumerate(words):
            _check_word(catalog, source, word, (*path, key, at), found)
    for at, slot in enumerate(source.proves):
        found.known((*path, "proves", at), "slot", slot, source.slots)


def _check_word(
    catalog: Catalog, source: Source, word: str, path: tuple[str | int, ...], found: Found
) -> None:
    slot, _, name = word.partition(".")
    if found.known(path, "slot", slot, source.slots):
        kind = source.slots[slot]
        names = [fact.name for fact in catalog.facts.values() if fact.kind == kind]
        found.known(path, "fact", name, names)
