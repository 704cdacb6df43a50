"""Statistics of a period, added up from the counters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from onething.domain.actors import Actor
from onething.domain.clocks import day_of
from onething.domain.listing import Filters
from onething.domain.staff import Role
from onething.domain.statistics import (
    DepartmentNumbers,
    OpenClocks,
    Period,
    Rated,
    Statistics,
    ThingNumbers,
    by_share,
    case_numbers,
    closed_of,
    count_colours,
    department_numbers,
    health_of,
    saved_of,
    sum_by,
    waiting_of,
)
from onething.domain.tallies import Measure, Tally
from onething.ports import Ports
from onething.services.duties import must_be

Counters = Sequence[tuple[Tally, int]]
Clocks = Sequence[tuple[OpenClocks, int]]


def get_statistics(ports: Ports, actor: Actor, period: Period, division: str | None = None) -> Statistics:
    """Everything of a period; open clocks and their colours are those of now. Raises ``RoleMissing``."""
    must_be(actor, Role.SUPERVISOR)
    return make_statistics(ports, period, division)


def make_statistics(ports: Ports, period: Period, division: str | None = None) -> Statistics:
    """The statistics, whoever wants them: for the bulletin and the command line."""
    today = day_of(ports.clock.now())
    tallies = ports.reads.tallies(period, division)
    clocks = ports.reads.open_clocks(today, Filters(division=division))
    rated = ports.reads.rated_in(today, period, division)
    whole = sum_by(tallies, lambda _tally: "").get("", {})
    calls, answered = ports.reads.calls_in(period, division)
    return Statistics(
        period=period,
        today=today,
        cases=case_numbers(whole),
        open_cases=count_colours(each for each in clocks if each[0].of == "case"),
        departments=by_share(_departments(tallies, clocks, rated)),
        things=tuple(_things(ports, tallies, period, division)),
        saved=saved_of(whole),
        rated=_together(rated.values()),
        sources=health_of(ports.reads.source_answers(*period.moments)),
        disputes=tuple(ports.reads.disputed_in(period, division)),
        staff_calls=calls,
        staff_calls_answered=answered,
    )


def _departments(
    tallies: Counters, clocks: Clocks, rated: Mapping[str, Rated]
) -> Iterator[DepartmentNumbers]:
    sums = sum_by(tallies, lambda tally: tally.department)
    parts = [each for each in clocks if each[0].of == "part"]
    codes = {*sums, *rated, *(clock.department for clock, _amount in parts)} - {""}
    for code in sorted(codes):
        own = [each for each in parts if each[0].department == code]
        yield department_numbers(code, sums.get(code, {}), own, rated.get(code, Rated()))


def _things(ports: Ports, tallies: Counters, period: Period, division: str | None) -> Iterator[ThingNumbers]:
    """Waiting times are those of the 30 days up to the period's end, as the guide shows them."""
    last = min(period.last, day_of(ports.clock.now()))
    waited = ports.reads.tallies(Period.before(last), division, measure=Measure.WAITED)
    for code, sums in sorted(sum_by(tallies, lambda tally: tally.thing).items()):
        own = [each for each in waited if each[0].thing == code]
        waiting = waiting_of(own, ports.working_days.between)
        yield ThingNumbers(code, sums.get(Measure.SUBMITTED, 0), closed_of(sums), waiting)


def _together(rated: Iterable[Rated]) -> Rated:
    levels: Counter[str] = Counter()
    still, settled, overdue = 0, 0, 0
    for each in rated:
        levels.update(each.levels)
        still += each.rectifications_open
        settled += each.rectifications_settled
        overdue += each.rectifications_overdue
    return Rated(dict(levels), still, settled, overdue)
