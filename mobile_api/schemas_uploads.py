"""What a phone is told of a file on its way."""

from __future__ import annotations

import marshmallow as ma

from web.schema import AnswerSchema, many, number, word


class UploadView(AnswerSchema):
    """Where an upload stands, in bytes; the headers say the same."""

    id = word()
    offset = number()
    length = number()
    expires_at = ma.fields.AwareDateTime(required=True)


class UploadedPage(AnswerSchema):
    """One page as it was made safe."""

    file = word()
    number = number()
    preview = word(about="The address of its JPEG at this door")


class UploadedPages(AnswerSchema):
    """The pages that a whole file became; for which material, fact, draft or case is known by its address."""

    pages = many(UploadedPage)
