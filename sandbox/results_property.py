"""What is issued about houses and enterprises: contracts, certificates, licences, clearances."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.identifiers import DIVISION, make_uscc
from sandbox.issuing import Facts, Issuer, Result, document_of, hands_out, must_have, result_of, serial_of


def _filed_contract(part: str, facts: Facts) -> Result:
    must_have(facts, "house.unit_number", "sale.price")
    number = f"CLF{DIVISION}9{serial_of(part, 10**9):09d}"
    return result_of({"sale.contract_number": number}, document_of("sale_contract", "sale", part))


def _transfer_to(owner: str) -> Issuer:
    """A new certificate for the owner; numbers of issued certificates begin with 9."""

    def issue(part: str, facts: Facts) -> Result:
        must_have(facts, "house.certificate_number", "sale.contract_number")
        number = f"豫（2026）新县不动产权第9{serial_of(part, 10**6):06d}号"
        document = document_of("real_estate_certificate", owner, part)
        return result_of({"house.new_certificate_number": number}, document)

    return issue


def _new_enterprise(part: str, facts: Facts) -> Result:
    """The credit code of a founded enterprise; its serial begins with 9, which no enterprise here has."""
    must_have(facts, "enterprise.name", "enterprise.address")
    uscc = make_uscc("91", 9 * 10**8 + serial_of(part, 10**8))
    return result_of({"enterprise.uscc": uscc}, document_of("business_licence", "enterprise", part))


_HOUSE_TRANSFER: Mapping[str, Issuer] = {
    "CHECK": _filed_contract,
    "TAX": hands_out(("tax_receipt", "sale")),
    "REG": _transfer_to("buyer"),
    "MORT-ON": hands_out(("real_estate_proof", "buyer")),
}
_START: Mapping[str, Issuer] = {
    "SETUP": _new_enterprise,
    "SEAL": hands_out(("official_seal", "enterprise")),
}
_HIRE: Mapping[str, Issuer] = {
    "SS-CARD": hands_out(("social_card", "employees")),
}
_COMPANY_REAL_ESTATE: Mapping[str, Issuer] = {
    "TAX": hands_out(("tax_receipt", "sale")),
    "TRANSFER": _transfer_to("enterprise"),
    "LOAN": hands_out(("loan_approval", "enterprise")),
    "MORT-ON": hands_out(("real_estate_proof", "enterprise")),
}
_SIMPLE_CANCEL: Mapping[str, Issuer] = {
    "NOTICE": hands_out(("notice_record", "enterprise")),
    "TAX": hands_out(("tax_clearance", "enterprise")),
    "DEREG": hands_out(("deregistration_notice", "enterprise")),
}
ISSUERS_OF_PROPERTY: Mapping[str, Mapping[str, Issuer]] = {
    "P-HOUSE-TRANSFER": _HOUSE_TRANSFER,
    "E-START": _START,
    "E-HIRE": _HIRE,
    "E-REAL-ESTATE": _COMPANY_REAL_ESTATE,
    "E-SIMPLE-CANCEL": _SIMPLE_CANCEL,
}
