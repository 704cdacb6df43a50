"""Telling people that what they began and left alone will be erased: a week before, and once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from onething.domain.clocks import day_of
from onething.domain.messages import MessageKind
from onething.domain.records import Draft
from onething.ports import Conflict, Ports, UnitOfWork
from onething.services.messaging import tell

TOLD_BEFORE = timedelta(days=7)
# For so long after that time a draft is still found: a worker may have stood still.
_LOOKS_BACK = timedelta(days=3)
# In a draft's progress: until when it lasted as its person was told.
_TOLD = "told_until"


def tell_of_forgetting(ports: Ports) -> int:
    """Tell of each draft that will be erased within a week; how many people were told."""
    before = ports.clock.now() - timedelta(days=ports.settings.draft_days) + TOLD_BEFORE
    with ports.records.read() as uow:
        left = uow.drafts.list_left(before - _LOOKS_BACK, before)
    return sum(_told(ports, draft_id) for draft_id in left)


def _told(ports: Ports, draft_id: str) -> bool:
    try:
        with ports.records.act() as uow:
            draft = uow.drafts.find(draft_id)
            return draft is not None and _tell(ports, uow, draft)
    except Conflict:  # its person is at it just now
        return False


def _tell(ports: Ports, uow: UnitOfWork, draft: Draft) -> bool:
    until = day_of(draft.updated_at + timedelta(days=ports.settings.draft_days))
    if draft.state != "open" or draft.progress.get(_TOLD) == until.isoformat():
        return False
    link = f"/m/drafts/{draft.id}"
    tell(ports, uow, MessageKind.DRAFT_FORGOTTEN, draft.holder, about=draft.id, link=link, until_on=until)
    # It is not touched by that: it lasts as long as it did.
    uow.drafts.save(replace(draft, progress={**draft.progress, _TOLD: until.isoformat()}))
    return True
