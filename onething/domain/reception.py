"""The day on which time alone takes the next step of a reception: asking, lapsing, or deemed acceptance."""

from __future__ import annotations

from datetime import date, timedelta

from onething.domain.cases import CaseState, CaseView, PartState
from onething.domain.clocks import Calendar, day_of


def settle_on(view: CaseView, answered_by: date, calendar: Calendar, gather_days: int) -> date | None:
    """The first day on which something happens by itself; None when everything waits for somebody.

    Wants are gathered for ``gather_days`` working days from the first one, but never past the day by
    which the case is answered (Administrative Licensing Law, article 32); once every department that
    has its part has spoken, there is nothing more to wait for.
    """
    if view.state.is_final:
        return None
    if view.asked_until_on is not None:
        return view.asked_until_on + timedelta(days=1)
    if view.wanted and view.wanted_since_at is not None:
        first_on = day_of(view.wanted_since_at)
        gathered_on, _ = calendar.after(first_on, gather_days - 1)
        if view.state is CaseState.RECEIVED:
            return min(gathered_on, answered_by)
        return gathered_on if _may_still_want(view) else first_on
    if view.state is CaseState.RECEIVED:
        return answered_by + timedelta(days=1)
    return None


def _may_still_want(view: CaseView) -> bool:
    """Whether a department has its part and has not taken it up yet."""
    return any(part.state is PartState.DISPATCHED and not part.has_asked for part in view.parts.values())
