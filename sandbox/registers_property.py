"""The registers of houses, contracts of sale and utility accounts, and those asked about an enterprise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.records import Facts, Query, Record, Register


def ask_real_estate(query: Query) -> Record | None:
    """The house that the person owns; the record itself shows that it is theirs."""
    owner = query.find_self()
    if owner is None or "house" not in owner.entries:
        return None
    return query.record_about(owner, _facts_of_house(owner.entries["house"]), proves=("house",))


def _facts_of_house(house: Mapping[str, Any]) -> Facts:
    told = ("certificate_number", "unit_number", "address", "area", "use")
    facts: Facts = {f"house.{name}": house[name] for name in told}
    return facts | {f"house.{name}": house.get(name, False) for name in ("mortgaged", "sealed")}


def ask_sale_contract(query: Query) -> Record | None:
    """The contract of sale that the person has filed as the seller."""
    seller = query.find_self()
    if seller is None or "sale_contract" not in seller.entries:
        return None
    contract = seller.entries["sale_contract"]
    facts = {f"sale.{name}": contract[name] for name in ("contract_number", "price")}
    return query.record_about(seller, facts)


def _account_at(utility: str) -> Register:
    def ask(query: Query) -> Record | None:
        customer = query.find_self()
        if customer is None or utility not in customer.entries:
            return None
        account = customer.entries[utility]["account"]
        return query.record_about(customer, {f"house.{utility}_account": account, "house.arrears_fen": 0})

    return ask


def ask_company_purchase(query: Query) -> Record | None:
    """The contract by which the enterprise buys, with what was checked of the house when it was filed."""
    buyer = query.find_enterprise()
    if buyer is None or "purchase" not in buyer.entries:
        return None
    purchase = buyer.entries["purchase"]
    facts = {f"sale.{name}": purchase[name] for name in ("contract_number", "price", "seller_name")}
    return query.record_of(buyer, facts | _facts_of_house(purchase))


def _kept_as(entry: str, **facts: str) -> Register:
    """A register about enterprises: the fact's name and what the entry calls it."""

    def ask(query: Query) -> Record | None:
        enterprise = query.find_enterprise()
        if enterprise is None or entry not in enterprise.entries:
            return None
        kept = enterprise.entries[entry]
        return query.record_of(
            enterprise, {f"self.{fact}": _told(kept[name]) for fact, name in facts.items()}
        )

    return ask


def _told(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


REGISTERS_OF_PROPERTY: Mapping[str, Register] = {
    "real_estate_register": ask_real_estate,
    "sale_contract_register": ask_sale_contract,
    "water_accounts": _account_at("water"),
    "power_accounts": _account_at("power"),
    "gas_accounts": _account_at("gas"),
    "company_purchases": ask_company_purchase,
    "unit_insurance_register": _kept_as("insurance", insurance_account="account"),
    "credit_publicity": _kept_as("credit", abnormal="abnormal", equity_frozen="equity_frozen"),
    "notice_register": _kept_as("notice", notice_ended_on="happened_on"),
    "tax_clearance_register": _kept_as("tax_clearance", tax_cleared_on="happened_on"),
}
