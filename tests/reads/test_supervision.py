"""Supervision by role: who sees what, what the numbers say, and which acts are audited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from onething.documents.bulletin_pdf import TypstBulletins
from onething.documents.spreadsheets import Spreadsheets
from onething.domain.actors import Actor
from onething.domain.cases import CaseState
from onething.domain.catalog import Catalog
from onething.domain.clocks import Colour
from onething.domain.errors import NotFound
from onething.domain.listing import Filters
from onething.domain.records import Case
from onething.domain.staff import RoleMissing
from onething.domain.statistics import Period
from onething.domain.working_days import WorkingCalendar, Year
from onething.packs.reading import load_pack
from onething.ports import Ports
from onething.reads.database import DatabaseReads
from onething.services import supervision, supervision_exports, supervision_numbers
from onething.services.supervision_exports import PeriodNotBegun
from onething.storage.unit_of_work import DatabaseRecords

from .made_cases import TODAY

SUPERVISOR = Actor("staff-1", "staff", roles=frozenset({"supervisor"}))
OFFICER = Actor("staff-2", "staff", department="GA", roles=frozenset({"department"}))
CLERK = Actor("staff-3", "staff", roles=frozenset({"clerk"}))
AUDITOR = Actor("staff-4", "staff", roles=frozenset({"auditor"}))
CALENDAR = WorkingCalendar({2026: Year(frozenset(), frozenset())})


@dataclass
class _Clock:
    def now(self) -> datetime:
        return datetime(TODAY.year, TODAY.month, TODAY.day, 4, tzinfo=UTC)


@dataclass
class _OneCatalog:
    catalog: Catalog

    def current(self) -> tuple[int, Catalog]:
        return 1, self.catalog

    def get(self, _revision: int) -> Catalog:
        return self.catalog


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The county's pack."""
    found = load_pack(Path(__file__).parents[2] / "catalog" / "xinxian").catalog
    assert found is not None
    return found


@pytest.fixture
def ports(records: DatabaseRecords, reads: DatabaseReads, catalog: Catalog) -> Ports:
    """What supervision needs; the rest is not there."""
    given: dict[str, Any] = {
        "clock": _Clock(),
        "records": records,
        "reads": reads,
        "catalogs": _OneCatalog(catalog),
        "working_days": CALENDAR,
        "bulletins": TypstBulletins(),
        "spreadsheets": Spreadsheets(),
    }
    needed = {each.name: None for each in fields(Ports) if each.default is MISSING}
    return Ports(**{**needed, **given})


def _audited(records: DatabaseRecords, action: str) -> list[tuple[str, str]]:
    query = f"SELECT actor, detail FROM audit WHERE action = '{action}' ORDER BY id"
    with records.read() as uow:
        return [(row[0], row[1]) for row in uow.connection.exec_driver_sql(query)]


def test_an_officer_sees_only_their_own_department(ports: Ports) -> None:
    page = supervision.list_department_queue(ports, OFFICER, Filters())
    assert page.rows
    assert {line.department for line in page.rows} == {"GA"}
    assert {line.department for line in supervision.list_late(ports, OFFICER, Filters()).rows} == {"GA"}
    with pytest.raises(NotFound):
        supervision.list_department_queue(ports, OFFICER, Filters(department="YB"))
    with pytest.raises(NotFound):
        supervision.list_orders(ports, OFFICER, Filters(department="YB"))
    with pytest.raises(NotFound):
        supervision.list_department_queue(ports, Actor("s", "staff", roles=OFFICER.roles), Filters())


def test_a_supervisor_sees_every_department(ports: Ports) -> None:
    assert supervision.list_department_queue(ports, SUPERVISOR, Filters(department="YB")).rows
    assert len({line.department for line in supervision.list_late(ports, SUPERVISOR, Filters()).rows}) > 1
    with pytest.raises(NotFound):
        supervision.list_department_queue(ports, SUPERVISOR, Filters())


