"""Supervision's files: the board and the statistics for spreadsheets, the month's bulletin as PDF.

Taking a list out of the house is an act of its own and audited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from onething.domain.actors import Actor
from onething.domain.bulletin import Bulletin
from onething.domain.catalog import Catalog, Label
from onething.domain.clocks import day_of
from onething.domain.errors import Refusal
from onething.domain.listing import MOST_ROWS, CaseLine, Filters
from onething.domain.records import AuditRow
from onething.domain.spreadsheet import Sheet
from onething.domain.staff import Role
from onething.domain.statistics import Period
from onething.ports import Ports
from onething.services.duties import must_be
from onething.services.supervision_numbers import get_statistics, make_statistics
from onething.services.supervision_sheets import board_sheet, statistics_sheets

MOST_EXPORTED = 20_000
MOST_LATE = 60  # named in the bulletin; the others are counted
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ISSUER = "XZSP"  # the county's coordinating bureau


class PeriodNotBegun(Refusal):
    """A month of which no day has come yet."""

    reason = "period_not_begun"
    text = Label("该期间尚未开始", "This period has not begun")


class TooManyRows(Refusal):
    """More rows than an export takes: to be narrowed first."""

    reason = "too_many_rows"
    text = Label("数据过多，请先筛选再导出", "Too many rows; narrow the list before exporting it")


@dataclass(frozen=True)
class Export:
    """A file to be handed out."""

    name: str
    media_type: str
    data: bytes


def export_board(ports: Ports, actor: Actor, filters: Filters, form: str = "csv") -> Export:
    """The board's cases as a file (``csv`` or ``xlsx``). Raises ``TooManyRows``."""
    must_be(actor, Role.SUPERVISOR)
    _revision, catalog = ports.catalogs.current()
    lines: list[CaseLine] = []
    cursor: str | None = None
    while True:
        page = ports.reads.board(day_of(ports.clock.now()), filters, cursor, MOST_ROWS)
        lines += page.rows
        cursor = page.next
        if cursor is None:
            break
        if len(lines) >= MOST_EXPORTED:
            raise TooManyRows
    _note_export(ports, actor, "board_exported", {"rows": len(lines), **_said(filters)})
    return _export(
        ports, f"办件看板-{day_of(ports.clock.now()).isoformat()}", [board_sheet(catalog, lines)], form
    )


def export_statistics(
    ports: Ports, actor: Actor, period: Period, division: str | None = None, form: str = "xlsx"
) -> Export:
    """The statistics as a file; CSV takes the first sheet, that of the departments."""
    statistics = get_statistics(ports, actor, period, division)
    _revision, catalog = ports.catalogs.current()
    _note_export(ports, actor, "statistics_exported", _named(period))
    name = f"办理统计-{period.first.isoformat()}-{period.last.isoformat()}"
    return _export(ports, name, statistics_sheets(catalog, statistics), form)


def export_bulletin(ports: Ports, actor: Actor, year: int, month: int) -> Export:
    """The month's bulletin as PDF. Raises ``PeriodNotBegun``."""
    must_be(actor, Role.SUPERVISOR)
    data = ports.bulletins.render(make_bulletin(ports, year, month))
    _note_export(ports, actor, "bulletin_made", _named(Period.of_month(year, month)))
    return Export(f"一件事一次办通报-{year}-{month:02d}.pdf", "application/pdf", data)


def make_bulletin(ports: Ports, year: int, month: int) -> Bulletin:
    """The content of a month's bulletin, from the counters of that month and the one before."""
    period = Period.of_month(year, month)
    today = day_of(ports.clock.now())
    if period.first > today:
        raise PeriodNotBegun
    before = period.first - timedelta(days=1)
    _revision, catalog = ports.catalogs.current()
    late = ports.reads.late_in(today, period, None, MOST_EXPORTED)
    county = _county_of(catalog)
    bureau = catalog.departments.get(_ISSUER)
    return Bulletin(
        county_zh=county,
        issued_by_zh=f"{county}{bureau.label.zh}" if bureau else f"{county}“一件事一次办”工作专班",
        year=year,
        number=month,
        made_at=ports.clock.now(),
        statistics=make_statistics(ports, period),
        previous=make_statistics(ports, Period.of_month(before.year, before.month)),
        late=tuple(late[:MOST_LATE]),
        late_not_listed=max(len(late) - MOST_LATE, 0),
        departments={code: each.label for code, each in catalog.departments.items()},
        things={code: thing.label for code, thing in catalog.things.items()},
        matters={
            (code, matter.code): matter.label
            for code, thing in catalog.things.items()
            for matter in thing.matters.values()
        },
        sources={code: source.label for code, source in catalog.sources.items()},
    )


def _county_of(catalog: Catalog) -> str:
    """The county as the pack's own name begins with it."""
    return catalog.label.zh.partition("“")[0]


def _export(ports: Ports, name: str, sheets: Sequence[Sheet], form: str) -> Export:
    if form == "xlsx":
        return Export(f"{name}.xlsx", _XLSX, ports.spreadsheets.to_xlsx(sheets))
    return Export(f"{name}.csv", "text/csv; charset=utf-8", ports.spreadsheets.to_csv(sheets[0]))


def _note_export(ports: Ports, actor: Actor, action: str, detail: Mapping[str, Any]) -> None:
    with ports.records.act() as uow:
        uow.audit.add(
            AuditRow(
                at=ports.clock.now(),
                actor=actor.id,
                actor_kind=actor.kind,
                action=action,
                purpose="supervision",
                detail=dict(detail),
            )
        )


def _said(filters: Filters) -> dict[str, str]:
    return {name: str(value) for name, value in asdict(filters).items() if value is not None}


def _named(period: Period) -> dict[str, str]:
    return {"first": period.first.isoformat(), "last": period.last.isoformat()}
