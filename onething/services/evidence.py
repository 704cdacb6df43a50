"""Pages that show a shared value to be wrong: scanned one by one, then handed over with the dispute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from onething.domain.disputes import DisputeState
from onething.domain.errors import NotFound, TooManyPages
from onething.domain.records import Session, StoredFile
from onething.ports import CleanPage, Once, Ports, UnitOfWork
from onething.services.desk import Desk, lay_out, work_on
from onething.services.disputing import MOST_PAGES, MOST_PAGES_TEXT, dispute_in_draft
from onething.services.photographs import take_pages


def add_page(
    ports: Ports,
    session: Session,
    draft_id: str,
    fact: str,
    data: bytes,
    once: Once | None = None,
    *,
    photograph: bool = False,
) -> dict[str, Any]:
    """Keep the pages of a JPEG, PNG or PDF until the dispute of ``fact`` is opened.

    ``once`` keeps a retry from adding them again.

    Raises ``PaperRefused``, ``TooManyPages`` and ``NotFound``; then nothing was kept.
    """
    must_have(ports, session, draft_id, fact)
    kept = [(ports.chance.id(), page) for page in take_pages(ports, data, photograph=photograph)]
    for file_id, page in kept:
        ports.files.put(file_id, page.data)
    ids = [file_id for file_id, _ in kept]
    try:
        stay = _add_rows(ports, session, draft_id, fact, kept, once)
    except Exception:
        _remove_bytes(ports, ids)
        raise
    if stay != ids:  # a retry: the pages of the first try stay
        _remove_bytes(ports, ids)
    return {"file": stay[0], "pages": stay}


def must_have(ports: Ports, session: Session, draft_id: str, fact: str) -> None:
    """Raises ``NotFound`` unless this person's draft has a value for the fact."""
    with ports.records.read() as uow:
        if fact not in lay_out(ports, uow, session, draft_id).values:
            raise NotFound


def _add_rows(
    ports: Ports,
    session: Session,
    draft_id: str,
    fact: str,
    kept: Sequence[tuple[str, CleanPage]],
    once: Once | None,
) -> list[str]:
    """The ids of the pages: those of the first try when this is a retry."""
    stay = [file_id for file_id, _ in kept]

    def change(uow: UnitOfWork, desk: Desk, now: datetime) -> Desk:
        first = uow.keys.begin(session.holder, once.key, once.body_digest, now) if once else None
        if first is not None:
            stay[:] = first["files"]
            return desk
        if len(_pages_of(desk, fact)) + len(kept) > MOST_PAGES:
            raise TooManyPages(MOST_PAGES_TEXT)
        for file_id, page in kept:
            size = len(page.data)
            uow.files.add(
                StoredFile(
                    file_id,
                    draft_id,
                    _material(fact),
                    page.sha256,
                    page.media_type,
                    size,
                    page.width,
                    page.height,
                    now,
                )
            )
        if once:
            uow.keys.finish(session.holder, once.key, {"files": stay})
        return desk

    work_on(ports, session, draft_id, change, "evidence_added")
    return stay


def remove_page(ports: Ports, session: Session, draft_id: str, fact: str, file_id: str) -> None:
    """Take one page back; its bytes go too. Raises ``NotFound``."""
    _drop(ports, session, draft_id, fact, [file_id])


def open_dispute(
    ports: Ports,
    session: Session,
    draft_id: str,
    *,
    fact: str,
    value: Any,
    evidence: Sequence[str],
    once: Once,
) -> dict[str, Any]:
    """Open the dispute with the pages kept for it, by their ids; gives the draft's view.

    Raises what ``disputing.dispute_in_draft`` raises, and ``NotFound`` for a page that is not there.
    """
    with ports.records.read() as uow:
        desk = lay_out(ports, uow, session, draft_id)
        standing = uow.disputes.list_of_owner(draft_id)
    # a retry comes after its first try has handed the pages over
    is_open = any(each.fact == fact and each.state is DisputeState.OPEN for each in standing)
    kept = {file.id for file in _pages_of(desk, fact)}
    if not is_open and not set(evidence) <= kept:
        raise NotFound
    given = [file_id for file_id in evidence if file_id in kept]
    pages = [ports.files.get(file_id) for file_id in given]
    view = dispute_in_draft(ports, session, draft_id, fact=fact, value=value, evidence=pages, once=once)
    if given:
        _drop(ports, session, draft_id, fact, given)
    return view


def _drop(ports: Ports, session: Session, draft_id: str, fact: str, file_ids: Sequence[str]) -> None:
    def change(uow: UnitOfWork, desk: Desk, _now: datetime) -> Desk:
        if not set(file_ids) <= {file.id for file in _pages_of(desk, fact)}:
            raise NotFound
        for file_id in file_ids:
            uow.files.remove(file_id)
        return desk

    work_on(ports, session, draft_id, change, "evidence_removed")
    _remove_bytes(ports, file_ids)


def _pages_of(desk: Desk, fact: str) -> list[StoredFile]:
    return [file for file in desk.files if file.material == _material(fact)]


def _material(fact: str) -> str:
    return f"evidence:{fact}"[:80]


def _remove_bytes(ports: Ports, file_ids: Sequence[str]) -> None:
    for file_id in file_ids:
        ports.files.remove(file_id)
