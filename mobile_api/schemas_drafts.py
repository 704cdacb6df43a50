"""What a phone is told of the drafts a person has."""

from __future__ import annotations

import marshmallow as ma

from web.schema import AnswerSchema, many, one, word
from web.schemas_drafts import ThingName


class DraftLine(AnswerSchema):
    """One draft that was begun."""

    id = word()
    thing = one(ThingName)
    updated_at = ma.fields.AwareDateTime(required=True)
    masked_subject = word(or_null=True, about="Whom it is about, when that is somebody else")


class DraftList(AnswerSchema):
    """My drafts."""

    drafts = many(DraftLine)
