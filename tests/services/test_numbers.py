"""What one birth leaves in the numbers: sources' answers, what was saved, what stands open, who called."""

from datetime import timedelta

import pytest

from onething.domain.actors import Actor
from onething.domain.clocks import day_of
from onething.domain.errors import NotFound
from onething.domain.listing import Filters
from onething.domain.staff import RoleMissing
from onething.domain.statistics import Period, health_of
from onething.services import browsing, calling_staff, supervision, supervision_numbers
from tests.services.county import County

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
