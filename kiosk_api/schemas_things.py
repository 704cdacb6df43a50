"""What the list of one-things looks like in an answer."""

from __future__ import annotations

from kiosk_api.schemas_drafts import Label
from web.schema import AnswerSchema, many, number, one_of, word


class ThingSummary(Label):
    """One one-thing of the list."""

    code = word(example="P-NEWBORN")
    summary_zh = word()
    summary_en = word()
    audience = one_of(("person", "enterprise"))
    icon = word(or_null=True)
    matters = number()
    promise_days = number()


class ThingList(AnswerSchema):
    """Every one-thing of the current catalog revision."""

    revision = number()
    things = many(ThingSummary)
