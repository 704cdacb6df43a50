"""What a department issues when it completes a part: the facts and documents of each matter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sandbox.identifiers import make_citizen_number
from sandbox.issuing import (
    Facts,
    FactsMissing,
    Issuer,
    Result,
    document_of,
    hands_out,
    must_have,
    nothing_to_hand_out,
    result_of,
    serial_of,
    states,
)
from sandbox.results_lives import ISSUERS_OF_LIVES
from sandbox.results_property import ISSUERS_OF_PROPERTY

__all__ = ["FactsMissing", "issue_result"]


def issue_result(thing: str, matter: str, part: str, facts: Facts) -> Result:
    """The result of a completed part; raises ``FactsMissing`` when the part did not bring enough."""
    return _ISSUERS.get(thing, {}).get(matter, nothing_to_hand_out)(part, facts)


def _birth_certificate(part: str, _facts: Facts) -> Result:
    number = f"S{serial_of(part, 10**9):09d}"
    return result_of(
        {"child.birth_certificate_number": number}, document_of("birth_certificate", "child", part)
    )


def _household_page(part: str, facts: Facts) -> Result:
    """The child's citizen number: by date of birth, odd for a boy and even for a girl."""
    born = str(facts.get("child.birth_on") or facts.get("child.birth_at") or "")[:10]
    must_have({**facts, "child.birth_on": born}, "child.birth_on", "child.sex")
    sequence = 500 + serial_of(part, 250) * 2 + (1 if facts["child.sex"] == "1" else 0)
    number = make_citizen_number(date.fromisoformat(born), sequence)
    return result_of({"child.id_number": number}, document_of("hukou_book", "child", part))


def _assessment(part: str, _facts: Facts) -> Result:
    return result_of(
        {"applicant.disability_level": "2"}, document_of("disability_assessment", "applicant", part)
    )


def _new_disability_certificate(part: str, facts: Facts) -> Result:
    """The certificate's number is the citizen number with the kind and the level behind it."""
    names = ("applicant.id_number", "applicant.disability_kind", "applicant.disability_level")
    must_have(facts, *names)
    number = "".join(str(facts[name]) for name in names)
    return result_of(
        {"applicant.disability_certificate_number": number},
        document_of("disability_certificate", "applicant", part),
    )


_NEWBORN: Mapping[str, Issuer] = {
    "BIRTH-CERT": _birth_certificate,
    "HUKOU": _household_page,
    "MED-INS": states(child__medical_insured=True),
    "VACCINE": hands_out(("vaccination_certificate", "child")),
    "SS-CARD": hands_out(("social_card", "child")),
}
_AFTER_DEATH: Mapping[str, Issuer] = {
    "DEATH-CERT": hands_out(("death_certificate", "deceased")),
    "DEATH-ABN": hands_out(("death_certificate", "deceased")),
    "CREMATION": hands_out(("cremation_certificate", "deceased")),
    "HUKOU-CANCEL": hands_out(("household_cancellation", "deceased")),
}
_DISABILITY: Mapping[str, Issuer] = {
    "ASSESSMENT": _assessment,
    "CERT-NEW": _new_disability_certificate,
    "CERT-RENEW": hands_out(("disability_certificate", "applicant")),
    "CERT-MOVE": hands_out(("disability_certificate", "applicant")),
    "CERT-REISSUE": hands_out(("disability_certificate", "applicant")),
    "CERT-CHANGE": hands_out(("disability_certificate", "applicant")),
}
_RESTAURANT: Mapping[str, Issuer] = {
    "FOOD": hands_out(("food_licence", "enterprise")),
    "FIRE-PROMISE": hands_out(("fire_opinion", "enterprise")),
    "FIRE-GENERAL": hands_out(("fire_opinion", "enterprise")),
}
# Matters of different one-things share their codes, so each has its own table.
_ISSUERS: Mapping[str, Mapping[str, Issuer]] = {
    "P-NEWBORN": _NEWBORN,
    "P-AFTER-DEATH": _AFTER_DEATH,
    "P-DISABILITY": _DISABILITY,
    "E-RESTAURANT": _RESTAURANT,
    **ISSUERS_OF_LIVES,
    **ISSUERS_OF_PROPERTY,
}
