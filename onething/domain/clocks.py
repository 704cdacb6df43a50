"""Clocks: pure functions of a case's events and the calendar. A colour is computed when it is read.

A part's clock starts when nothing stands before it any more: at the acceptance of the case, or with
the result it waited for; it counts from the next working day (Administrative Licensing Law, articles
42 and 82), stands while the part is suspended (article 45) and is extended once, with notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import Protocol

from onething.domain.cases import CaseView, PartState, PartView, Pause
from onething.domain.catalog import Limit, Thing
from onething.domain.records import Case, Part
from onething.domain.working_days import SHANGHAI

WaitsFor = Mapping[str, Sequence[str]]


class Calendar(Protocol):
    """Working days, Asia/Shanghai."""

    def after(self, day: date, days: int) -> tuple[date, bool]: ...

    def between(self, after: date, until: date) -> int: ...


class Colour(StrEnum):
    """How a clock stands today."""

    GREEN = "green"
    YELLOW = "yellow"  # near its limit
    RED = "red"  # past its limit
    GREY = "grey"  # stands still, or has no limit


def colour(
    due_on: date | None, warn_on: date | None, paused_on: date | None, ended_on: date | None, today: date
) -> Colour:
    """The colour of a clock; one that has ended keeps green or red for ever."""
    if due_on is None:
        return Colour.GREY
    if ended_on is not None:
        return Colour.RED if ended_on > due_on else Colour.GREEN
    if paused_on is not None:
        return Colour.GREY
    if today > due_on:
        return Colour.RED
    return Colour.YELLOW if warn_on is not None and today >= warn_on else Colour.GREEN


@dataclass(frozen=True)
class Due:
    """When a clock runs out by promise and by law, when to warn, and since when it stands."""

    due_on: date | None = None
    statutory_on: date | None = None
    warn_on: date | None = None
    paused_on: date | None = None


@dataclass(frozen=True)
class Rules:
    """What clocks are computed by: limits, order, calendar, and the share of a limit at which to warn."""

    thing: Thing
    waits_for: WaitsFor
    calendar: Calendar
    warn_share: Decimal = Decimal("0.8")

    def is_promised(self, part: PartView) -> bool:
        """Whether the whole's promise speaks of this part."""
        return self.thing.matters[part.matter].outside_promise is None


def day_of(at: datetime) -> date:
    """The day of an instant in Asia/Shanghai."""
    return at.astimezone(SHANGHAI).date()


def ready_at(view: CaseView, part: PartView, waits_for: WaitsFor) -> datetime | None:
    """When nothing stood before the part any more; None while something does."""
    if view.accepted_at is None:
        return None
    needs = [view.part_of(matter) for matter in waits_for.get(part.matter, ())]
    if any(need.state is not PartState.COMPLETED for need in needs):
        return None
    return max([view.accepted_at, *(need.ended_at for need in needs if need.ended_at)])


def part_due(rules: Rules, view: CaseView, part: PartView) -> Due:
    """The clock of one part, computed from nothing but the events and the rules."""
    started = ready_at(view, part, rules.waits_for)
    if started is None:
        return Due()
    matter = rules.thing.matters[part.matter]
    paused_on = day_of(part.pause.since_at) if part.pause else None
    due_on = warn_on = None
    if matter.promised is not None:
        due_on = _run_out(rules, started, matter.promised, part.pauses, part.extended_days)
        share = Limit(matter.promised.amount * rules.warn_share, matter.promised.unit)
        warn_on = min(due_on, _run_out(rules, started, share, part.pauses, part.extended_days))
    statutory_on = None
    if matter.statutory is not None:
        statutory_on = _run_out(rules, started, matter.statutory, part.pauses, part.extended_days)
    return Due(due_on, statutory_on, warn_on, paused_on)


def case_due(rules: Rules, view: CaseView) -> Due:
    """The clock of the whole: the promise, less the days on which some part of it had to stand still."""
    if view.accepted_at is None:
        return Due()
    parts = [part for part in view.parts.values() if rules.is_promised(part)]
    pauses = _joined(pause for part in parts for pause in part.pauses)
    extended = max((part.extended_days for part in parts), default=0)
    promised = Limit(Decimal(rules.thing.promise.days))
    share = Limit(promised.amount * rules.warn_share)
    due_on = _run_out(rules, view.accepted_at, promised, pauses, extended)
    lasting = next((pause for pause in pauses if pause.until_at is None), None)
    return Due(
        due_on=due_on,
        warn_on=min(due_on, _run_out(rules, view.accepted_at, share, pauses, extended)),
        paused_on=day_of(lasting.since_at) if lasting else None,
    )


