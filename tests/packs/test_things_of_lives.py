"""Work for oneself, marriage, home from the army, retirement: what each asks, fetches and wants, in order."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.cli.catalog import problems_of
from onething.domain.catalog import Catalog, Mode
from onething.domain.plan import Plan, make_plan
from onething.domain.situation import Outcome, Right, Situation
from onething.packs.reading import load_pack

FIXED_AND_TICKED = {
    "P-FLEXJOB": {"JOB-REG", "PENSION", "MEDICAL", "PAY"},
    "P-MARRIAGE": {"MARRY", "HUKOU-STATUS"},
    "P-VETERAN": {"REPORT", "HUKOU", "ID-CARD", "RESERVE", "PREF-CARD", "SUBSIDY", "PENSION-XFER"},
    "P-RETIRE": {"HUKOU-CHECK", "QUALIFY", "PENSION", "MED-RETIRE"},
}
MAN = {"man.sex": "1", "man.birth_on": "1997-06-21", "man.marital_status": "10"}
WOMAN = {"woman.sex": "2", "woman.birth_on": "1998-02-11", "woman.marital_status": "10"}
COUPLE = MAN | WOMAN | {"marriage.wished_on": "2026-12-12"}


def _load() -> Catalog:
    pack = load_pack(Path(__file__).parents[2] / "catalog" / "xinxian")
    assert problems_of(pack) == []
    assert pack.catalog is not None
    return pack.catalog


CATALOG = _load()


def planned(code: str, known: dict[str, Any] | None = None, **more: Any) -> Plan:
    return make_plan(CATALOG, code, Situation(known or {}, **more))


def everything(code: str, known: dict[str, Any] | None = None) -> Plan:
    return planned(code, known, chosen=frozenset(CATALOG.things[code].matters))


def asked(plan: Plan) -> set[str]:
    return {each.fact for each in plan.ask}


def papers(plan: Plan) -> dict[str, str]:
    return {each.material: each.state for each in plan.materials}


def waves(plan: Plan) -> list[set[str]]:
    return [set(wave) for wave in plan.order.waves]


@pytest.mark.parametrize("code", FIXED_AND_TICKED)
def test_what_is_chosen_at_first(code: str) -> None:
    plan = planned(code)
    assert set(plan.chosen) == FIXED_AND_TICKED[code]
    assert plan.conflicts == ()
    assert plan.counter_only == ()


@pytest.mark.parametrize("code", FIXED_AND_TICKED)
def test_all_can_be_chosen_together(code: str) -> None:
    plan = everything(code, {"retirement.kind": "special"})
    assert set(plan.chosen) == set(CATALOG.things[code].matters)
    assert plan.conflicts == ()


@pytest.mark.parametrize("code", FIXED_AND_TICKED)
def test_nothing_that_a_register_or_another_matter_tells_is_asked(code: str) -> None:
    """With nothing known yet the card holder types what nobody but they can say."""
    thing = CATALOG.things[code]
    plan = everything(code, {"retirement.kind": "special"})
    told = {fact for call in plan.fetch for each in call for fact in each.yields.values()}
    made = {fact for matter in thing.matters.values() for fact in matter.produces_facts}
    assert not asked(plan) & (told | made)
    assert {each.why for each in plan.ask} <= {"nothing_holds_it", "decides"}


def test_work_for_oneself_is_told_by_four_answers() -> None:
    plan = planned("P-FLEXJOB")
    assert asked(plan) == {"job.form", "job.begins_on", "job.contribution_base", "application.mobile"}
    assert not [name for name, state in papers(plan).items() if state == "to_submit"]
    assert waves(plan) == [{"JOB-REG", "PENSION", "MEDICAL"}, {"PAY"}]


def test_only_a_business_is_asked_about_in_the_business_register() -> None:
    rider = planned("P-FLEXJOB", {"job.form": "platform"})
    stall = planned("P-FLEXJOB", {"job.form": "business"})
    assert "licence" not in papers(rider)
    assert papers(stall)["licence"] == "to_check"
    assert not any("business_register" in call.id for wave in rider.fetch for call in wave)
    assert "business.uscc" in stall.expected
    assert asked(stall) == asked(rider) == {"job.begins_on", "job.contribution_base", "application.mobile"}


def test_the_subsidy_needs_the_recognition_unless_it_is_held() -> None:
    wish = frozenset({"JOB-REG", "SUBSIDY"})
    without = planned("P-FLEXJOB", chosen=wish)
    held = planned("P-FLEXJOB", {"job.recognised": True}, chosen=wish)
    assert [each.matters for each in without.conflicts] == [("SUBSIDY", "HARDSHIP")]
    assert held.conflicts == ()
    assert papers(held)["pay_proof"] == "to_check"
    paid = planned("P-FLEXJOB", chosen=frozenset({"JOB-REG", "SUBSIDY", "HARDSHIP", "PAY"}))
    assert papers(paid)["pay_proof"] == "inside"
    assert set(paid.order.waits_for["SUBSIDY"]) == {"JOB-REG", "HARDSHIP", "PAY"}
    assert "applicant.hardship_recognised" not in asked(paid)


def test_the_promise_of_five_days_holds_what_it_counts() -> None:
    plan = everything("P-FLEXJOB")
    assert (plan.end.path, {code for code, _ in plan.end.excluded}) == (("JOB-REG",), {"HARDSHIP", "SUBSIDY"})


def test_a_couple_types_the_day_and_nothing_that_a_card_tells() -> None:
    plan = planned("P-MARRIAGE", {"holder.sex": "1"})
    assert plan.holder == "man"
    assert plan.authorisations == ("woman",)
    by_card = {"woman.id_number"}
    assert asked(plan) - by_card == {"marriage.wished_on", "marriage.wished_half", "application.mobile"}
    assert planned("P-MARRIAGE", {"holder.sex": "2"}).holder == "woman"


def test_the_registration_is_in_person_and_the_rest_follows_it() -> None:
    plan = everything("P-MARRIAGE")
    assert CATALOG.things["P-MARRIAGE"].matters["MARRY"].mode is Mode.IN_PERSON
    assert waves(plan) == [{"MARRY"}, {"HUKOU-STATUS", "HUKOU-MOVE", "BIRTH-REG"}]
    assert papers(plan)["certificate"] == "inside"
    assert not any(key.endswith(("married_on", "certificate_number")) for key in plan.form)
    assert "MARRY" in {code for code, _ in plan.end.excluded}


def test_no_household_register_is_wanted_for_the_registration_itself() -> None:
    plan = planned("P-MARRIAGE", chosen=frozenset({"MARRY"}))
    assert not {"man_hukou", "woman_hukou"} & set(papers(plan))


def test_a_married_couple_comes_for_the_rest() -> None:
    plan = planned("P-MARRIAGE", {"holder.sex": "1", "marriage.registered": True})
    assert set(plan.chosen) == {"HUKOU-STATUS"}
    assert plan.expected["man.marriage_certificate_number"] == "marriage_register:man"
    assert papers(plan)["certificate"] == "to_check"
    assert "marriage.wished_on" not in plan.form


@pytest.mark.parametrize(
    ("status", "paper"), [("40", "man_divorce"), ("30", "man_widowed"), ("10", None), ("20", None)]
)
def test_who_was_married_before_shows_that_it_ended(status: str, paper: str | None) -> None:
    plan = planned("P-MARRIAGE", COUPLE | {"man.marital_status": status})
    assert {"man_divorce", "man_widowed"} & set(papers(plan)) == ({paper} if paper else set())
    assert not {"woman_divorce", "woman_widowed"} & set(papers(plan))
    assert bool(plan.counter_only) is (status == "20")


@pytest.mark.parametrize(
    ("known", "refused"),
    [
        ({}, False),
        ({"man.birth_on": "2004-12-12"}, False),
        ({"man.birth_on": "2004-12-13"}, True),
        ({"woman.birth_on": "2006-12-12"}, False),
        ({"woman.birth_on": "2007-01-01"}, True),
        ({"man.birth_on": "2004-12-13", "marriage.wished_on": "2027-01-04"}, False),
        ({"woman.sex": "1"}, True),
        ({"man.marital_status": "22", "marriage.registered": True}, False),
    ],
)
def test_who_may_not_marry_on_that_day_is_told_before_they_go(known: dict[str, Any], refused: bool) -> None:
    assert bool(planned("P-MARRIAGE", COUPLE | known).counter_only) is refused


def test_reporting_comes_first_and_its_letter_is_asked_of_nobody() -> None:
    plan = everything("P-VETERAN")
    assert waves(plan) == [
        {"REPORT"},
        {"HUKOU", "RESERVE", "SUBSIDY", "TRAINING"},
        {"ID-CARD", "PREF-CARD"},
        {"PENSION-XFER", "MED-XFER", "MED-JOIN", "SS-CARD"},
    ]
    assert papers(plan)["letter"] == "inside"
    assert "veteran.settled_address" not in plan.form


def test_a_veteran_types_the_bank_and_brings_what_the_army_gave() -> None:
    plan = planned("P-VETERAN")
    by_card = {"host.id_number"}
    assert asked(plan) - by_card == {"veteran.bank_card", "veteran.bank_name", "application.mobile"}
    submitted = {name for name, state in papers(plan).items() if state == "to_submit"}
    assert submitted == {"discharge", "bank"}
    assert plan.authorisations == ("host",)


def test_a_home_of_ones_own_needs_nobody_elses_household() -> None:
    plan = planned("P-VETERAN", {"resettlement.settle_with": "own"})
    assert not any(key.startswith("host.") for key in plan.form)
    assert plan.authorisations == ()
    assert "host" not in papers(plan)
    assert "resettlement.home_address" in asked(plan)


def test_a_marriage_certificate_only_for_the_spouses_household() -> None:
    assert "marriage" not in papers(planned("P-VETERAN"))
    assert papers(planned("P-VETERAN", {"resettlement.settle_with": "spouse"}))["marriage"] == "to_check"


@pytest.mark.parametrize(
    ("kind", "offered"),
    [("employee", {"MED-XFER"}), ("flexible", {"MED-XFER", "MED-JOIN"}), ("resident", {"MED-JOIN"})],
)
def test_the_kind_of_insurance_decides_what_is_offered(kind: str, offered: set[str]) -> None:
    plan = planned("P-VETERAN", {"resettlement.medical_kind": kind})
    on_offer = {each.code for each in plan.matters if each.offered}
    assert on_offer & {"MED-XFER", "MED-JOIN"} == offered


def test_the_subsidy_is_for_those_who_find_work_themselves() -> None:
    plan = planned("P-VETERAN", {"veteran.placement": "assigned"})
    assert "SUBSIDY" not in plan.chosen
    assert not {"veteran.bank_card", "veteran.bank_name"} & set(plan.form)


@pytest.mark.parametrize(
    ("birth", "sex", "post", "due"),
    [
        ("1964-12-31", "1", None, "2024-12"),
        ("1965-01-01", "1", None, "2025-02"),
        ("1965-05-20", "1", None, "2025-07"),
        ("1976-08-31", "1", None, "2039-07"),
        ("1976-09-01", "1", None, "2039-09"),
        ("1980-12-05", "1", None, "2043-12"),
        ("1970-01-15", "2", "management", "2025-02"),
        ("1981-09-01", "2", "management", "2039-09"),
        ("1975-01-31", "2", "production", "2025-02"),
        ("1975-03-22", "2", "production", "2025-05"),
        ("1984-11-30", "2", "production", "2039-11"),
    ],
)
def test_the_month_of_retirement_is_the_one_of_the_published_table(
    birth: str, sex: str, post: str | None, due: str
) -> None:
    known = {"retiree.birth_on": birth, "retiree.sex": sex} | ({"retiree.post_kind": post} if post else {})
    plan = planned("P-RETIRE", known)
    assert plan.computed["retirement.due_month"] == due
    assert not {"retirement.due_month", "retirement.month"} & asked(plan)


AGES = {("1", ""): (60, 4, 36), ("2", "management"): (55, 4, 36), ("2", "production"): (50, 2, 60)}


@given(st.dates(date(1950, 1, 1), date(2005, 12, 31)), st.sampled_from(sorted(AGES)))
def test_the_delay_grows_by_a_month_for_every_two_or_four_and_ends(born: date, kind: tuple[str, str]) -> None:
    """Counted as the rule is told: month for month from the first who is delayed, in January 2025."""
    age, step, most = AGES[kind]
    known = {"retiree.birth_on": born.isoformat(), "retiree.sex": kind[0], "retiree.post_kind": kind[1]}
    year, month = planned("P-RETIRE", known).computed["retirement.due_month"].split("-")
    delay, reached, first = 0, (born.year + age) * 12 + born.month, 2025 * 12 + 1
    while first + delay * step <= reached and delay < most:
        delay += 1
    assert int(year) * 12 + int(month) == reached + delay


@pytest.mark.parametrize(
    ("kind", "month", "refused"),
    [
        ("early", "2026-08", False),
        ("early", "2026-07", True),
        ("early", "2027-02", True),
        ("late", "2030-01", False),
        ("late", "2030-02", True),
        ("late", "2026-12", True),
    ],
)
def test_a_flexible_month_stays_within_three_years_and_the_old_age(
    kind: str, month: str, refused: bool
) -> None:
    """Born in August 1966: the old age is reached in August 2026, the statutory month is January 2027."""
    known = {"retiree.birth_on": "1966-08-10", "retiree.sex": "1", "retirement.kind": kind}
    assert planned("P-RETIRE", known).computed["retirement.due_month"] == "2027-01"
    plan = planned("P-RETIRE", known | {"retirement.month": month})
    assert bool(plan.counter_only) is refused
    assert "retirement.month" in asked(planned("P-RETIRE", known))


def test_qualification_comes_before_every_payment() -> None:
    plan = everything("P-RETIRE", {"retirement.kind": "special"})
    assert waves(plan) == [
        {"HUKOU-CHECK", "DEEMED", "SPECIAL"},
        {"QUALIFY"},
        {"PENSION", "MED-RETIRE", "HPF", "ONE-CHILD"},
        {"FILE"},
    ]


def test_retiring_asks_for_the_bank_and_its_card_only() -> None:
    plan = planned("P-RETIRE")
    assert asked(plan) == {"retiree.bank_card", "retiree.bank_name", "application.mobile"}
    assert [name for name, state in papers(plan).items() if state == "to_submit"] == ["bank"]


def test_special_work_is_approved_before_anybody_retires_for_it() -> None:
    special = planned("P-RETIRE", {"retirement.kind": "special"})
    assert "SPECIAL" in special.chosen
    assert "SPECIAL" in special.order.waits_for["QUALIFY"]
    assert "SPECIAL" not in everything("P-RETIRE").chosen
    assert papers(special)["notice"] == "to_submit"


def test_illness_is_for_the_window() -> None:
    assert planned("P-RETIRE", {"retirement.kind": "illness"}).counter_only


def test_an_employers_clerk_applies_with_the_employees_card_or_a_mandate() -> None:
    plan = planned("P-RETIRE", {"retirement.by_employer": True})
    assert plan.holder == "agent"
    assert plan.authorisations == ("retiree",)
    assert papers(plan)["mandate"] == "to_submit"
    declined = planned("P-RETIRE", {"retirement.by_employer": True}, rights={"retiree": Right.DECLINED})
    assert not [call for wave in declined.fetch for call in wave if call.about == "retiree"]
    assert {"retiree.name", "retiree.id_number", "retiree.contribution_months"} <= asked(declined)


def test_a_register_without_the_post_asks_only_women_for_it() -> None:
    outcomes = {"social_insurance_register:retiree": Outcome.NOT_HELD}
    man = planned("P-RETIRE", {"retiree.sex": "1", "retiree.birth_on": "1966-08-10"}, outcomes=outcomes)
    woman = planned("P-RETIRE", {"retiree.sex": "2", "retiree.birth_on": "1976-08-10"}, outcomes=outcomes)
    assert "retiree.post_kind" not in man.form
    assert "retiree.post_kind" in asked(woman)
