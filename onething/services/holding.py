"""Which device holds a form: while it is handed over, no other one changes it."""

from __future__ import annotations

from datetime import datetime

from onething.domain.handovers import HandedOver
from onething.domain.records import Draft, Session
from onething.ports import UnitOfWork

# In a draft's progress: {"by": the session that holds it, "since": the hand-over that gave it}.
HELD = "held"


def must_hold(uow: UnitOfWork, session: Session, draft: Draft, now: datetime) -> None:
    """Raises ``HandedOver`` while the draft is another sitting's to change.

    That lasts only as long as both sittings do: when the kiosk or the phone is gone, nobody is kept out.
    """
    held = draft.progress.get(HELD)
    if held is None or held["by"] == session.id:
        return
    handover = uow.handovers.find(held["since"])
    if handover is not None and all(is_live(uow, each, now) for each in (handover.session, held["by"])):
        raise HandedOver


def is_live(uow: UnitOfWork, session_id: str, now: datetime) -> bool:
    """Whether this sitting still goes on."""
    session = uow.sessions.find(session_id)
    return session is not None and session.ended_at is None and session.expires_at > now
