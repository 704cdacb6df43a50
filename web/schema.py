"""What requests and answers look like: marshmallow schemas whose faults are reasons, not English."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import date
from typing import Any

import marshmallow as ma

# What str.isprintable lets through, in the words of ECMA-262.
PRINTABLE = r"^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$"
BASE64 = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"


class RequestSchema(ma.Schema):
    """A request's body, query or files: what it does not name is refused."""

    class Meta:
        unknown = ma.RAISE

    error_messages = {"unknown": "unknown_field", "type": "not_an_object"}

    def on_bind_field(self, field_name: str, field_obj: ma.fields.Field[Any]) -> None:  # noqa: ARG002
        """Every fault of a field is told by its reason; ``web.problem_words`` has the sentences."""
        field_obj.error_messages = {key: key for key in field_obj.error_messages}


class AnswerSchema(ma.Schema):
    """An answer's body, for the documentation and the tests; clients ignore what they do not know."""

    class Meta:
        unknown = ma.EXCLUDE


class Whole(ma.fields.Integer):
    """A whole number as JSON Schema has it: 10.0 is one, true is none."""

    def _validated(self, value: Any) -> int:
        if isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return super()._validated(value)


class FactValue(ma.fields.Field[Any]):
    """A fact's raw value: text, a whole number, true or false, or null to empty it."""

    LONGEST = 2000
    default_error_messages = {"invalid": "invalid", "too_long": "too_long"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        shape = {"type": ["string", "number", "boolean"], "maxLength": self.LONGEST}
        self.metadata = {**shape, **self.metadata}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        if not isinstance(value, str | int | float | bool):
            raise self.make_error("invalid")
        if isinstance(value, str) and len(value) > self.LONGEST:
            raise self.make_error("too_long")
        return value


class Picture(ma.fields.Field[bytes]):
    """A picture's bytes in base64 (RFC 4648, section 4)."""

    LONGEST = 700_000
    default_error_messages = {"not_base64": "not_base64", "too_long": "too_long"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        shape = {"type": "string", "format": "byte", "pattern": BASE64, "maxLength": self.LONGEST}
        self.metadata = {**shape, **self.metadata}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bytes:  # noqa: ARG002
        if not isinstance(value, str):
            raise self.make_error("not_base64")
        if len(value) > self.LONGEST:
            raise self.make_error("too_long")
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError) as error:
            raise self.make_error("not_base64") from error


def _printable(value: str) -> None:
    if not value.isprintable():
        raise ma.ValidationError("not_printable")


def _iso_date(value: str) -> None:
    try:
        good = date.fromisoformat(value).isoformat() == value
    except ValueError:
        good = False
    if not good:
        raise ma.ValidationError("not_a_date")


def _described(about: str) -> dict[str, Any]:
    return {"description": about} if about else {}


def text(longest: int, *, shortest: int = 0, required: bool = True, about: str = "") -> ma.fields.String:
    """Printable text of so many characters."""
    lengths = [ma.validate.Length(max=longest, error="too_long")]
    if shortest:
        lengths.append(ma.validate.Length(min=shortest, error="too_short"))
    shape = {**_described(about), "pattern": PRINTABLE}
    return ma.fields.String(required=required, validate=[*lengths, _printable], metadata=shape)


def choice(*choices: str, required: bool = True) -> ma.fields.String:
    """One of a few words."""
    return ma.fields.String(required=required, validate=ma.validate.OneOf(choices, error="not_a_choice"))


def day(*, required: bool = True, allow_none: bool = False) -> ma.fields.String:
    """A date as text, ISO 8601 YYYY-MM-DD."""
    return ma.fields.String(
        required=required, allow_none=allow_none, validate=_iso_date, metadata={"format": "date"}
    )


def whole(low: int, high: int, *, required: bool = True) -> ma.fields.Integer:
    """A whole number between two bounds, both allowed."""
    limits = ma.validate.Range(min=low, max=high, error="out_of_range")
    return Whole(required=required, strict=True, validate=limits)


def texts(longest: int, most: int, *, required: bool = True) -> ma.fields.List[str]:
    """A list of printable texts."""
    limit = ma.validate.Length(max=most, error="too_many")
    return ma.fields.List(text(longest, shortest=1), required=required, validate=limit)


def facts(most: int, *, required: bool = True) -> ma.fields.Dict:
    """Facts by name: ``{"mother.name": "…"}``."""
    return ma.fields.Dict(
        keys=text(120, shortest=1),
        values=FactValue(allow_none=True),
        required=required,
        validate=ma.validate.Length(max=most, error="too_many"),
    )


# --- answers


def word(*, or_null: bool = False, about: str = "", example: str | None = None) -> ma.fields.String:
    """Text in an answer; always there."""
    metadata = _described(about)
    if example is not None:
        metadata["example"] = example
    return ma.fields.String(required=True, allow_none=or_null, metadata=metadata)


def one_of(words: Sequence[str], *, or_null: bool = False) -> ma.fields.String:
    """One of a few words in an answer."""
    return ma.fields.String(required=True, allow_none=or_null, validate=ma.validate.OneOf(words))


def number(*, or_null: bool = False, about: str = "") -> ma.fields.Integer:
    """A whole number in an answer."""
    return ma.fields.Integer(required=True, strict=True, allow_none=or_null, metadata=_described(about))


def yes_no(*, or_null: bool = False) -> ma.fields.Boolean:
    """True or false in an answer."""
    return ma.fields.Boolean(required=True, allow_none=or_null)


def words(*, required: bool = True) -> ma.fields.List[str]:
    """A list of texts in an answer."""
    return ma.fields.List(ma.fields.String(), required=required)


def many(schema: type[ma.Schema], *, required: bool = True) -> ma.fields.List[Any]:
    """A list of objects in an answer."""
    return ma.fields.List(ma.fields.Nested(schema), required=required)


def one(schema: type[ma.Schema], *, or_null: bool = False, required: bool = True) -> ma.fields.Nested:
    """An object in an answer."""
    return ma.fields.Nested(schema, required=required, allow_none=or_null)
