"""Houses and enterprises, each gone through whole: little is typed, little is scanned, all results come."""

from __future__ import annotations

import pytest

from onething.domain.errors import CounterOnly
from onething.services import submitting
from tests.services.county import County, field, material
from tests.services.walks import Walk, fill_in, handle, issued, states_of, to_scan, typed_in

HOUSE = Walk(
    "P-HOUSE-TRANSFER",
    "ye.seller",
    answers={"application.house_co_owned": True},
    counts={"co_owners": 1},
    cards={"buyer": "meng.buyer", "co_owners[0]": "ye.wife"},
    typed={"sale.price": "486000", "buyer.mobile": "19900000303", "application.mobile": "19900000301"},
    found=("house.certificate_number", "house.area", "house.gas_account"),
    order=(
        frozenset({"CHECK"}),
        frozenset({"TAX"}),
        frozenset({"REG"}),
        frozenset({"WATER", "POWER", "GAS"}),
    ),
    results=frozenset(
        {("sale_contract", "sale"), ("tax_receipt", "sale"), ("real_estate_certificate", "buyer")}
    ),
)
MORTGAGED = Walk(
    "P-HOUSE-TRANSFER",
    "meng.buyer",
    answers={
        "application.sale_side": "buyer",
        "application.contract_filed": True,
        "application.mortgage_handling": "clear",
        "application.buyer_loan": True,
    },
    chosen=("TAX", "MORT-OFF", "REG", "MORT-ON", "WATER", "POWER"),
    cards={"seller": "pan.seller"},
    typed={"application.mobile": "19900000303"},
    scanned=("release", "loan"),
    found=("sale.contract_number", "sale.price", "house.mortgaged"),
    order=(
        frozenset({"TAX", "MORT-OFF"}),
        frozenset({"REG"}),
        frozenset({"MORT-ON", "WATER", "POWER"}),
    ),
    results=frozenset(
        {("tax_receipt", "sale"), ("real_estate_certificate", "buyer"), ("real_estate_proof", "buyer")}
    ),
)
START = Walk(
    "E-START",
    "mu.founder",
    answers={"application.company_kind": "limited"},
    counts={"partners": 1},
    cards={"partners[0]": "mu.partner"},
    typed={
        "partners[0].contribution": "20",
        "enterprise.name": "新县大别山清泉食品有限公司",
        "enterprise.address": "河南省信阳市新县新集镇解放路12号",
        "enterprise.scope": "食品销售；茶叶种植",
        "application.capital": "50",
        "application.account_bank": "rcb",
        "application.mobile": "19900000307",
    },
    order=(frozenset({"SETUP"}), frozenset({"SEAL", "INVOICE"}), frozenset({"BANK"})),
    results=frozenset({("business_licence", "enterprise"), ("official_seal", "enterprise")}),
)
HIRE = Walk(
    "E-HIRE",
    "lei.director",
    chosen=("JOB-REG", "CONTRACT", "PENSION", "MEDICAL", "HPF", "SS-CARD"),
    counts={"employees": 2},
    cards={"employees[0]": "spare.one", "employees[1]": "spare.two"},
    typed={
        "employees[0].post": "炒茶工",
        "employees[0].monthly_wage": "4200",
        "employees[1].post": "质检员",
        "employees[1].monthly_wage": "4600",
        "employment.begins_on": "2026-11-16",
        "employment.ends_on": "2029-11-15",
        "application.mobile": "19900000309",
    },
    scanned=("contract",),
    found=("enterprise.uscc", "enterprise.insurance_account"),
    order=(
        frozenset({"JOB-REG", "CONTRACT"}),
        frozenset({"PENSION", "MEDICAL", "HPF"}),
        frozenset({"SS-CARD"}),
    ),
    results=frozenset({("social_card", "employees")}),
)
REAL_ESTATE = Walk(
    "E-REAL-ESTATE",
    "lei.clerk",
    answers={"application.by_agent": True, "application.buyer_loan": True},
    cards={"representative": "lei.director"},
    typed={"application.mobile": "19900000310"},
    scanned=("mandate",),
    found=("enterprise.uscc", "sale.price", "sale.seller_name", "house.unit_number"),
    order=(
        frozenset({"LIC-CHECK", "ID-CHECK", "LOAN"}),
        frozenset({"TAX"}),
        frozenset({"TRANSFER"}),
        frozenset({"MORT-ON"}),
    ),
    results=frozenset(
        {
            ("tax_receipt", "sale"),
            ("loan_approval", "enterprise"),
            ("real_estate_certificate", "enterprise"),
            ("real_estate_proof", "enterprise"),
        }
    ),
)
CANCEL = Walk(
    "E-SIMPLE-CANCEL",
    "shao.owner",
    typed={"application.account_bank": "rcb", "application.mobile": "19900000311"},
    found=("enterprise.uscc", "enterprise.abnormal", "enterprise.insurance_account"),
    order=(frozenset({"NOTICE", "TAX"}), frozenset({"DEREG"}), frozenset({"SS", "SEAL", "BANK"})),
    results=frozenset(
        {
            ("notice_record", "enterprise"),
            ("tax_clearance", "enterprise"),
            ("deregistration_notice", "enterprise"),
        }
    ),
)
CANCEL_AFTER_NOTICE = Walk(
    "E-SIMPLE-CANCEL",
    "shao.brother",
    answers={"application.notice_over": True, "application.tax_cleared": True},
    chosen=("DEREG", "SS", "SEAL"),
    typed={"application.mobile": "19900000312"},
    found=("enterprise.notice_ended_on", "enterprise.tax_cleared_on"),
    order=(frozenset({"DEREG"}), frozenset({"SS", "SEAL"})),
    results=frozenset({("deregistration_notice", "enterprise")}),
)
WALKS = (HOUSE, MORTGAGED, START, HIRE, REAL_ESTATE, CANCEL, CANCEL_AFTER_NOTICE)


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: f"{walk.thing}-{walk.person}")
def test_from_the_card_to_the_last_result(county: County, walk: Walk) -> None:
    session, draft = fill_in(county, walk)
    assert draft["missing"] == []
    assert typed_in(draft) == set(walk.typed)
    assert to_scan(draft) == set(walk.scanned)
    for fact in walk.found:
        assert field(draft, fact)["state"] == "found", fact
    number = county.submit(session, draft, f"key-{walk.thing}-{walk.person}")["case_number"]
    done = handle(county, number)
    assert states_of(county, session, number) == {"closed", "completed"}
    place = {part["matter"]: at for at, part in enumerate(done)}
    assert set(place) == frozenset().union(*walk.order)
    for before, after in zip(walk.order, walk.order[1:], strict=False):
        assert max(place[code] for code in before) < max(place[code] for code in after)
    assert issued(done) == walk.results


