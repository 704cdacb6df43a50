"""A case's life: an append-only list of typed events; every state is a fold over them.

Events carry ids, codes and dates, never personal values. ``case_kinds`` holds the tables of moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from onething.domain.case_kinds import (
    BEFORE_ACCEPTANCE,
    CASE_MOVES,
    NOTES,
    PART_MOVES,
    VISITS,
    CaseState,
    EventKind,
    PartState,
)

__all__ = [
    "CaseState",
    "CaseView",
    "Event",
    "EventKind",
    "IllegalMove",
    "PartState",
    "PartView",
    "Pause",
    "apply",
    "fold",
]


class IllegalMove(Exception):
    """An event that the state of the case or part does not allow."""

    reason = "illegal_move"


@dataclass(frozen=True)
class Event:
    """One thing that happened; ``data`` holds ids, codes and dates only."""

    sequence: int
    kind: EventKind
    at: datetime
    part: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Pause:
    """A stretch in which a part's clock stands; ``until_at`` is None while it still does."""

    cause: str
    since_at: datetime
    until_at: datetime | None = None


@dataclass(frozen=True)
class PartView:
    """A part as the events tell it."""

    id: str
    matter: str
    state: PartState
    since_at: datetime
    reason: Mapping[str, str] | None = None
    documents: tuple[Mapping[str, str], ...] = ()
    dispatched_at: datetime | None = None
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    extended_days: int = 0
    booked: Mapping[str, Any] | None = None
    paid: Mapping[str, Any] | None = None
    has_asked: bool = False

    @property
    def pause(self) -> Pause | None:
        """The pause that still lasts."""
        return self.pauses[-1] if self.pauses and self.pauses[-1].until_at is None else None


@dataclass(frozen=True)
class Wanted:
    """What one part, or with None the window, wants of the citizen."""

    part: str | None
    wants: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class CaseView:
    """A case as the events tell it; ``sequence`` is that of the last event.

    ``wanted`` is gathered and not yet asked; ``asked`` is with the citizen until ``asked_until_on``;
    ``follow`` holds the papers that may come after the acceptance, each with its day.
    """

    state: CaseState
    sequence: int
    submitted_at: datetime
    accepted_at: datetime | None
    parts: Mapping[str, PartView]
    ended_at: datetime | None = None
    received_at: datetime | None = None
    wanted: tuple[Wanted, ...] = ()
    wanted_since_at: datetime | None = None
    asked: tuple[Wanted, ...] = ()
    asked_until_on: date | None = None
    window_has_asked: bool = False
    follow: Mapping[str, date] = field(default_factory=dict)
    visits: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    reason: Mapping[str, Any] | None = None

    @property
    def all_parts_final(self) -> bool:
        return all(part.state.is_final for part in self.parts.values())

    def part_of(self, matter: str) -> PartView:
        """The part of a matter; KeyError when it was not chosen."""
        found = next((part for part in self.parts.values() if part.matter == matter), None)
        if found is None:
            raise KeyError(matter)
        return found


def fold(events: Iterable[Event]) -> CaseView:
    """The state that the events lead to; raises ``IllegalMove`` when they cannot follow each other."""
    view: CaseView | None = None
    for event in events:
        view = apply(view, event)
    if view is None:
        raise IllegalMove("a case begins with its submission")
    return view


def apply(view: CaseView | None, event: Event) -> CaseView:
    """The next state after one event; raises ``IllegalMove``."""
    if event.kind is EventKind.SUBMITTED:
        return _submitted(view, event)
    if view is None or event.sequence != view.sequence + 1:
        raise IllegalMove(f"{event.kind} cannot come now")
    moved = replace(view, sequence=event.sequence)
    if event.kind in CASE_MOVES:
        return _case_moved(moved, event)
    if event.kind in PART_MOVES:
        return _part_moved(moved, event)
    return _noted(moved, event)


def _submitted(view: CaseView | None, event: Event) -> CaseView:
    if view is not None:
        raise IllegalMove("a case is submitted once")
    parts = {
        part["id"]: PartView(part["id"], part["matter"], PartState.WAITING, event.at)
        for part in event.data["parts"]
    }
    return CaseView(CaseState.RECEIVED, event.sequence, event.at, None, parts, received_at=event.at)


def _case_moved(view: CaseView, event: Event) -> CaseView:
    state = CASE_MOVES[event.kind].get(view.state)
    if state is None:
        raise IllegalMove(f"{event.kind} does not follow {view.state}")
    if event.kind in (EventKind.CASE_CLOSED, EventKind.WITHDRAWN) and not view.all_parts_final:
        raise IllegalMove("parts are still open")
    view = replace(view, state=state, ended_at=event.at if state.is_final else None)
    return _CASE_CHANGES.get(event.kind, _unchanged)(view, event)


def _unchanged(view: CaseView, _event: Event) -> CaseView:
    return view


def _accepted(view: CaseView, event: Event) -> CaseView:
    follow = {each["material"]: date.fromisoformat(each["due_on"]) for each in event.data.get("follow", ())}
    return replace(view, accepted_at=event.at, follow=follow)


def _refused(view: CaseView, event: Event) -> CaseView:
    return replace(view, reason=event.data.get("reason"))


