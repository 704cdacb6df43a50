"""What a register is asked and what its answer must look like; no network here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from onething.connectors.envelope import Day, FactValue, FactWord, Word, open_envelope, printable
from onething.connectors.exchange import ExchangeFailed
from onething.connectors.purpose import purpose_as_sent
from onething.ports import Found, NotHeld, SourceCall

_IDENTIFYING = ("id_number", "uscc")


class Record(msgspec.Struct):
    """A register's record: whom it is about, its facts, its own date, whose relation it proves."""

    subject: Annotated[dict[str, str], msgspec.Meta(max_length=8)]
    facts: Annotated[dict[FactWord, FactValue], msgspec.Meta(max_length=300)]
    as_of: Day | None = None
    proves: Annotated[list[Word], msgspec.Meta(max_length=20)] = []


def question_of(call: SourceCall) -> dict[str, Any]:
    """The body of the request; nothing is asked without saying what it is for."""
    return {
        "asked": dict(call.asked),
        "purpose": purpose_as_sent(call.purpose),
        "request_id": uuid.uuid4().hex,
    }


def read_answer(body: bytes, asked: Mapping[str, str]) -> Found | NotHeld:
    """The answer, or ``ExchangeFailed``: bad_answer, or wrong_record when it is about someone else."""
    record = open_envelope(body, Record)
    if record is None:
        return NotHeld()
    if not is_about(record, asked):
        raise ExchangeFailed("wrong_record")
    return Found(printable(record.facts), record.as_of, tuple(record.proves))


def is_about(record: Record, asked: Mapping[str, str]) -> bool:
    """Whether the record echoes whom we asked about, and contradicts none of the numbers we gave."""
    numbers = {word: value for word, value in asked.items() if word.rpartition(".")[2] in _IDENTIFYING}
    own = {word: value for word, value in numbers.items() if word.startswith("self.")} or numbers
    echoed = all(_is_same(_echo_of(record, word), value) for word, value in own.items())
    given = [(record.facts[word], value) for word, value in numbers.items() if word in record.facts]
    return bool(own) and echoed and all(_is_same(fact, value) for fact, value in given)


def _echo_of(record: Record, word: str) -> str | None:
    return record.subject.get(word.removeprefix("self."))


def _is_same(given: object, asked: str) -> bool:
    return isinstance(given, str) and given.upper() == asked.upper()
