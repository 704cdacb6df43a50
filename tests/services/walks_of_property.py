"""Who sells a house, founds, staffs, houses and closes an enterprise, and what they bring."""

from __future__ import annotations

from tests.services.walks import Walk

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
WALKS = {
    "a house": HOUSE,
    "a house with a mortgage": MORTGAGED,
    "two founders": START,
    "two employees": HIRE,
    "a factory": REAL_ESTATE,
    "a shop given up": CANCEL,
    "a shop whose notice is over": CANCEL_AFTER_NOTICE,
}
