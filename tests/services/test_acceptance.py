"""Acceptance, the one supplement, refusal, withdrawal and clocks, over both databases and the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from onething.domain.actors import Actor
from onething.domain.catalog import Label
from onething.domain.clocks import day_of
from onething.domain.errors import NotFound
from onething.domain.records import Session
from onething.ports import Once
from onething.services import (
    accepting,
    casefiles,
    finding_cases,
    following,
    handling,
    notices,
    supervising,
    supplementing,
    withdrawing,
)
from onething.worker import Worker
from sandbox.running import RunningSandbox
from tests.services.county import County, signature

CLERK = Actor("clerk-1", "staff", roles=frozenset({"clerk"}))
SUPERVISOR = Actor("chief", "staff", roles=frozenset({"supervisor"}))


def officer(department: str) -> Actor:
    return Actor(f"officer-{department}", "staff", department, frozenset({"department"}))


class HandClock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def county(database_url: str, sandbox: RunningSandbox, tmp_path: Path) -> Iterator[County]:
    with County(database_url, sandbox, tmp_path, window_accepts=True) as made:
        for department in ("WJ", "GA"):
            made.sandbox.put_department(department, decide="hold")
        made.ports = replace(made.ports, clock=HandClock())
        yield made


def submitted(county: County) -> tuple[Session, str]:
    session = county.sign_in()
    return session, county.submit(session, county.ready_birth(session))["case_number"]


def seen(county: County, number: str, actor: Actor = CLERK) -> dict[str, Any]:
    return casefiles.view_case_for_staff(county.ports, actor, number)


def states(county: County, number: str) -> dict[str, str]:
    return {part["matter"]: part["state"] for part in seen(county, number)["parts"]}


def forward(county: County, days: int) -> None:
    """Working days pass."""
    clock = county.ports.clock
    assert isinstance(clock, HandClock)
    day, _ = county.ports.working_days.after(day_of(clock.at), days)
    clock.at += timedelta(days=(day - day_of(clock.at)).days)


def citizen(session: Session) -> Actor:
    return Actor(session.id, "citizen", terminal=session.terminal, holder=session.holder)


def decide(county: County, number: str, matter: str, kind: str, **told: Any) -> None:
    department = next(p["department"]["code"] for p in seen(county, number)["parts"] if p["matter"] == matter)
    handling.decide(county.ports, officer(department), number, matter, {"kind": kind, **told})


def test_nothing_goes_out_before_the_window_accepts(county: County) -> None:
    session, number = submitted(county)
    assert Worker(county.ports, "test").work_once() == 0
    told = accepting.accept_case(county.ports, CLERK, number)
    case = seen(county, number)
    assert (case["state"], case["due_on"]) == ("accepted", told["due_on"])
    assert (
        date.fromisoformat(told["due_on"])
        == county.ports.working_days.after(day_of(county.ports.clock.now()), 5)[0]
    )
    Worker(county.ports, "test").work_once()
    assert {m for m, s in states(county, number).items() if s != "waiting"} == {"BIRTH-CERT", "VACCINE"}
    pdf = notices.get_notice(county.ports, citizen(session), told["notice"])
    assert pdf.startswith(b"%PDF")
    with pytest.raises(accepting.IllegalReport):
        accepting.accept_case(county.ports, CLERK, number)


def test_a_silent_window_has_accepted_on_the_sixth_day_once(county: County) -> None:
    _, number = submitted(county)
    forward(county, 5)
    accepting.settle_receptions(county.ports)
    assert seen(county, number)["state"] == "received"
    forward(county, 1)
    for _ in range(3):
        accepting.settle_receptions(county.ports)
    case = seen(county, number)
    assert case["state"] == "accepted"
    assert [each["kind"] for each in case["notices"]] == ["accepted"]


def test_a_refusal_needs_reason_and_remedy_and_ends_the_case(county: County) -> None:
    session, number = submitted(county)
    with pytest.raises(handling.ReasonNeeded):
        accepting.refuse_case(county.ports, CLERK, number, reason=Label("", ""), remedy=Label("x", "x"))
    assert seen(county, number)["state"] == "received"
    accepting.refuse_case(
        county.ports,
        CLERK,
        number,
        reason=Label("户籍不在本省", "Not of this province"),
        remedy=Label("到户籍地办理", ""),
    )
    assert following.view_case(county.ports, session, number)["state"] == "refused"
    with pytest.raises(accepting.IllegalReport):
        accepting.accept_case(county.ports, CLERK, number)


def test_every_want_is_gathered_into_one_notice_and_asked_once(county: County) -> None:
    session, number = submitted(county)
    wants = [{"material": "sign_form", "zh": "签名不清楚", "en": "The signature cannot be read"}]
    accepting.want_supplement(county.ports, CLERK, number, matter=None, wants=wants)
    accepting.want_supplement(
        county.ports, officer("GA"), number, matter="HUKOU", wants=[{"material": "hukou", "zh": "缺首页"}]
    )
    with pytest.raises(accepting.IllegalReport):
        accepting.want_supplement(county.ports, CLERK, number, matter=None, wants=wants)
    with pytest.raises(NotFound):
        accepting.want_supplement(county.ports, officer("GA"), number, matter="BIRTH-CERT", wants=wants)
    with pytest.raises(accepting.WantsUnsent):
        accepting.accept_case(county.ports, CLERK, number)
    accepting.ask_supplement(county.ports, CLERK, number)
    case = seen(county, number)
    assert (case["state"], [each["kind"] for each in case["notices"]]) == ("supplement", ["supplement"])
    assert [want["zh"] for each in case["asked"] for want in each["wants"]] == ["签名不清楚", "缺首页"]
    with pytest.raises(supplementing.SupplementMissing):
        supplementing.give_supplement(county.ports, citizen(session), number)
    for material in ("sign_form", "hukou"):
        once = Once(f"page-of-{material}", "0" * 64)
        first = supplementing.attach_page(county.ports, citizen(session), number, material, signature(), once)
        again = supplementing.attach_page(county.ports, citizen(session), number, material, signature(), once)
        assert again == first
    with county.ports.records.read() as uow:
        assert len([f for f in uow.files.list_of(case["id"]) if f.material in ("sign_form", "hukou")]) == 2
    with pytest.raises(supplementing.NotAsked):
        supplementing.attach_page(county.ports, citizen(session), number, "m_id", signature())
    forward(county, 3)
    supplementing.give_supplement(county.ports, citizen(session), number)
    again = seen(county, number)
    assert again["state"] == "received"
    assert again["answered_by"] > case["answered_by"]
    with pytest.raises(accepting.NothingWanted):
        accepting.ask_supplement(county.ports, CLERK, number)


def test_what_never_comes_ends_the_case(county: County) -> None:
    _, number = submitted(county)
    accepting.want_supplement(county.ports, CLERK, number, matter=None, wants=[{"zh": "请补充联系电话"}])
    accepting.ask_supplement(county.ports, CLERK, number)
    forward(county, 10)
    accepting.settle_receptions(county.ports)
    assert seen(county, number)["state"] == "supplement"
    forward(county, 1)
    accepting.settle_receptions(county.ports)
    case = seen(county, number)
    assert (case["state"], [each["kind"] for each in case["notices"]]) == (
        "refused",
        ["supplement", "refused"],
    )


def test_the_clock_stands_while_the_citizen_supplements(county: County) -> None:
    session, number = submitted(county)
    accepting.accept_case(county.ports, CLERK, number)
    Worker(county.ports, "test").work_once()
    due = {p["matter"]: p["due_on"] for p in seen(county, number)["parts"]}
    decide(
        county, number, "BIRTH-CERT", "supplement", wants=[{"material": "birth_record", "zh": "缺病历首页"}]
    )
    decide(county, number, "VACCINE", "accepted")
    accepting.settle_receptions(county.ports)
    assert states(county, number)["BIRTH-CERT"] == "suspended"
    forward(county, 4)
    assert seen(county, number)["colour"] == "grey"
    supplementing.attach_page(county.ports, citizen(session), number, "birth_record", signature())
    supplementing.give_supplement(county.ports, citizen(session), number)
    case = seen(county, number)
    moved = {p["matter"]: p["due_on"] for p in case["parts"]}
    assert moved["VACCINE"] == due["VACCINE"]
    before = date.fromisoformat(due["BIRTH-CERT"])
    assert date.fromisoformat(moved["BIRTH-CERT"]) == county.ports.working_days.after(before, 4)[0]
    assert Worker(county.ports, "test").work_once() == 1  # the department is handed what came


def test_a_limit_is_extended_once_with_notice(county: County) -> None:
    _, number = submitted(county)
    accepting.accept_case(county.ports, CLERK, number)
    Worker(county.ports, "test").work_once()
    with pytest.raises(handling.ReasonNeeded):
        decide(county, number, "BIRTH-CERT", "extended", days=5)
    reason = {"code": "complex", "zh": "需要核实分娩信息"}
    decide(county, number, "BIRTH-CERT", "extended", days=5, reason=reason)
    with pytest.raises(accepting.IllegalReport):
        decide(county, number, "BIRTH-CERT", "extended", days=5, reason=reason)
    part = next(p for p in seen(county, number)["parts"] if p["matter"] == "BIRTH-CERT")
    today = day_of(county.ports.clock.now())
    assert date.fromisoformat(part["due_on"]) == county.ports.working_days.after(today, 10)[0]


def test_two_officers_at_once_the_second_sees_what_happened(county: County) -> None:
    _, number = submitted(county)
    accepting.accept_case(county.ports, CLERK, number)
    Worker(county.ports, "test").work_once()
    page = seen(county, number)["sequence"]
    handling.decide(county.ports, officer("WJ"), number, "VACCINE", {"kind": "completed"}, seen=page)
    denial = {"kind": "denied", "reason": {"code": "no", "zh": "不符合"}}
    with pytest.raises(handling.IllegalReport) as refused:
        handling.decide(county.ports, officer("WJ"), number, "VACCINE", denial, seen=page)
    assert "刚被别人" in refused.value.text.zh
    assert states(county, number)["VACCINE"] == "completed"


def test_another_departments_officer_finds_nothing(county: County) -> None:
    _, number = submitted(county)
    accepting.accept_case(county.ports, CLERK, number)
    with pytest.raises(NotFound):
        seen(county, number, officer("SJ"))
    with county.ports.records.read() as uow:
        case = uow.cases.find_by_number(number)
        assert case is not None
        noted = [row for row in uow.audit.list_of_subject(case.holder) if row.actor == "officer-SJ"]
    assert [(row.action, row.result, row.case) for row in noted] == [
        ("case_read_by_staff", "not_found", case.id)
    ]
    with pytest.raises(NotFound):
        handling.decide(county.ports, officer("GA"), number, "BIRTH-CERT", {"kind": "accepted"})
    mine = seen(county, number, officer("GA"))
    assert {part["department"]["code"] for part in mine["parts"]} == {"GA"}
    assert all(part["facts"] for part in mine["parts"])
    watched = seen(county, number, SUPERVISOR)
    assert not any(part["facts"] for part in watched["parts"])
    assert watched["materials"] == []
    assert watched["applicant"]["name"] == ""


def test_a_withdrawn_matter_takes_along_what_waits_for_it(county: County) -> None:
    session, number = submitted(county)
    accepting.accept_case(county.ports, CLERK, number)
    Worker(county.ports, "test").work_once()
    withdrawing.withdraw(county.ports, citizen(session), number, matter="HUKOU")
    told = states(county, number)
    assert told["HUKOU"] == "withdrawn"
    assert told["MED-INS"] == told["SS-CARD"] == "stopped"
    assert told["BIRTH-CERT"] == "dispatched"
    decide(county, number, "BIRTH-CERT", "completed")
    decide(county, number, "VACCINE", "completed")
    assert seen(county, number)["state"] == "closed"
    with pytest.raises(withdrawing.NothingToWithdraw):
        withdrawing.withdraw(county.ports, citizen(session), number)


def test_a_whole_case_is_withdrawn_before_or_after_acceptance(county: County) -> None:
    session, number = submitted(county)
    withdrawing.withdraw(county.ports, citizen(session), number)
    assert seen(county, number)["state"] == "withdrawn"
    with pytest.raises(NotFound):
        withdrawing.withdraw(county.ports, replace(citizen(session), holder="somebody else"), number)


def test_a_late_part_is_warned_of_ordered_and_named_once(county: County) -> None:
    _, number = submitted(county)
    accepting.accept_case(county.ports, CLERK, number)
    Worker(county.ports, "test").work_once()
    forward(county, 4)
    for _ in range(3):
        supervising.warn_of_deadlines(county.ports)
    case = seen(county, number)
    kinds = [line["kind"] for line in case["timeline"]]
    assert (
        kinds.count("warned") == 4
    )  # the birth certificate and the whole are near, one matter is near and past
    forward(county, 2)
    for _ in range(3):
        supervising.warn_of_deadlines(county.ports)
    case = seen(county, number)
    assert case["colour"] == "red"
    assert set(case["late"]) == {"BIRTH-CERT", "VACCINE"}
    orders = case["orders"]
    assert [each["department"] for each in orders].count("WJ") == len(orders) == 3
    with pytest.raises(NotFound):
        supervising.answer_order(county.ports, officer("GA"), orders[0]["id"], answer="已办")
    supervising.answer_order(county.ports, officer("WJ"), orders[0]["id"], answer="今日办结")
    with pytest.raises(supervising.AlreadyAnswered):
        supervising.answer_order(county.ports, officer("WJ"), orders[0]["id"], answer="今日办结")


def test_a_case_is_found_by_number_card_phone_and_exact_name(county: County) -> None:
    _, number = submitted(county)
    card = county.card("chen", "mother")

    def found(**by: str) -> list[str]:
        return [case["number"] for case in finding_cases.find_cases(county.ports, CLERK, **by)]

    assert (
        found(number=number.lower())
        == found(card=card["id_number"])
        == found(phone="199 0000 0001")
        == [number]
    )
    assert found(name=f" {card['name']} ") == [number]
    assert found(name=card["name"][:1]) == found(card="411599199001011") == found(phone="") == []
