"""What the e-licence service is asked (GB/T 36906 style) and what its answer must look like."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from onething.connectors.envelope import Day, FactValue, Word, open_envelope, printable
from onething.connectors.exchange import ExchangeFailed
from onething.connectors.purpose import purpose_as_sent
from onething.ports import Found, NotHeld, SourceCall

HOLDER_CITIZEN, HOLDER_ENTERPRISE = "111", "001"


class Licence(msgspec.Struct):
    """A licence held: its identifier by GB/T 36904, its holder and what it says."""

    identifier: Annotated[str, msgspec.Meta(pattern=r"\A[0-9A-Za-z.]{1,200}\Z")]
    holder_code: str
    issued_on: Day | None = None
    facts: Annotated[dict[Word, FactValue], msgspec.Meta(max_length=300)] = {}


def question_of(call: SourceCall) -> dict[str, Any]:
    """The body of the request; the service refuses one without a cause of at most 200 characters."""
    purpose = purpose_as_sent(call.purpose)
    return {
        "holder_code": call.asked["holder_code"],
        "holder_type": call.holder_type or HOLDER_CITIZEN,
        "certificate_type": call.document,
        "use_cause": purpose.reason,
        "purpose": purpose,
    }


def read_answer(body: bytes, holder_code: str) -> Found | NotHeld:
    """The licence, or ``ExchangeFailed``: bad_answer, or wrong_record when another holds it."""
    licence = open_envelope(body, Licence)
    if licence is None:
        return NotHeld()
    if licence.holder_code.upper() != holder_code.upper():
        raise ExchangeFailed("wrong_record")
    return Found(printable(licence.facts), licence.issued_on, identifier=licence.identifier)
