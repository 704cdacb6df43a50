"""Two devices with one draft: who typed what, what was replaced unseen, and which of both stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from onething.domain.errors import NotFound
from onething.domain.merging import TYPED_BY, DraftMovedOn, Seen, merge, note, typed_where
from onething.domain.records import Session
from onething.domain.values import Value
from onething.ports import Ports, UnitOfWork
from onething.services.desk import Desk, with_progress, with_values, work_on
from onething.services.draft_view import view_of


def seen_by(session: Session, version: int | None) -> Seen:
    """What this sitting has seen of a draft when it changes something."""
    return Seen(session.id, session.started_at, version, session.channel)


def merged(desk: Desk, key: str, typed: Value | None, seen: Seen) -> Value | None:
    """A value typed over what is there."""
    noted = desk.draft.progress.get(TYPED_BY, {})
    return merge(desk.values.get(key), typed, known=seen.knows(noted, key), where=typed_where(noted, key))


def must_know(desk: Desk, seen: Seen, *keys: str) -> None:
    """Raises ``DraftMovedOn`` when another device has changed one of these since."""
    noted = desk.draft.progress.get(TYPED_BY, {})
    if not all(seen.knows(noted, key) for key in keys):
        raise DraftMovedOn


def with_note(desk: Desk, keys: Iterable[str], seen: Seen, now: datetime) -> Desk:
    """The desk with a note that this sitting has just typed these."""
    noted = note(desk.draft.progress, keys, desk.draft.version + 1, seen, now)
    return with_progress(desk, **{TYPED_BY: noted})


def settle(ports: Ports, session: Session, draft_id: str, fact: str, keep: int) -> dict[str, Any]:
    """Say which of two values stays: 0 for the present one, 1 and on for those it replaced.

    Gives the draft's view; raises ``NotFound`` where there is no such question.
    """
    seen = seen_by(session, None)

    def change(_uow: UnitOfWork, desk: Desk, now: datetime) -> Desk:
        there = desk.values.get(fact)
        if there is None or not there.replaced or not 0 <= keep <= len(there.replaced):
            raise NotFound
        value = (there.value, *(each.value for each in there.replaced))[keep]
        settled = with_values(desk, {fact: replace(there, value=value, replaced=())})
        return with_note(settled, [fact], seen, now)

    return view_of(work_on(ports, session, draft_id, change, "values_settled"))
