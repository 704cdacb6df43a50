"""Which of two devices holds a form that was handed over: the other one only shows it."""

from __future__ import annotations

from datetime import datetime

from onething.domain.handovers import HandedOver
from onething.domain.records import Draft, Session
from onething.ports import Ports, UnitOfWork

# In a draft's progress: {"by": the session that holds it, "since": the hand-over that gave it}.
HELD = "held"


def must_hold(uow: UnitOfWork, session: Session, draft: Draft, now: datetime) -> None:
    """Raises ``HandedOver`` for the one of two sittings that does not have the draft now.

    That lasts only as long as both do: when the kiosk or the phone is gone, nobody is kept out. A third
    device of the same person is as any two devices with one draft are.
    """
    held = draft.progress.get(HELD)
    if held is None or held["by"] == session.id:
        return
    handover = uow.handovers.find(held["since"])
    if handover is None or session.id not in (handover.session, handover.taken_by):
        return
    if is_live(uow, handover.session, now) and is_live(uow, held["by"], now):
        raise HandedOver


def find_waiting(ports: Ports, session: Session, draft_id: str) -> str | None:
    """The hand-over by which this phone has the form of a kiosk that still waits for it."""
    now = ports.clock.now()
    with ports.records.read() as uow:
        draft = uow.drafts.find(draft_id)
        held = draft.progress.get(HELD) if draft else None
        if held is None or held["by"] != session.id:
            return None
        handover = uow.handovers.find(held["since"])
        waits = (
            handover is not None and handover.taken_by == session.id and is_live(uow, handover.session, now)
        )
    return str(held["since"]) if waits else None


def is_live(uow: UnitOfWork, session_id: str, now: datetime) -> bool:
    """Whether this sitting still goes on."""
    session = uow.sessions.find(session_id)
    return session is not None and session.ended_at is None and session.expires_at > now
