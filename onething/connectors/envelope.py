"""The gateway's envelope around every answer: code, message, data; and texts that may be trusted."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, TypeVar

import msgspec

from onething.connectors.exchange import ExchangeFailed

OK, NOT_HELD = 0, 40401
UNSIGNED = range(40100, 40200)

T = TypeVar("T")

FactWord = Annotated[str, msgspec.Meta(pattern=r"\A[a-z_]+\.[a-z0-9_]+\Z", max_length=80)]
Word = Annotated[str, msgspec.Meta(pattern=r"\A[a-z0-9_]+\Z", max_length=80)]
FactValue = Annotated[str, msgspec.Meta(max_length=2000)] | int | float | bool | None
Day = Annotated[str, msgspec.Meta(pattern=r"\A\d{4}-\d{2}-\d{2}\Z")]


class Envelope(msgspec.Struct):
    """What every answer is wrapped in; other fields are ignored."""

    code: int
    message: str = ""
    data: msgspec.Raw = msgspec.Raw(b"null")


def open_envelope(body: bytes, kind: type[T]) -> T | None:
    """The answer's data as ``kind``, None when nothing is held; raises ``ExchangeFailed``."""
    try:
        envelope = msgspec.json.decode(body, type=Envelope)
        if envelope.code == NOT_HELD:
            return None
        if envelope.code in UNSIGNED:
            raise ExchangeFailed("refused_by_gateway")
        if envelope.code != OK:
            raise ExchangeFailed("bad_answer")
        return msgspec.json.decode(envelope.data, type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise ExchangeFailed("bad_answer") from error


def printable(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts with line breaks and tabs as spaces; ``ExchangeFailed`` for other control characters."""
    return {
        name: _printable_text(value) if isinstance(value, str) else value for name, value in facts.items()
    }


# Control characters, direction marks and other format characters, and lone surrogates.
_UNPRINTABLE = ("Cc", "Cf", "Cs")
_SPACES = str.maketrans("\r\n\t", "   ")


def _printable_text(text: str) -> str:
    text = text.translate(_SPACES).strip()
    if any(unicodedata.category(character) in _UNPRINTABLE for character in text):
        raise ExchangeFailed("bad_answer")
    return text
