"""What a department reports."""

from __future__ import annotations

import marshmallow as ma

from web.schema import AnswerSchema, FactValue, RequestSchema, Whole, choice, one_of, text

KINDS = ("accepted", "completed", "denied", "supplement", "suspended", "resumed", "extended")
CAUSES = ("supplement", "hearing", "inspection", "testing", "expert_review", "other")


_NEEDED = (
    ("denied", "reason"),
    ("supplement", "wants"),
    ("suspended", "cause"),
    ("extended", "reason"),
    ("extended", "days"),
)


class Reason(RequestSchema):
    """Why a part was denied."""

    code = text(60, shortest=1)
    zh = text(500, shortest=1)
    en = text(500, required=False)


class Want(RequestSchema):
    """One thing that the citizen is asked for: a material, a fact of the form, or something said in words."""

    material = text(80, required=False)
    fact = text(120, required=False)
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
    wants = ma.fields.List(
        ma.fields.Nested(Want()), allow_none=True, validate=ma.validate.Length(max=50, error="too_many")
    )
    cause = ma.fields.String(allow_none=True, validate=ma.validate.OneOf(CAUSES, error="unknown"))
    days = Whole(allow_none=True, strict=True)

    @ma.validates_schema
    def _what_each_kind_needs(self, data: dict[str, object], **_options: object) -> None:
        for kind, field in _NEEDED:
            if data.get("kind") == kind and not data.get(field):
                raise ma.ValidationError("required", field)


class Taken(AnswerSchema):
    """Whether the event changed anything."""

    status = one_of(("applied", "already_known"))
