"""What a phone is told of mandates, and how one is given."""

from __future__ import annotations

import marshmallow as ma

from web.schema import AnswerSchema, RequestSchema, many, one_of, text, texts, whole, word
from web.schemas_drafts import ThingName
from web.schemas_guide import Label


class MandateRequest(RequestSchema):
    """Who may act for me, by name and ID number (GB 11643); no matters: every matter of those one-things."""

    name = text(60, shortest=1)
    id_number = text(20, shortest=1)
    things = texts(40, 20)
    matters = texts(40, 200, required=False)
    days = whole(1, 365)


class HelpRequest(RequestSchema):
    """In what a clerk may fill in for me, and for how many hours."""

    things = texts(40, 20)
    hours = whole(1, 8)


class MandatedMatter(Label):
    """A matter in the scope of a mandate."""

    code = word()


class MandateLine(AnswerSchema):
    """One mandate as either of the two people sees it."""

    id = word()
    kind = one_of(("agent", "helper"))
    kind_zh = word()
    kind_en = word()
    state = one_of(("waiting", "live", "revoked", "expired"))
    state_zh = word()
    state_en = word()
    principal_masked = word()
    agent_masked = word(or_null=True)
    agent_masked_id_number = word(or_null=True)
    things = many(ThingName)
    matters = many(MandatedMatter)
    made_at = ma.fields.AwareDateTime(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)


class HelpMade(MandateLine):
    """A helper's mandate with the code that the clerk types, said this once."""

    code = word()


class MandateList(AnswerSchema):
    """Those I have given, and the live ones given to me; the last first."""

    given = many(MandateLine)
    held = many(MandateLine)


class DelegableThing(ThingName):
    """A one-thing that a mandate can be given for, or for some of its matters only."""

    matters = many(MandatedMatter)


class DelegableList(AnswerSchema):
    """The one-things that a mandate can be given for."""

    things = many(DelegableThing)
