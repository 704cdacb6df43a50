"""The making of results: documents with identifiers, facts, and numbers that stay the same for a part."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.e_licences import identifier_of

Facts = Mapping[str, Any]
Result = dict[str, Any]
Issuer = Callable[[str, Facts], Result]


class FactsMissing(Exception):
    """The part lacks facts without which the department can not decide."""

    def __init__(self, *missing: str) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


def must_have(facts: Facts, *names: str) -> None:
    """Raises ``FactsMissing`` naming those that the part did not bring."""
    missing = [name for name in names if not facts.get(name)]
    if missing:
        raise FactsMissing(*missing)


def serial_of(part: str, span: int) -> int:
    """A number below ``span`` that stays the same for the same part."""
    return int.from_bytes(hashlib.sha256(part.encode()).digest()[:8]) % span


def result_of(facts: dict[str, Any] | None = None, *documents: dict[str, str]) -> Result:
    """A result with these facts and documents."""
    return {"facts": facts or {}, "documents": list(documents)}


def document_of(document: str, of: str, part: str) -> dict[str, str]:
    """One issued document of a role; the same part gives the same identifier."""
    return {"document": document, "of": of, "identifier": identifier_of(document, part)}


def nothing_to_hand_out(_part: str, _facts: Facts) -> Result:
    """Done, and nobody gets anything."""
    return result_of()


def hands_out(*documents: tuple[str, str]) -> Issuer:
    """Documents, each with its role, and no facts."""

    def issue(part: str, _facts: Facts) -> Result:
        return result_of({}, *(document_of(document, of, part) for document, of in documents))

    return issue


def states(**facts: Any) -> Issuer:
    """The same facts for every part; ``role__fact`` stands for ``role.fact``."""
    stated = {name.replace("__", "."): value for name, value in facts.items()}

    def issue(_part: str, _facts: Facts) -> Result:
        return result_of(dict(stated))

    return issue