def results_at(rules: Rules, view: CaseView) -> datetime | None:
    """When the last part that the promise speaks of had its end; None before."""
    ended = [part.ended_at for part in view.parts.values() if rules.is_promised(part)]
    if not ended or any(at is None for at in ended):
        return None
    return max(at for at in ended if at is not None)


def project(rules: Rules, case: Case, before: CaseView | None, view: CaseView) -> Case:
    """The row of the case as its events now have it.

    A due time that no new event touches stays as it was fixed, whatever calendar came since.
    """
    kept = {part.id: part for part in case.parts}
    parts = tuple(
        _projected_part(rules, kept[part.id], before, view, view.parts[part.id]) for part in case.parts
    )
    changed = replace(
        case,
        state=view.state.value,
        sequence=view.sequence,
        parts=parts,
        accepted_at=view.accepted_at,
        closed_at=view.ended_at,
        results_at=results_at(rules, view),
    )
    if before is not None and _case_inputs(rules, before) == _case_inputs(rules, view):
        return changed
    due = case_due(rules, view)
    return replace(changed, due_on=due.due_on, warn_on=due.warn_on, paused_on=due.paused_on)


def _projected_part(
    rules: Rules, kept: Part, before: CaseView | None, view: CaseView, part: PartView
) -> Part:
    changed = replace(
        kept,
        state=part.state,
        dispatched_at=part.dispatched_at,
        accepted_at=part.accepted_at,
        ended_at=part.ended_at,
    )
    if before and _part_inputs(rules, before, before.parts[part.id]) == _part_inputs(rules, view, part):
        return changed
    due = part_due(rules, view, part)
    return replace(
        changed,
        due_on=due.due_on,
        statutory_on=due.statutory_on,
        warn_on=due.warn_on,
        paused_on=due.paused_on,
    )


def _part_inputs(rules: Rules, view: CaseView, part: PartView) -> tuple[object, ...]:
    return ready_at(view, part, rules.waits_for), part.pauses, part.extended_days


def _case_inputs(rules: Rules, view: CaseView) -> tuple[object, ...]:
    promised = [part for part in view.parts.values() if rules.is_promised(part)]
    return view.accepted_at, [(part.pauses, part.extended_days) for part in promised]


def _run_out(
    rules: Rules, started: datetime, limit: Limit, pauses: Sequence[Pause], extended_days: int
) -> date:
    """The day a limit runs out; what stood still is added in the limit's own kind of days.

    A pause that begins when the limit has run out adds nothing: what is late stays late.
    """
    start_on, days = day_of(started), int(limit.amount.to_integral_value(ROUND_CEILING)) + extended_days
    stood = sorted((day_of(p.since_at), day_of(p.until_at)) for p in pauses if p.until_at is not None)
    run_out_on = _after(rules, start_on, days, limit.unit)
    for since_on, until_on in stood:
        if since_on < run_out_on:
            days += _between(rules, since_on, until_on, limit.unit)
            run_out_on = _after(rules, start_on, days, limit.unit)
    return run_out_on


def _after(rules: Rules, start_on: date, days: int, unit: str) -> date:
    return start_on + timedelta(days=days) if unit == "cd" else rules.calendar.after(start_on, days)[0]


def _between(rules: Rules, since_on: date, until_on: date, unit: str) -> int:
    return (until_on - since_on).days if unit == "cd" else rules.calendar.between(since_on, until_on)


def _joined(pauses: Iterable[Pause]) -> list[Pause]:
    """Pauses of several parts as stretches of which no two touch; the lasting one comes last."""
    joined: list[Pause] = []
    for pause in sorted(pauses, key=lambda each: each.since_at):
        last = joined[-1] if joined else None
        if last is None or (last.until_at is not None and last.until_at < pause.since_at):
            joined.append(pause)
        elif last.until_at is not None:
            until = None if pause.until_at is None else max(last.until_at, pause.until_at)
            joined[-1] = replace(last, until_at=until)
    return joined
