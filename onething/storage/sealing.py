"""Personal values as sealed documents: one for each role and retention class."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson

from onething.storage.columns import write_json
from onething.storage.keyring import KeyRing

RetentionOf = Callable[[str], str]
RoleValues = Mapping[str, Mapping[str, Any]]


def kept_with_the_case(_fact: str) -> str:
    """The retention class of a fact whose sensitivity asks for nothing else."""
    return "case"


class Sealer:
    """Seals documents for the place they are kept at, and opens them there only.

    ``retention_of`` says how long a fact is kept (its class): values of one class are one document,
    so that a sweep can erase a class without opening anything.
    """

    def __init__(self, keyring: KeyRing, retention_of: RetentionOf = kept_with_the_case) -> None:
        self._keyring = keyring
        self._retention_of = retention_of

    @property
    def keyring(self) -> KeyRing:
        return self._keyring

    def seal(self, table: str, row: str, column: str, document: Any) -> bytes:
        return self._keyring.seal(write_json(document), f"{table}:{row}:{column}")

    def open(self, table: str, row: str, column: str, sealed: bytes) -> Any:
        """Raises ``SealBroken``."""
        return orjson.loads(self._keyring.open(sealed, f"{table}:{row}:{column}"))

    def seal_roles(self, table: str, owner: str, values: RoleValues) -> list[tuple[str, str, str, bytes]]:
        """Rows of (owner, role, retention class, sealed document)."""
        return [
            (
                owner,
                role,
                retention,
                self.seal(table, f"{owner}/{role}/{retention}", "sealed_values", document),
            )
            for role, facts in values.items()
            for retention, document in self._by_retention(facts).items()
        ]

    def open_roles(
        self, table: str, owner: str, rows: Iterable[tuple[Any, ...]]
    ) -> dict[str, dict[str, Any]]:
        """Role to fact to value, from rows of (role, retention class, sealed document)."""
        values: dict[str, dict[str, Any]] = {}
        for role, retention, sealed in rows:
            document = self.open(table, f"{owner}/{role}/{retention}", "sealed_values", sealed)
            values.setdefault(role, {}).update(document)
        return values

    def _by_retention(self, facts: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
        documents: dict[str, dict[str, Any]] = {}
        for fact, value in facts.items():
            documents.setdefault(self._retention_of(fact), {})[fact] = value
        # A role known to be there, with nothing known of it yet, is kept too.
        return documents or {"case": {}}
