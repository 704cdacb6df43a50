"""What a department reports."""

from __future__ import annotations

import marshmallow as ma

from web.schema import AnswerSchema, FactValue, RequestSchema, choice, one_of, text

KINDS = ("accepted", "completed", "denied")


class Reason(RequestSchema):
    """Why a part was denied."""

    code = text(60, shortest=1)
    zh = text(500, shortest=1)
    en = text(500, required=False)


class IssuedDocument(RequestSchema):
    """A document that was issued."""

    document = text(60, shortest=1)
    of = text(60, required=False)
    identifier = text(200, required=False)


class ReportedResult(RequestSchema):
    """What a completed part produced."""

    facts = ma.fields.Dict(
        keys=text(120, shortest=1),
        values=FactValue(allow_none=True),
        validate=ma.validate.Length(max=100, error="too_many"),
    )
    documents = ma.fields.List(
        ma.fields.Nested(IssuedDocument()), validate=ma.validate.Length(max=50, error="too_many")
    )


class PartEvent(RequestSchema):
    """One event of one part; ``event_id`` makes a repeated delivery harmless."""

    event_id = text(64, shortest=8)
    part = text(64, shortest=8)
    kind = choice(*KINDS)
    at = ma.fields.AwareDateTime(required=True, metadata={"description": "ISO 8601 with its offset"})
    reason = ma.fields.Nested(Reason(), allow_none=True)
    result = ma.fields.Nested(ReportedResult(), allow_none=True)

    @ma.validates_schema
    def _reason_with_denial(self, data: dict[str, object], **_options: object) -> None:
        if data.get("kind") == "denied" and not data.get("reason"):
            raise ma.ValidationError("required", "reason")


class Taken(AnswerSchema):
    """Whether the event changed anything."""

    status = one_of(("applied", "already_known"))
