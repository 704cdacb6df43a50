"""Houses and enterprises: what each one-thing asks, fetches and wants, and in which order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from onething.cli.catalog import problems_of
from onething.domain.catalog import Catalog, Mode
from onething.domain.plan import Plan, make_plan
from onething.domain.situation import Outcome, Right, Situation
from onething.packs.reading import load_pack

FIXED_AND_TICKED = {
    "P-HOUSE-TRANSFER": {"CHECK", "TAX", "REG", "WATER", "POWER", "GAS"},
    "E-START": {"SETUP", "SEAL", "INVOICE", "BANK"},
    "E-HIRE": {"JOB-REG", "CONTRACT", "PENSION", "MEDICAL", "HPF"},
    "E-REAL-ESTATE": {"LIC-CHECK", "ID-CHECK", "TAX", "TRANSFER"},
    "E-SIMPLE-CANCEL": {"NOTICE", "TAX", "DEREG", "SS", "SEAL", "BANK"},
}
# Answers with which every matter of the one-thing is on offer.
ALL_OFFERED: dict[str, dict[str, Any]] = {
    "P-HOUSE-TRANSFER": {"application.mortgage_handling": "clear", "application.buyer_loan": True},
    "E-REAL-ESTATE": {"application.mortgage_handling": "clear", "application.buyer_loan": True},
}
FOUND = Outcome.FOUND


def _load() -> Catalog:
    pack = load_pack(Path(__file__).parents[2] / "catalog" / "xinxian")
    assert problems_of(pack) == []
    assert pack.catalog is not None
    return pack.catalog


CATALOG = _load()


def planned(code: str, known: dict[str, Any] | None = None, **more: Any) -> Plan:
    return make_plan(CATALOG, code, Situation(known or {}, **more))


def everything(code: str) -> Plan:
    return planned(code, ALL_OFFERED.get(code), chosen=frozenset(CATALOG.things[code].matters))


def asked(plan: Plan) -> set[str]:
    return {each.fact for each in plan.ask}


def papers(plan: Plan) -> dict[str, str]:
    return {each.material: each.state for each in plan.materials}


def to_submit(plan: Plan) -> set[str]:
    return {name for name, state in papers(plan).items() if state == "to_submit"}


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
    plan = everything(code)
    assert set(plan.chosen) == set(CATALOG.things[code].matters)
    assert plan.conflicts == ()


@pytest.mark.parametrize("code", FIXED_AND_TICKED)
def test_nothing_that_a_register_or_another_matter_tells_is_asked(code: str) -> None:
    plan = everything(code)
    told = {fact for wave in plan.fetch for call in wave for fact in call.yields.values()}
    made = {fact for matter in CATALOG.things[code].matters.values() for fact in matter.produces_facts}
    assert not asked(plan) & (told | made)
    assert {each.why for each in plan.ask} <= {"nothing_holds_it", "decides"}


def test_a_house_changes_hands_for_three_answers_and_no_paper() -> None:
    plan = planned("P-HOUSE-TRANSFER", outcomes={"sale_contract_register:seller": Outcome.NOT_HELD})
    # The buyer's number stands on the card that the buyer lays down.
    assert asked(plan) == {"buyer.id_number", "buyer.mobile", "sale.price", "application.mobile"}
    assert to_submit(plan) == set()
    assert plan.authorisations == ("buyer",)
    assert waves(plan) == [{"CHECK"}, {"TAX"}, {"REG"}, {"WATER", "POWER", "GAS"}]


def test_a_filed_contract_is_fetched_and_not_filed_again() -> None:
    plan = planned("P-HOUSE-TRANSFER", {"application.contract_filed": True})
    assert "CHECK" not in plan.chosen
    assert plan.expected["sale.price"] == "sale_contract_register:seller"
    assert papers(plan)["contract"] == "to_check"
    assert papers(planned("P-HOUSE-TRANSFER"))["contract"] == "inside"


def test_whoever_buys_may_apply_and_then_the_seller_lays_down_the_card() -> None:
    plan = planned(
        "P-HOUSE-TRANSFER", {"application.sale_side": "buyer", "application.mobile": "19900000303"}
    )
    assert plan.holder == "buyer"
    assert plan.authorisations == ("seller",)
    assert plan.computed["buyer.mobile"] == "19900000303"


def test_a_stranger_to_the_house_opens_nothing_about_it() -> None:
    declined = {"seller": Right.DECLINED}
    plan = planned("P-HOUSE-TRANSFER", {"application.sale_side": "buyer"}, rights=declined)
    assert not [call.id for wave in plan.fetch for call in wave if call.about == "seller"]
    assert {"re_cert", "s_id"} <= to_submit(plan)


def test_co_owners_are_counted_only_where_there_are_some() -> None:
    alone = planned("P-HOUSE-TRANSFER", counts={"co_owners": 2})
    shared = planned("P-HOUSE-TRANSFER", {"application.house_co_owned": True}, counts={"co_owners": 2})
    assert not [key for key in alone.form if key.startswith("co_owners")]
    assert {"co_owners[0].name", "co_owners[1].name"} <= set(shared.form)
    assert {"co_owners[0]", "co_owners[1]"} <= set(shared.authorisations)


def test_a_mortgage_is_ended_before_and_a_new_one_written_after() -> None:
    plan = everything("P-HOUSE-TRANSFER")
    assert waves(plan)[0] == {"CHECK", "MORT-OFF"}
    assert {"TAX", "MORT-OFF"} <= set(plan.order.waits_for["REG"])
    assert "REG" in plan.order.waits_for["MORT-ON"]
    assert papers(plan)["new_cert"] == "inside"
    assert to_submit(plan) == {"release", "loan"}


@pytest.mark.parametrize(("code", "transfer"), [("P-HOUSE-TRANSFER", "REG"), ("E-REAL-ESTATE", "TRANSFER")])
def test_a_mortgage_to_be_ended_cannot_be_unticked(code: str, transfer: str) -> None:
    wish = frozenset(FIXED_AND_TICKED[code])
    clear = planned(code, {"application.mortgage_handling": "clear"}, chosen=wish)
    assert [each.matters for each in clear.conflicts] == [(transfer, "MORT-OFF")]
    assert not planned(code, {"application.mortgage_handling": "keep"}, chosen=wish).conflicts


@pytest.mark.parametrize("code", ["P-HOUSE-TRANSFER", "E-REAL-ESTATE"])
def test_seizure_and_an_unanswered_mortgage_go_to_the_window(code: str) -> None:
    clear = {"house.sealed": False, "house.mortgaged": False}
    mortgaged = {**clear, "house.mortgaged": True}
    assert not planned(code, clear).counter_only
    assert len(planned(code, {**clear, "house.sealed": True}).counter_only) == 1
    assert len(planned(code, mortgaged).counter_only) == 1
    for answer in ("clear", "keep"):
        assert not planned(code, {**mortgaged, "application.mortgage_handling": answer}).counter_only


def test_what_does_not_exist_yet_is_typed_and_nobody_is_asked_about_it() -> None:
    plan = planned("E-START")
    assert asked(plan) == {
        "enterprise.name",
        "enterprise.address",
        "enterprise.scope",
        "application.capital",
        "application.account_bank",
        "application.mobile",
    }
    assert not [call for wave in plan.fetch for call in wave if call.about == "enterprise"]
    assert papers(plan)["premises"] == "met"
    assert to_submit(plan) == set()
    assert waves(plan) == [{"SETUP"}, {"SEAL", "INVOICE"}, {"BANK"}]


def test_other_shareholders_belong_to_what_is_founded_by_several() -> None:
    alone = planned("E-START", {"application.company_kind": "limited_sole"})
    several = planned("E-START", {"application.company_kind": "limited"})
    assert not [key for key in alone.form if key.startswith("partners")]
    assert "partners[0].contribution" in asked(several)
    assert papers(several)["p_id"] == "to_check"
    assert "articles" not in papers(planned("E-START", {"application.company_kind": "individual"}))


def test_the_licence_of_the_case_itself_is_nobodys_paper() -> None:
    plan = everything("E-START")
    assert papers(plan)["licence"] == "inside"
    assert all("SETUP" in plan.order.waits_for[code] for code in plan.chosen if code != "SETUP")
    assert "enterprise.uscc" not in plan.form


def test_each_employee_is_asked_once_and_what_is_common_once_for_all() -> None:
    plan = planned("E-HIRE", counts={"employees": 3})
    each = {key for key in asked(plan) if key.startswith("employees[2]")}
    assert each == {"employees[2].id_number", "employees[2].post", "employees[2].monthly_wage"}
    assert {"employment.begins_on", "employment.ends_on", "application.mobile"} <= asked(plan)
    assert len(asked(plan)) == 3 * 3 + 3
    assert to_submit(plan) == {"contract"}
    assert len(plan.authorisations) == 3


def test_the_platform_holds_the_contracts_and_open_ones_have_no_end() -> None:
    plan = planned("E-HIRE", {"employment.by_platform": True, "employment.kind": "open"})
    assert to_submit(plan) == set()
    assert "employment.ends_on" not in plan.form


def test_a_clerk_brings_the_employers_mandate() -> None:
    plan = planned("E-HIRE", {"application.by_agent": True})
    assert plan.holder == "agent"
    assert "mandate" in to_submit(plan)
    assert "representative" in plan.authorisations
    assert "mandate" not in papers(planned("E-HIRE"))


def test_insurance_waits_for_the_contract_and_the_card_for_insurance() -> None:
    plan = planned("E-HIRE", chosen=frozenset(CATALOG.things["E-HIRE"].matters))
    assert plan.order.waits_for["MEDICAL"] == plan.order.waits_for["HPF"] == ("CONTRACT",)
    assert plan.order.waits_for["SS-CARD"] == ("PENSION",)
    assert [code for code, _ in plan.end.excluded] == ["SS-CARD"]
    assert not plan.end.longer_than_promise


def test_a_purchase_is_read_from_the_filed_contract() -> None:
    plan = planned("E-REAL-ESTATE")
    assert asked(plan) == {"application.mobile"}
    assert to_submit(plan) == set()
    assert waves(plan) == [{"LIC-CHECK", "ID-CHECK"}, {"TAX"}, {"TRANSFER"}]
    assert plan.expected["house.unit_number"] == "company_purchases:enterprise"


def test_the_mortgage_waits_for_the_transfer_and_the_bank() -> None:
    plan = planned("E-REAL-ESTATE", {"application.buyer_loan": True})
    assert plan.order.waits_for["MORT-ON"] == ("TRANSFER", "LOAN")
    assert CATALOG.things["E-REAL-ESTATE"].matters["LOAN"].mode is Mode.EXTERNAL
    assert papers(plan)["approval"] == "inside"
    by_id = {each.material: each for each in plan.materials}
    assert not by_id["loan"].required


def test_each_utility_ends_only_its_own_part() -> None:
    matters = CATALOG.things["E-REAL-ESTATE"].matters
    utilities = [matters[f"UTIL-{name}"] for name in ("WATER", "POWER", "GAS")]
    assert [each.department for each in utilities] == ["GSGS", "GDGS", "RQGS"]
    plan = planned("E-REAL-ESTATE", chosen=frozenset({"UTIL-GAS"}))
    assert asked(plan) == {"application.mobile", "house.gas_account"}
    assert plan.order.waits_for["UTIL-GAS"] == ("TRANSFER",)


def test_twenty_calendar_days_of_notice_while_the_taxes_are_cleared() -> None:
    plan = planned("E-SIMPLE-CANCEL")
    assert waves(plan) == [{"NOTICE", "TAX"}, {"DEREG"}, {"SS", "SEAL", "BANK"}]
    notice = CATALOG.things["E-SIMPLE-CANCEL"].matters["NOTICE"]
    assert notice.promised is not None
    assert (notice.promised.amount, notice.promised.unit) == (20, "cd")
    assert {code for code, _ in plan.end.excluded} == {"NOTICE", "TAX"}
    assert not plan.end.longer_than_promise
    assert asked(plan) == {"application.account_bank", "application.mobile"}
    assert to_submit(plan) == set()


def test_what_has_been_done_already_is_shown_by_the_registers() -> None:
    plan = planned("E-SIMPLE-CANCEL", {"application.notice_over": True, "application.tax_cleared": True})
    assert waves(plan) == [{"DEREG"}, {"SS", "SEAL", "BANK"}]
    assert {"enterprise.notice_ended_on", "enterprise.tax_cleared_on"} <= set(plan.expected)
    assert {papers(plan)[name] for name in ("notice", "tax")} == {"to_check"}
    alone = planned(
        "E-SIMPLE-CANCEL",
        {"application.tax_cleared": True, "enterprise.uscc": "91411599000000302X"},
        outcomes={
            "tax_clearance_register:enterprise": Outcome.NOT_HELD,
            "business_register:representative": FOUND,
        },
    )
    assert papers(alone)["tax"] == "to_submit"


def test_all_investors_come_where_there_are_several() -> None:
    plan = planned("E-SIMPLE-CANCEL", {"application.several_investors": True}, counts={"investors": 2})
    assert {"investors[0]", "investors[1]"} <= set(plan.authorisations)
    assert papers(plan)["inv_id"] == "to_check"


@pytest.mark.parametrize("fact", ["enterprise.abnormal", "enterprise.equity_frozen"])
def test_the_simple_way_is_closed_to_some(fact: str) -> None:
    assert not planned("E-SIMPLE-CANCEL", {fact: False}).counter_only
    assert len(planned("E-SIMPLE-CANCEL", {fact: True}).counter_only) == 1
