"""What departments issue in the middle of lives: work, marriage, home from the army, retirement."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.issuing import (
    Facts,
    Issuer,
    Result,
    document_of,
    hands_out,
    must_have,
    result_of,
    serial_of,
    states,
)


def _marriage(part: str, facts: Facts) -> Result:
    """On the day they wished for; both certificates have one number, and 411599 is nobody's registry."""
    must_have(facts, "man.id_number", "woman.id_number", "marriage.wished_on")
    married_on = str(facts["marriage.wished_on"])
    number = f"J411599-{married_on[:4]}-{serial_of(part, 10**6):06d}"
    return result_of(
        {"man.married_on": married_on, "man.marriage_certificate_number": number},
        document_of("marriage_certificate", "man", part),
        document_of("marriage_certificate", "woman", f"{part}:woman"),
    )


def _veterans_household(part: str, facts: Facts) -> Result:
    """The household of the person joined, or a new one at the veteran's own home."""
    if facts.get("resettlement.settle_with") == "own":
        must_have(facts, "resettlement.home_address")
        address = facts["resettlement.home_address"]
        number = f"411599{serial_of(part, 10**6):06d}"
    else:
        must_have(facts, "host.address", "host.household_number")
        address, number = facts["host.address"], facts["host.household_number"]
    return result_of(
        {"veteran.settled_address": address, "veteran.household_number": number},
        document_of("hukou_settled_page", "veteran", part),
    )


_FLEXJOB: Mapping[str, Issuer] = {
    "PENSION": hands_out(("insurance_certificate", "applicant")),
    "MEDICAL": states(applicant__medical_insured=True),
    "PAY": hands_out(("premium_proof", "applicant")),
    "HARDSHIP": states(applicant__hardship_recognised=True),
}
_MARRIAGE: Mapping[str, Issuer] = {
    "MARRY": _marriage,
    "HUKOU-STATUS": hands_out(("hukou_status_page", "man"), ("hukou_status_page", "woman")),
    "HUKOU-MOVE": hands_out(("hukou_settled_page", "marriage")),
    "BIRTH-REG": hands_out(("childbirth_registration", "woman")),
}
_VETERAN: Mapping[str, Issuer] = {
    "REPORT": hands_out(("settlement_letter", "veteran")),
    "HUKOU": _veterans_household,
    "ID-CARD": hands_out(("id_card", "veteran")),
    "PREF-CARD": hands_out(("veteran_card", "veteran")),
    "MED-JOIN": states(veteran__medical_insured=True),
    "SS-CARD": hands_out(("social_card", "veteran")),
}
_RETIRE: Mapping[str, Issuer] = {
    "PENSION": hands_out(("pension_approval", "retiree")),
}

ISSUERS_OF_LIVES: Mapping[str, Mapping[str, Issuer]] = {
    "P-FLEXJOB": _FLEXJOB,
    "P-MARRIAGE": _MARRIAGE,
    "P-VETERAN": _VETERAN,
    "P-RETIRE": _RETIRE,
}
