"""What a citizen may send from a kiosk or a phone: every field named, bounded and printable."""

from __future__ import annotations

import marshmallow as ma
from flask_smorest.fields import Upload

from web.schema import Picture, RequestSchema, facts, text, texts, whole


def seen_version() -> ma.fields.Integer:
    """The draft's version on the screen where this was said."""
    return whole(0, 2**31 - 1, required=False)


class PlanRequest(RequestSchema):
    """A choice and answers to be tried out, with nothing known of the person."""

    chosen = texts(40, 200, required=False)
    answers = facts(100, required=False)


class DraftRequest(RequestSchema):
    """A one-thing to be filled in."""

    thing = text(40, shortest=1)
    chosen = texts(40, 200, required=False)
    answers = facts(100, required=False)
    another = ma.fields.Boolean(truthy={True}, falsy={False}, load_default=False)


class ChoiceRequest(RequestSchema):
    """The matters to be handled."""

    chosen = texts(40, 200)
    version = seen_version()


class ValuesRequest(RequestSchema):
    """Facts by ``role.fact``; null takes a value back."""

    values = facts(500)
    version = seen_version()


class CountRequest(RequestSchema):
    """How many people a repeating role stands for."""

    role = text(60, shortest=1)
    number = whole(0, 1000)
    version = seen_version()


class KeepRequest(RequestSchema):
    """Which of the values that two devices have typed into a field stays, by its ``keep``."""

    fact = text(120, shortest=1)
    keep = whole(0, 10)


class ConsentRequest(RequestSchema):
    """Which sources may be asked."""

    sources = ma.fields.Dict(
        keys=text(60, shortest=1),
        values=ma.fields.Boolean(truthy={True}, falsy={False}),
        required=True,
        validate=ma.validate.Length(max=100, error="too_many"),
    )


class FetchingRequest(RequestSchema):
    """The sources to be tried again; without them, all that may be asked now."""

    sources = texts(60, 100, required=False)


class RoleRequest(RequestSchema):
    """The person without whose authorisation it goes on."""

    role = text(60, shortest=1)


class PageUpload(RequestSchema):
    """One scan: JPEG, PNG or PDF, known by its content."""

    file = Upload(required=True)


class SignatureRequest(RequestSchema):
    """A handwritten signature, PNG, as it was drawn on so many pixels."""

    image = Picture(required=True, metadata={"type": "string", "format": "byte"})
    width = whole(1, 4096)
    height = whole(1, 4096)


class SendCodeRequest(RequestSchema):
    """Nothing: the number is the one that the draft's view masks."""


class StepUpRequest(RequestSchema):
    """The code of the text message, as it was typed."""

    code = text(12, shortest=1)


class CheckRequest(RequestSchema):
    """What a verifier's own program gave out; only that verifier can read it."""

    verifier = text(40, shortest=1)
    evidence = text(4000, shortest=1)


class SubmissionRequest(RequestSchema):
    """Nothing: what is submitted is the draft."""


class CasesQuery(RequestSchema):
    """Which page of my cases."""

    cursor = text(120, required=False)
    limit = ma.fields.Integer(
        load_default=20, validate=ma.validate.Range(min=1, max=100, error="out_of_range")
    )
