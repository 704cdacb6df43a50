"""What a department issues when it completes a part: the facts and documents of each matter."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sandbox.e_licences import identifier_of
from sandbox.identifiers import make_citizen_number

Facts = Mapping[str, Any]
Result = dict[str, Any]


class FactsMissing(Exception):
    """The part lacks facts without which the department can not decide."""

    def __init__(self, *missing: str) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


def issue_result(matter: str, part: str, facts: Facts) -> Result:
    """The result of a completed part; raises ``FactsMissing`` when the part did not bring enough."""
    return _ISSUERS.get(matter, _nothing_to_hand_out)(part, facts)


def _serial(part: str, span: int) -> int:
    """A number below ``span`` that stays the same for the same part."""
    return int.from_bytes(hashlib.sha256(part.encode()).digest()[:8]) % span


def _nothing_to_hand_out(_part: str, _facts: Facts) -> Result:
    return {"facts": {}, "documents": []}


def _birth_certificate(part: str, _facts: Facts) -> Result:
    number = f"S{_serial(part, 10**9):09d}"
    documents = [_document("birth_certificate", "child", part)]
    return {"facts": {"child.birth_certificate_number": number}, "documents": documents}


def _household_page(part: str, facts: Facts) -> Result:
    """The child's citizen number: by date of birth, odd for a boy and even for a girl."""
    born = str(facts.get("child.birth_on") or facts.get("child.birth_at") or "")[:10]
    sex = facts.get("child.sex")
    missing = [name for name, value in (("child.birth_on", born), ("child.sex", sex)) if not value]
    if missing:
        raise FactsMissing(*missing)
    sequence = 500 + _serial(part, 250) * 2 + (1 if sex == "1" else 0)
    number = make_citizen_number(date.fromisoformat(born), sequence)
    return {"facts": {"child.id_number": number}, "documents": [_document("hukou_book", "child", part)]}


def _document(document: str, of: str, part: str) -> dict[str, str]:
    return {"document": document, "of": of, "identifier": identifier_of(document, part)}


def _hands_out(document: str, of: str) -> Callable[[str, Facts], Result]:
    def issue(part: str, _facts: Facts) -> Result:
        return {"facts": {}, "documents": [_document(document, of, part)]}

    return issue


def _states(**facts: Any) -> Callable[[str, Facts], Result]:
    """The same facts for every part; ``role__fact`` stands for ``role.fact``."""
    stated = {name.replace("__", "."): value for name, value in facts.items()}

    def issue(_part: str, _facts: Facts) -> Result:
        return {"facts": dict(stated), "documents": []}

    return issue


def _assessment(part: str, _facts: Facts) -> Result:
    return {
        "facts": {"applicant.disability_level": "2"},
        "documents": [_document("disability_assessment", "applicant", part)],
    }


def _new_disability_certificate(part: str, facts: Facts) -> Result:
    """The certificate's number is the citizen number with the kind and the level behind it."""
    names = ("applicant.id_number", "applicant.disability_kind", "applicant.disability_level")
    missing = [name for name in names if not facts.get(name)]
    if missing:
        raise FactsMissing(*missing)
    number = "".join(str(facts[name]) for name in names)
    return {
        "facts": {"applicant.disability_certificate_number": number},
        "documents": [_document("disability_certificate", "applicant", part)],
    }


_ISSUERS: Mapping[str, Callable[[str, Facts], Result]] = {
    "BIRTH-CERT": _birth_certificate,
    "HUKOU": _household_page,
    "MED-INS": _states(child__medical_insured=True),
    "VACCINE": _hands_out("vaccination_certificate", "child"),
    "SS-CARD": _hands_out("social_card", "child"),
    "DEATH-CERT": _hands_out("death_certificate", "deceased"),
    "DEATH-ABN": _hands_out("death_certificate", "deceased"),
    "CREMATION": _hands_out("cremation_certificate", "deceased"),
    "HUKOU-CANCEL": _hands_out("household_cancellation", "deceased"),
    "ASSESSMENT": _assessment,
    "CERT-NEW": _new_disability_certificate,
    "CERT-RENEW": _hands_out("disability_certificate", "applicant"),
    "CERT-MOVE": _hands_out("disability_certificate", "applicant"),
    "CERT-REISSUE": _hands_out("disability_certificate", "applicant"),
    "CERT-CHANGE": _hands_out("disability_certificate", "applicant"),
    "FOOD": _hands_out("food_licence", "enterprise"),
    "FIRE-PROMISE": _hands_out("fire_opinion", "enterprise"),
    "FIRE-GENERAL": _hands_out("fire_opinion", "enterprise"),
}