def test_what_one_department_finds_out_reaches_the_next(county: County) -> None:
    session, draft = fill_in(county, HOUSE)
    done = {part["matter"]: part for part in handle(county, county.submit(session, draft)["case_number"])}
    contract = done["CHECK"]["result"]["facts"]["sale.contract_number"]
    assert done["REG"]["facts"]["sale.contract_number"] == contract
    assert "sale.price" not in done["WATER"]["facts"]
    assert done["WATER"]["facts"]["buyer.mobile"] == "19900000303"


def test_a_founded_enterprise_has_its_code_everywhere(county: County) -> None:
    session, draft = fill_in(county, START)
    done = {part["matter"]: part for part in handle(county, county.submit(session, draft)["case_number"])}
    uscc = done["SETUP"]["result"]["facts"]["enterprise.uscc"]
    assert {done[code]["facts"]["enterprise.uscc"] for code in ("SEAL", "INVOICE", "BANK")} == {uscc}


def test_a_house_under_seizure_is_for_the_window(county: County) -> None:
    walk = Walk("P-HOUSE-TRANSFER", "dou.seller", cards={"buyer": "meng.buyer"})
    session, draft = fill_in(county, walk)
    assert [reason["zh"][:12] for reason in draft["counter_only"]] == ["登记簿显示房屋已被查封，"]
    with pytest.raises(CounterOnly):
        submitting.submit(county.ports, session, draft["id"], "key-1", "0" * 64)


def test_a_mortgage_wants_an_answer(county: County) -> None:
    walk = Walk("P-HOUSE-TRANSFER", "pan.seller", cards={"buyer": "meng.buyer"})
    session, draft = fill_in(county, walk)
    assert len(draft["counter_only"]) == 1
    draft = county.fill(session, draft, application__mortgage_handling="keep")
    assert draft["counter_only"] == []
    assert "MORT-OFF" not in {each["code"] for each in draft["matters"] if each["chosen"]}


def test_an_enterprise_listed_as_abnormal_is_not_closed_the_simple_way(county: County) -> None:
    _, draft = fill_in(county, Walk("E-SIMPLE-CANCEL", "shao.son"))
    assert len(draft["counter_only"]) == 1


def test_the_register_does_not_know_a_notice_that_is_not_over(county: County) -> None:
    walk = Walk("E-SIMPLE-CANCEL", "shao.owner", answers={"application.notice_over": True})
    _, draft = fill_in(county, walk)
    assert field(draft, "enterprise.notice_ended_on")["state"] == "not_held"
    assert material(draft, "notice")["state"] == "to_submit"
