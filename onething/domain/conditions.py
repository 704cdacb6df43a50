"""Conditions in the catalog: CEL, compiled once for each one-thing, true, false or undecided.

This is the only module that knows the expression library (cel-expr-python).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from cel_expr_python import cel

from onething.domain.catalog import Catalog, FactType, Thing

_CEL_TYPES = {
    FactType.DATE: cel.Type.TIMESTAMP,
    FactType.DATETIME: cel.Type.TIMESTAMP,
    FactType.INTEGER: cel.Type.INT,
    FactType.DECIMAL: cel.Type.DOUBLE,
    FactType.BOOLEAN: cel.Type.BOOL,
}
HOLDER = "holder"  # the card holder, before it is known which role they take
_INDEX = re.compile(r"\[\d+\]")


class BadCondition(Exception):
    """An expression that does not compile; the message names line, column and what is wrong."""

    reason = "bad_condition"


@dataclass(frozen=True)
class Condition:
    """A compiled expression and the facts it reads."""

    text: str
    reads: frozenset[str]
    expression: Any


class Conditions:
    """All conditions of one one-thing over the facts its roles can have."""

    def __init__(self, catalog: Catalog, thing: Thing) -> None:
        self._types = dict(_variables(catalog, thing))
        self._env = cel.NewEnv(
            variables={name: _CEL_TYPES.get(kind, cel.Type.STRING) for name, kind in self._types.items()}
        )
        self._compiled: dict[str, Condition] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Every ``role.fact`` that a condition may read."""
        return tuple(self._types)

    def compile(self, text: str) -> Condition:
        """The compiled expression; raises ``BadCondition``."""
        if text not in self._compiled:
            try:
                expression = self._env.compile(text)
            except RuntimeError as error:
                raise BadCondition(_plain(str(error))) from None
            reads = frozenset(_references(expression.serialize())) & self._types.keys()
            self._compiled[text] = Condition(text, reads, expression)
        return self._compiled[text]

    def is_sound(self, text: str | None) -> bool:
        """Whether a condition compiles and can come out true or false; no condition does."""
        try:
            return text is None or str(self.compile(text).expression.return_type()) in ("BOOL", "DYN")
        except BadCondition:
            return False

    def decide(self, text: str | None, known: Mapping[str, Any]) -> bool | None:
        """True, False, or None while the facts it reads do not decide it; no condition is True."""
        if text is None:
            return True
        value = self._value(self.compile(text), known)
        return value if isinstance(value, bool) else None

    def compute(self, text: str, known: Mapping[str, Any]) -> Any:
        """The value of a computed fact as it is stored, or None while undecided."""
        value = self._value(self.compile(text), known)
        if isinstance(value, datetime):
            return value.date().isoformat()
        return value

    def _value(self, condition: Condition, known: Mapping[str, Any]) -> Any:
        data = {}
        for name in condition.reads:
            value = _for_cel(self._types[name], known.get(name))
            if value is not None:
                data[name] = value
        result = condition.expression.eval(data=data)
        return None if result.type() == cel.Type.ERROR else result.plain_value()


def without_index(key: str) -> str:
    """``employees[2].name`` as its declaration ``employees.name``."""
    return _INDEX.sub("", key)


def _variables(catalog: Catalog, thing: Thing) -> Iterable[tuple[str, FactType]]:
    for fact in catalog.facts.values():
        for role in thing.roles.values():
            if role.kind == fact.kind:
                yield f"{role.id}.{fact.name}", fact.type
        if fact.kind == "person":
            yield f"{HOLDER}.{fact.name}", fact.type


def _for_cel(kind: FactType, value: Any) -> Any:
    if value is None:
        return None
    if kind in (FactType.DATE, FactType.DATETIME):
        return _moment(value)
    if kind is FactType.DECIMAL:
        return float(value)
    return value


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    moment = datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _plain(message: str) -> str:
    found = re.search(r"<input>:(\d+):(\d+):\s*([^\n]*)", message)
    return f"line {found[1]}, column {found[2]}: {found[3]}" if found else message.splitlines()[0]


def _references(serialized: bytes) -> Iterable[str]:
    """The names in a serialized CheckedExpr's reference map (cel.expr.CheckedExpr field 2)."""
    checked = next(body for number, body in _fields(serialized) if number == 2)
    for number, entry in _fields(checked):
        if number != 2:
            continue
        for part, reference in _fields(entry):
            if part == 2:
                yield from (bytes(text).decode() for tag, text in _fields(reference) if tag == 1)


def _fields(message: bytes) -> Iterable[tuple[int, bytes]]:
    """The length-delimited fields of a protobuf message; numbers are skipped."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        if tag & 7 == 2:
            size, at = _varint(message, at)
            yield tag >> 3, message[at : at + size]
            at += size
        elif tag & 7 == 0:
            _, at = _varint(message, at)
        else:
            at += 8 if tag & 7 == 1 else 4


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at
