"""Cases made for tests of lists: every state, colour and department, with equal days among them.

Nobody is in them: holders are digests of nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from onething.domain.cases import CaseState, Event, EventKind, PartState
from onething.domain.records import Case, Part
from onething.domain.tallies import tallies_of
from onething.storage.unit_of_work import DatabaseRecords

TODAY = date(2026, 11, 20)
THINGS = ("P-NEWBORN", "E-RESTAURANT", "P-DISABILITY")
DEPARTMENTS = ("GA", "WJ", "YB", "RS")
_FINAL_PARTS = (PartState.COMPLETED, PartState.DENIED, PartState.STOPPED, PartState.WITHDRAWN)
_OPEN_PARTS = (PartState.WAITING, PartState.DISPATCHED, PartState.IN_HANDLING, PartState.SUSPENDED)


def made_cases(number: int, seed: int = 7) -> list[Case]:
    """The same ones for the same seed."""
    chance = random.Random(seed)
    return [_case(chance, at) for at in range(number)]


def write_cases(records: DatabaseRecords, cases: Sequence[Case]) -> None:
    """Each with the event of its submission and with its tallies."""
    with records.act() as uow:
        for case in cases:
            events = [submitted(case)]
            uow.cases.add(case, events, {})
            uow.tallies.add(tallies_of(None, case, events), case.id)


def submitted(case: Case) -> Event:
    """The first event of a case."""
    parts = [{"id": part.id, "matter": part.matter} for part in case.parts]
    return Event(1, EventKind.SUBMITTED, case.submitted_at, None, {"parts": parts})


def _case(chance: random.Random, at: int) -> Case:
    state = chance.choice(list(CaseState))
    submitted_at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=chance.randrange(480))
    accepted = state in (CaseState.ACCEPTED, CaseState.CLOSED)
    due_on = TODAY + timedelta(days=chance.randrange(-6, 9)) if accepted else None
    is_paused = state is CaseState.ACCEPTED and chance.random() < 0.2
    ended_at = datetime(2026, 11, 20, tzinfo=UTC) - timedelta(hours=chance.randrange(96))
    case = Case(
        id=f"case-{at:04d}",
        number=f"XJ26{at:06d}",
        thing=chance.choice(THINGS),
        holder=f"{at:032x}",
        draft=f"draft-{at:04d}",
        revision=1,
        plan={"materials": [], "waits_for": {}},
        division=chance.choice(("411523", "411523101")),
        terminal=None,
        submitted_at=submitted_at,
        answered_by=TODAY + timedelta(days=chance.randrange(-1, 6)),
        state=state.value,
        sequence=1,
        parts=(),
        due_on=due_on,
        lead=chance.choice(DEPARTMENTS),
        warn_on=due_on - timedelta(days=2) if due_on else None,
        paused_on=TODAY - timedelta(days=1) if is_paused else None,
        accepted_at=submitted_at if accepted else None,
        results_at=ended_at if state.is_final else None,
        closed_at=ended_at if state.is_final else None,
    )
    return replace(case, parts=tuple(_parts(chance, case)))


def _parts(chance: random.Random, case: Case) -> Iterator[Part]:
    states = _FINAL_PARTS if CaseState(case.state).is_final else _OPEN_PARTS + _FINAL_PARTS
    if case.state in (CaseState.RECEIVED.value, CaseState.SUPPLEMENT.value):
        states = (PartState.WAITING,)
    for place in range(chance.randrange(1, 4)):
        state = chance.choice(states)
        has_limit = case.due_on is not None and chance.random() < 0.8
        due_on = TODAY + timedelta(days=chance.randrange(-5, 8)) if has_limit else None
        yield Part(
            id=f"part-{case.id}-{place}",
            matter=f"MATTER-{place}",
            department=chance.choice(DEPARTMENTS),
            state=state,
            due_on=due_on,
            warn_on=due_on - timedelta(days=1) if due_on and chance.random() < 0.8 else None,
            paused_on=TODAY if state is PartState.SUSPENDED else None,
            dispatched_at=None if state is PartState.WAITING else case.submitted_at,
            ended_at=datetime(2026, 11, 19, 3, tzinfo=UTC) if state.is_final else None,
        )