def _wanted(view: CaseView, event: Event) -> CaseView:
    """Each department, and the window, says once what it wants: later wants are refused."""
    part = view.parts.get(event.part) if event.part else None
    if (part and part.has_asked) or (not event.part and view.window_has_asked):
        raise IllegalMove("it has asked already")
    wanted = Wanted(event.part, tuple(event.data["wants"]))
    view = replace(view, wanted_since_at=view.wanted_since_at or event.at)
    if part is None:
        return replace(view, wanted=(*view.wanted, wanted), window_has_asked=True)
    if part.state.is_final:
        raise IllegalMove("the part has ended")
    parts = {**view.parts, part.id: replace(part, has_asked=True)}
    return replace(view, wanted=(*view.wanted, wanted), parts=parts)


def _asked(view: CaseView, event: Event) -> CaseView:
    if not view.wanted or view.asked:
        raise IllegalMove("nothing is wanted, or something is asked already")
    until_on = date.fromisoformat(event.data["until_on"])
    return replace(view, wanted=(), wanted_since_at=None, asked=view.wanted, asked_until_on=until_on)


def _given(view: CaseView, event: Event) -> CaseView:
    if not view.asked:
        raise IllegalMove("nothing is asked")
    return replace(view, asked=(), asked_until_on=None, received_at=event.at)


def _lapsed(view: CaseView, event: Event) -> CaseView:
    if not view.asked:
        raise IllegalMove("nothing is asked")
    reason = event.data.get("reason") if view.state is CaseState.REFUSED else view.reason
    return replace(view, asked=(), asked_until_on=None, reason=reason)


def _followed(view: CaseView, event: Event) -> CaseView:
    if event.data["material"] not in view.follow:
        raise IllegalMove("this paper is not awaited")
    return replace(view, follow={k: v for k, v in view.follow.items() if k != event.data["material"]})


_CASE_CHANGES = MappingProxyType(
    {
        EventKind.ACCEPTED: _accepted,
        EventKind.REFUSED: _refused,
        EventKind.SUPPLEMENT_WANTED: _wanted,
        EventKind.SUPPLEMENT_ASKED: _asked,
        EventKind.SUPPLEMENT_GIVEN: _given,
        EventKind.SUPPLEMENT_LAPSED: _lapsed,
        EventKind.FOLLOW_GIVEN: _followed,
    }
)


def _part_moved(view: CaseView, event: Event) -> CaseView:
    part = view.parts.get(event.part or "")
    if part is None:
        raise IllegalMove("no such part")
    open_before = event.kind in BEFORE_ACCEPTANCE and not view.state.is_final
    if view.state is not CaseState.ACCEPTED and not open_before:
        raise IllegalMove(f"{event.kind} cannot come while the case is {view.state}")
    state = PART_MOVES[event.kind].get(part.state)
    if state is None:
        raise IllegalMove(f"{event.kind} does not follow {part.state}")
    moved = part if state is part.state else replace(part, state=state, since_at=event.at)
    moved = _part_changed(moved, event)
    return replace(view, parts={**view.parts, part.id: moved})


def _part_changed(part: PartView, event: Event) -> PartView:
    """What one move leaves on its part, beside the state."""
    if part.state.is_final:
        pauses = tuple(replace(each, until_at=each.until_at or event.at) for each in part.pauses)
        part = replace(part, ended_at=event.at, pauses=pauses, reason=event.data.get("reason"))
    match event.kind:
        case EventKind.PART_DISPATCHED:
            return replace(part, dispatched_at=event.at)
        case EventKind.PART_ACCEPTED:
            return replace(part, accepted_at=event.at)
        case EventKind.PART_SUSPENDED:
            return replace(part, pauses=(*part.pauses, Pause(event.data["cause"], event.at)))
        case EventKind.PART_RESUMED:
            return replace(part, pauses=(*part.pauses[:-1], replace(part.pauses[-1], until_at=event.at)))
        case EventKind.PART_EXTENDED:
            if part.extended_days:
                raise IllegalMove("a limit is extended once")
            return replace(part, extended_days=int(event.data["days"]))
        case EventKind.PART_BOOKED:
            return replace(part, booked=event.data)
        case EventKind.PART_COMPLETED:
            return replace(part, documents=tuple(event.data.get("documents", ())))
    return part


def _noted(view: CaseView, event: Event) -> CaseView:
    """What changes no state."""
    if event.kind in VISITS:
        return _visited(view, event)
    assert event.kind in NOTES
    if event.kind is EventKind.FEE_PAID:
        part = view.parts.get(event.part or "")
        if part is None or part.paid:
            raise IllegalMove("no such part, or it is paid")
        return replace(view, parts={**view.parts, part.id: replace(part, paid=event.data)})
    return view


def _visited(view: CaseView, event: Event) -> CaseView:
    """One appointment for several departments; each signs its own part once."""
    if view.state is not CaseState.ACCEPTED:
        raise IllegalMove("the case is not being handled")
    visit = view.visits.get(event.data["visit"])
    if event.kind is EventKind.VISIT_ARRANGED:
        signed: Mapping[str, Any] = visit["signed"] if visit else {}
        if signed:
            raise IllegalMove("the visit has begun")
        changed = {"at": event.data["at"], "parts": tuple(event.data["parts"]), "signed": {}}
    else:
        if visit is None or event.part not in visit["parts"] or event.part in visit["signed"]:
            raise IllegalMove("this part has nothing to sign")
        changed = {**visit, "signed": {**visit["signed"], event.part: event.data["finding"]}}
    return replace(view, visits={**view.visits, event.data["visit"]: changed})
