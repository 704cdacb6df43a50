"""What the e-licence service holds of a person, asked at their own wish, each time anew, and never kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from onething.domain.catalog import Catalog, Document
from onething.domain.errors import BadFields, FieldError
from onething.domain.plan_sources import E_LICENCES, e_licence_call
from onething.domain.records import AuditRow, Session
from onething.domain.situation import Outcome, base_of
from onething.ports import Found, NotHeld, Ports, Purpose, SourceAnswer, SourceCall
from onething.services.wording import E_LICENCE_SERVICE, NOTHING_CHOSEN, OWN_LICENCES, UNKNOWN_LICENCE, both

PURPOSE = "my e-licences"
_DEADLINE_S = 1.5
_CITIZEN = "111"  # GB/T 36903
_OWN = "holder"


def list_askable(ports: Ports) -> dict[str, Any]:
    """Whom the person lets be asked, and about which documents of people in this county's catalog."""
    _, catalog = ports.catalogs.current()
    declared = catalog.sources.get(E_LICENCES)
    service = declared.label if declared else E_LICENCE_SERVICE
    return {**both(service), "documents": [_named(catalog, each) for each in _askable(catalog)]}


def ask(ports: Ports, session: Session, documents: Sequence[str]) -> dict[str, Any]:
    """Ask for the documents that the person has agreed to: what is held, what is not, what gave no answer.

    Nothing is asked about anybody else, and nothing of the answers is kept. Raises ``BadFields``.
    """
    _, catalog = ports.catalogs.current()
    wanted = _wanted(catalog, documents)
    purpose = Purpose(ports.chance.id(), PURPOSE, (), session.actor, OWN_LICENCES.zh)
    calls = [_call(session, each, purpose) for each in wanted]
    _note(ports, [_row(ports, session, purpose, "licences_asked", documents=[each.id for each in wanted])])
    answers = ports.sources.ask_all(calls)
    asked = list(zip(wanted, calls, answers, strict=True))
    _note(
        ports,
        [
            _row(ports, session, purpose, "source_asked", _outcome(answer), call=call.id, facts=[])
            for _, call, answer in asked
        ],
    )
    return {
        "held": [
            {**_named(catalog, document), "identifier": answer.identifier or "", "issued_on": answer.as_of}
            for document, _, answer in asked
            if isinstance(answer, Found)
        ],
        "not_held": [_named(catalog, each) for each, _, answer in asked if isinstance(answer, NotHeld)],
        "unavailable": [
            _named(catalog, each) for each, _, answer in asked if not isinstance(answer, Found | NotHeld)
        ],
    }


def _askable(catalog: Catalog) -> Iterator[Document]:
    """Every document of people that the e-licence service may hold, in the catalog's order."""
    of_people = set(_of_people(catalog))
    return (each for each in catalog.documents.values() if each.e_licence and each.id in of_people)


def _of_people(catalog: Catalog) -> Iterator[str]:
    """Documents of whoever may sit here themselves: nobody is asked about their own death."""
    for thing in catalog.things.values():
        own = {each.role for each in thing.applicants}
        handed_in = [(each.document, each.of) for each in thing.materials.values()]
        produced = [each for matter in thing.matters.values() for each in matter.produces_documents]
        for document, role in (*handed_in, *produced):
            if base_of(role) in own and thing.roles[base_of(role)].kind == "person":
                yield document


def _wanted(catalog: Catalog, documents: Sequence[str]) -> list[Document]:
    askable = {each.id: each for each in _askable(catalog)}
    if not documents:
        raise BadFields(fields=[FieldError("documents", "required", NOTHING_CHOSEN)])
    if set(documents) - askable.keys():
        raise BadFields(fields=[FieldError("documents", "unknown_document", UNKNOWN_LICENCE)])
    return [each for name, each in askable.items() if name in documents]


def _call(session: Session, document: Document, purpose: Purpose) -> SourceCall:
    return SourceCall(
        id=e_licence_call(document.id, _OWN),
        source=E_LICENCES,
        asked={"holder_code": str(session.card["id_number"])},
        purpose=purpose,
        deadline_s=_DEADLINE_S,
        document=document.id,
        holder_type=_CITIZEN,
    )


def _outcome(answer: SourceAnswer) -> str:
    if isinstance(answer, Found):
        return Outcome.FOUND.value
    return (Outcome.NOT_HELD if isinstance(answer, NotHeld) else Outcome.UNAVAILABLE).value


def _named(catalog: Catalog, document: Document) -> dict[str, str]:
    issuer = catalog.departments[document.issuer].label if document.issuer else E_LICENCE_SERVICE
    return {
        "document": document.id,
        **both(document.label),
        "department_zh": issuer.zh,
        "department_en": issuer.en,
    }


def _note(ports: Ports, rows: Sequence[AuditRow]) -> None:
    with ports.records.act() as uow:
        for row in rows:
            uow.audit.add(row)


def _row(
    ports: Ports, session: Session, purpose: Purpose, action: str, result: str = "ok", **detail: Any
) -> AuditRow:
    return AuditRow(
        at=ports.clock.now(),
        actor=session.actor,
        actor_kind=session.actor_kind,
        action=action,
        purpose=PURPOSE,
        subject=session.holder,
        terminal=session.terminal,
        result=result,
        detail={**detail, "query": purpose.case},
    )
