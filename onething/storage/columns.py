"""Column types that read the same from both databases: instants, JSON texts, integer ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

Process = Callable[[Any], Any]


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime; a naive one is refused.

    SQLite has no such type: there it is ISO 8601 text of fixed width, which sorts as time does.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone is not an instant")
        moment = value.astimezone(UTC)
        return moment.isoformat(timespec="microseconds") if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else self.reader(dialect)(value)

    def reader(self, dialect: Dialect) -> Process:
        """Makes an instant of what the driver gives; SQLite's text was written in UTC."""
        return datetime.fromisoformat if dialect.name == "sqlite" else _in_utc


def write_json(value: Any) -> bytes:
    """UTF-8 JSON; read-only mappings count as objects; raises ``TypeError`` for what JSON has not."""
    return orjson.dumps(value, default=_plain)


def write_canonical_json(value: Any) -> bytes:
    """UTF-8 JSON that is the same for the same content: keys sorted, no spaces."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_SORT_KEYS)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


class JsonText(TypeDecorator[Any]):
    """JSON kept as the text that was written.

    Not jsonb: it reorders keys, and what is answered twice has to be the same twice.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else write_json(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else orjson.loads(value)

    def reader(self, _dialect: Dialect) -> Process:
        """Makes what was written of the text."""
        return orjson.loads


def reader_of(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    """What the driver's values go through that are not NULL; None where they are taken as they come."""
    if isinstance(kind, Instant | JsonText):
        return kind.reader(dialect)
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


# SQLite numbers rows by itself only in a column of its plain INTEGER.
RowNumber = BigInteger().with_variant(Integer(), "sqlite")
