"""What one birth leaves in the numbers: sources' answers, what was saved, what stands open, who called."""

from dataclasses import replace
from datetime import timedelta

import pypdfium2
import pytest

from onething.domain.actors import Actor
from onething.domain.clocks import Colour, day_of
from onething.domain.errors import NotFound
from onething.domain.listing import Filters
from onething.domain.staff import RoleMissing
from onething.domain.statistics import Period, health_of
from onething.services import (
    browsing,
    calling_staff,
    handling,
    supervision,
    supervision_exports,
    supervision_numbers,
)
from onething.worker import Worker
from tests.services.county import County
from tests.services.office import HandClock

OFFICER = Actor("staff-4", "staff", department="WJ", roles=frozenset({"department"}))
SUPERVISOR = Actor("staff-1", "staff", roles=frozenset({"supervisor"}))
CLERK = Actor("staff-2", "staff", roles=frozenset({"clerk"}))
AUDITOR = Actor("staff-3", "staff", roles=frozenset({"auditor"}))


def test_a_birth_is_counted_as_it_was_filled_in(county: County) -> None:
    session = county.sign_in()
    draft = county.ready_birth(session)
    fields = [field for section in draft["form"]["sections"] for field in section["fields"]]
    typed = [field for field in fields if field["state"] == "typed"]
    number = county.submit(session, draft)["case_number"]
    today = day_of(county.ports.clock.now())
    numbers = supervision_numbers.get_statistics(county.ports, SUPERVISOR, Period(today, today))
    assert numbers.cases.submitted == 1
    assert numbers.saved.values > len(typed) > 0
    assert numbers.saved.values - numbers.saved.prefilled == len(typed)
    met = [material for material in draft["materials"] if material["state"] in ("met", "inside")]
    assert numbers.saved.papers_exempt == len(met) > 0
    assert numbers.saved.visits == 4
    assert [thing.thing for thing in numbers.things] == ["P-NEWBORN"]
    (line,) = supervision.list_board(county.ports, CLERK, Filters()).rows
    assert (line.number, line.state) == (number, "accepted")
    assert supervision.get_overview(county.ports, SUPERVISOR).cases.open == 1
    assert browsing.get_guide(county.ports, "P-NEWBORN")["waiting"] is None  # one case tells nothing yet


def test_a_source_that_is_down_shows_in_its_health(county: County) -> None:
    county.sandbox.put_mood("birth_register", "down")
    session = county.sign_in()
    draft = county.agree(session, county.open(session))
    county.fetch(session, draft)
    now = county.ports.clock.now()
    answers = county.ports.reads.source_answers(now - timedelta(hours=1), now + timedelta(seconds=1))
    health = {each.source: each for each in health_of(answers)}
    assert health["birth_register"].unavailable > 0
    assert health["birth_register"].share == 0
    assert health["birth_register"].reasons
    assert any(each.found for code, each in health.items() if code != "birth_register")


def test_a_late_case_is_named_with_its_part_on_board_and_bulletin(county: County) -> None:
    """Each department hides its part until the clock has run out; one then ends it, too late."""
    clock = HandClock()
    county.ports = replace(county.ports, clock=clock)
    for department in ("WJ", "GA"):
        county.sandbox.put_department(department, decide="hold")
    session = county.sign_in()
    number = county.submit(session, county.ready_birth(session))["case_number"]
    Worker(county.ports, "numbers").work_once()
    assert not supervision.list_late(county.ports, SUPERVISOR, Filters()).rows
    clock.at += timedelta(days=30)
    (line,) = supervision.list_board(county.ports, SUPERVISOR, Filters(colour=Colour.RED)).rows
    assert line.number == number
    late = {(part.department, part.matter) for part in line.responsible}
    assert late == {("WJ", "BIRTH-CERT"), ("WJ", "VACCINE")}
    assert supervision.get_overview(county.ports, SUPERVISOR).cases.red == 1
    report = {"kind": "completed", "result": {"facts": {}, "documents": []}}
    handling.decide(county.ports, OFFICER, number, "VACCINE", report)
    today = day_of(clock.at)
    lines = county.ports.reads.late_in(today, Period(today - timedelta(days=31), today), None, 10)
    assert {(each.case_number, each.matter, each.ended_on) for each in lines} == {
        (number, "BIRTH-CERT", None),
        (number, "VACCINE", today),
    }
    (health,) = (
        each
        for each in supervision_numbers.make_statistics(county.ports, Period(today, today)).departments
        if each.department == "WJ"
    )
    assert (health.kept.late, health.open.red) == (1, 1)
    bulletin = supervision_exports.export_bulletin(county.ports, SUPERVISOR, today.year, today.month)
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(bulletin.data))
    assert number in text
    assert "卫生健康委员会" in text


def test_a_call_is_open_until_somebody_comes(county: County) -> None:
    called = calling_staff.call(county.ports, county.terminal, "form", None)
    (line,) = supervision.list_staff_calls(county.ports, CLERK, Filters(state="open")).rows
    assert (line.call, line.hall) == (called["call"], county.terminal.hall)
    with pytest.raises(RoleMissing):
        calling_staff.answer(county.ports, AUDITOR, line.call)
    calling_staff.answer(county.ports, CLERK, line.call)
    assert not supervision.list_staff_calls(county.ports, CLERK, Filters(state="open")).rows
    with pytest.raises(NotFound):
        calling_staff.answer(county.ports, CLERK, line.call)
    today = day_of(county.ports.clock.now())
    assert county.ports.reads.calls_in(Period(today, today), None) == (1, 1)
