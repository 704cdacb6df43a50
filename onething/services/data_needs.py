"""The list of data-sharing needs: made when a catalog is published, agreed one by one or together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from onething.domain.actors import Actor
from onething.domain.catalog import Catalog
from onething.domain.errors import NotFound
from onething.domain.needs import NEED_MOVES, Need, NeedKey, NeedState, needs_of
from onething.domain.plan_sources import E_LICENCES
from onething.domain.records import AuditRow
from onething.domain.staff import Role
from onething.ports import Ports, UnitOfWork
from onething.services.duties import must_be
from onething.services.outcome_refusals import AlreadySettled, NeedMove, WordsNeeded
from onething.services.outcome_wording import NEED_STATE
from onething.services.wording import E_LICENCE_SERVICE

# Each of these is the other side's word: it has a letter's number, or a reason.
_WITH_NUMBER = (NeedState.AGREED,)
_WITH_REASON = (NeedState.REFUSED, NeedState.REVOKED)


def sync(uow: UnitOfWork, catalog: Catalog, revision: int, *, state: NeedState, by: str, at: datetime) -> int:
    """Bring the list to a catalog's needs, in the act that publishes it; how many are new.

    A need that is known keeps its state; one that the catalog has no more is kept and not asked for.
    """
    known = {need.key: need for need in uow.data_needs.list_all()}
    wanted = needs_of(catalog)
    new = [key for key in wanted if key not in known]
    uow.data_needs.add_all(
        [Need(key, _department(catalog, key), state, catalog.division, revision, at, by) for key in new]
    )
    for key in known.keys() - set(wanted):
        uow.data_needs.mark(key, is_current=False)
    for key in wanted:
        if key in known and not known[key].is_current:
            uow.data_needs.mark(key, is_current=True)
    return len(new)


def _department(catalog: Catalog, key: NeedKey) -> str:
    """Who keeps the source; for an e-licence, who issues the document."""
    if key.source == E_LICENCES:
        document = catalog.documents.get(key.fact.partition(".")[2])
        return (document.issuer if document else None) or E_LICENCES
    return catalog.sources[key.source].department


def is_agreed(ports: Ports, key: NeedKey) -> bool:
    """Whether a source may be asked for this fact for this matter."""
    with ports.records.read() as uow:
        need = uow.data_needs.find(key)
    return need is not None and need.state is NeedState.AGREED


def list_needs(ports: Ports, actor: Actor) -> list[dict[str, Any]]:
    """Every need with its state: all for the county's bureau, a department's own for its officers."""
    must_be(actor, Role.EDITOR, Role.SUPERVISOR, Role.DEPARTMENT)
    _, catalog = ports.catalogs.current()
    with ports.records.read() as uow:
        needs = uow.data_needs.list_all()
    if not actor.has(Role.EDITOR, Role.SUPERVISOR):
        needs = [need for need in needs if need.department == actor.department]
    return [_shown(catalog, need) for need in needs]


def _shown(catalog: Catalog, need: Need) -> dict[str, Any]:
    key, state = need.key, NEED_STATE[need.state]
    thing = catalog.things.get(key.thing)
    matter = thing.matters.get(key.matter) if thing else None
    source = E_LICENCE_SERVICE if key.source == E_LICENCES else None
    if key.source in catalog.sources:
        source = catalog.sources[key.source].label
    kind, _, name = key.fact.partition(".")
    declared = catalog.documents.get(name) if kind == "document" else catalog.facts.get(key.fact)
    return {
        "key": str(key),
        "source": key.source,
        "source_zh": source.zh if source else key.source,
        "source_en": source.en if source else key.source,
        "fact": key.fact,
        "fact_zh": declared.label.zh if declared else key.fact,
        "fact_en": declared.label.en if declared else key.fact,
        "thing": key.thing,
        "thing_zh": thing.label.zh if thing else key.thing,
        "thing_en": thing.label.en if thing else key.thing,
        "matter": key.matter,
        "matter_zh": matter.label.zh if matter else key.matter,
        "matter_en": matter.label.en if matter else key.matter,
        "department": need.department,
        "state": need.state.value,
        "state_zh": state.zh,
        "state_en": state.en,
        "moves": [move.value for move in NeedState if move in NEED_MOVES[need.state]],
        "number": need.number,
        "reason": need.reason,
        "changed_at": need.changed_at.isoformat(),
        "changed_by": need.changed_by,
        "is_current": need.is_current,
    }


def change(
    ports: Ports,
    actor: Actor,
    keys: Sequence[str],
    state: NeedState,
    *,
    number: str | None = None,
    reason: str | None = None,
) -> dict[str, Any]:
    """Bring many needs to one state in one act, or none of them.

    The bureau's editor asks; the department that keeps the source, or the editor with its letter,
    agrees, refuses or revokes. Raises ``NeedMove``, ``WordsNeeded`` and ``NotFound``.
    """
    must_be(actor, Role.EDITOR, Role.DEPARTMENT)
    number, reason = (number or "").strip()[:120] or None, (reason or "").strip()[:500] or None
    if (state in _WITH_NUMBER and not number) or (state in _WITH_REASON and not reason):
        raise WordsNeeded
    with ports.records.act() as uow:
        now = ports.clock.now()
        for key in dict.fromkeys(keys):
            need = uow.data_needs.find(_read_key(key))
            if need is None or not _may_change(actor, need, state):
                raise NotFound
            if state not in NEED_MOVES[need.state]:
                raise NeedMove
            changed = replace(
                need, state=state, number=number, reason=reason, changed_at=now, changed_by=actor.id
            )
            if not uow.data_needs.save(changed, need.state):
                raise AlreadySettled
        uow.audit.add(
            AuditRow(
                at=now,
                actor=actor.id,
                actor_kind=actor.kind,
                action="data_needs_changed",
                purpose=f"data needs {state.value}",
                detail={"needs": list(keys), "number": number},
            )
        )
    return {"changed": len(dict.fromkeys(keys))}


def _may_change(actor: Actor, need: Need, state: NeedState) -> bool:
    if actor.has(Role.EDITOR):
        return True
    own = actor.department == need.department
    return own and state in (*_WITH_NUMBER, *_WITH_REASON)


def _read_key(text: str) -> NeedKey:
    parts = text.split(":")
    if len(parts) != 4:
        raise NotFound
    return NeedKey(*parts)