def _acts() -> Iterator[Any]:
    yield lambda p, a: supervision.list_window_queue(p, a, Filters())
    yield lambda p, a: supervision.list_department_queue(p, a, Filters())
    yield lambda p, a: supervision.list_board(p, a, Filters())
    yield lambda p, a: supervision.list_late(p, a, Filters())
    yield lambda p, a: supervision.list_orders(p, a, Filters())
    yield lambda p, a: supervision.list_disputes(p, a, Filters())
    yield lambda p, a: supervision.list_ratings(p, a, Filters())
    yield lambda p, a: supervision.list_staff_calls(p, a, Filters())
    yield lambda p, a: supervision.get_overview(p, a)
    yield lambda p, a: supervision.get_source_health(p, a)
    yield lambda p, a: supervision_numbers.get_statistics(p, a, Period(TODAY, TODAY))
    yield lambda p, a: supervision_exports.export_board(p, a, Filters())
    yield lambda p, a: supervision_exports.export_statistics(p, a, Period(TODAY, TODAY))
    yield lambda p, a: supervision_exports.export_bulletin(p, a, 2026, 11)


@pytest.mark.parametrize("act", list(_acts()))
@pytest.mark.parametrize("actor", [AUDITOR, Actor("session", "citizen", holder="0" * 32)])
def test_who_has_no_such_role_sees_nothing(ports: Ports, actor: Actor, act: Any) -> None:
    with pytest.raises(RoleMissing):
        act(ports, actor)


def test_the_overview_is_the_sum_of_the_lists(ports: Ports, cases: list[Case]) -> None:
    overview = supervision.get_overview(ports, SUPERVISOR)
    assert overview.to_accept == sum(case.state == CaseState.RECEIVED for case in cases)
    assert overview.in_supplement == sum(case.state == CaseState.SUPPLEMENT for case in cases)
    assert overview.cases.open == sum(not CaseState(case.state).is_final for case in cases)
    assert overview.parts.open == sum(colours.open for _code, colours in overview.departments)
    own = supervision.get_overview(ports, OFFICER)
    assert [code for code, _colours in own.departments] == ["GA"]
    assert own.parts == dict(overview.departments)["GA"]


def test_an_export_of_the_board_has_every_line_and_is_audited(
    ports: Ports, records: DatabaseRecords, cases: list[Case]
) -> None:
    export = supervision_exports.export_board(ports, SUPERVISOR, Filters(colour=Colour.RED), "csv")
    lines = export.data.decode("utf-8-sig").split("\r\n")
    red = supervision.get_overview(ports, SUPERVISOR).cases.red
    assert len(lines) == red + 2  # headings, and nothing after the last line end
    assert export.name == "办件看板-2026-11-20.csv"
    assert "超期" in lines[1]
    actor, detail = _audited(records, "board_exported")[-1]
    assert actor == SUPERVISOR.id
    assert f'"rows":{red}' in detail
    assert '"colour":"red"' in detail


def test_the_statistics_count_what_was_submitted(ports: Ports, cases: list[Case]) -> None:
    statistics = supervision_numbers.get_statistics(ports, SUPERVISOR, Period.of_month(2026, 11))
    assert statistics.cases.submitted == len(cases)
    assert sum(thing.submitted for thing in statistics.things) == len(cases)
    assert statistics.open_cases == supervision.get_overview(ports, SUPERVISOR).cases
    by_division = [
        supervision_numbers.get_statistics(ports, SUPERVISOR, Period.of_month(2026, 11), division)
        for division in ("411523", "411523101")
    ]
    assert sum(each.cases.submitted for each in by_division) == len(cases)
    october = supervision_numbers.get_statistics(ports, SUPERVISOR, Period.of_month(2026, 10))
    assert october.cases.submitted == 0


def test_the_bulletin_names_late_cases_with_their_department(
    ports: Ports, records: DatabaseRecords, catalog: Catalog
) -> None:
    export = supervision_exports.export_bulletin(ports, SUPERVISOR, 2026, 11)
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(export.data))
    late = supervision.list_late(ports, SUPERVISOR, Filters()).rows[0]
    assert late.case_number in text
    assert catalog.departments[late.department].label.zh in text
    assert "新县" in text
    assert _audited(records, "bulletin_made")[-1][0] == SUPERVISOR.id


def test_a_month_that_has_not_begun_has_no_bulletin(ports: Ports) -> None:
    with pytest.raises(PeriodNotBegun):
        supervision_exports.export_bulletin(ports, SUPERVISOR, 2026, 12)
