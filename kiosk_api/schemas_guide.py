"""What a guide looks like in an answer: the elements a one-time notice must have."""

from __future__ import annotations

import marshmallow as ma

from kiosk_api.schemas_drafts import Label
from web.schema import AnswerSchema, many, number, one, word, words, yes_no


class Department(Label):
    """A department by its name."""

    code = word(example="GA")


class GuideMatter(Label):
    """One matter: who handles it, by when, and what it rests on."""

    code = word()
    department_zh = word()
    department_en = word()
    optional = yes_no()
    in_person = yes_no()
    limit_statutory_zh = word(or_null=True)
    limit_promised_zh = word(or_null=True)
    limit_promised_en = word(or_null=True)
    result_zh = word(or_null=True)
    fee_zh = word(or_null=True)
    legal_basis_zh = word(or_null=True)


class GuideMaterial(Label):
    """One material: how it is met, why, and what it is accepted by."""

    how = word()
    how_zh = word()
    how_en = word()
    why_zh = word(or_null=True)
    why_en = word(or_null=True)
    when_zh = word(or_null=True)
    source_zh = word(or_null=True)
    necessity = word(or_null=True)
    points = ma.fields.List(ma.fields.Raw(), required=True)


class BeforeAfter(AnswerSchema):
    """What it took before, and what it takes now."""

    days = ma.fields.List(ma.fields.Float(), required=True)
    materials = ma.fields.List(ma.fields.Integer(), required=True)
    visits = ma.fields.List(ma.fields.Integer(), required=True)
    steps = ma.fields.List(ma.fields.Integer(), required=True)


class ServiceWindow(Label):
    """Where it can be done in person."""

    address_zh = word(or_null=True)
    hours_zh = word(or_null=True)
    phone = word(or_null=True)


class GuideView(Label):
    """The notice of a one-thing, with the catalog revision it was made from."""

    code = word()
    revision = number()
    summary_zh = word()
    summary_en = word()
    lead = one(Department)
    departments = many(Department)
    legal_basis = words()
    conditions = many(Label)
    notes = ma.fields.List(ma.fields.Raw(), required=True)
    matters = many(GuideMatter)
    materials = many(GuideMaterial)
    process = many(Label)
    fees = ma.fields.List(ma.fields.Raw(), required=True)
    promise_days = number()
    promise_excludes = ma.fields.List(ma.fields.Raw(), required=True)
    before_after = one(BeforeAfter, or_null=True)
    windows = many(ServiceWindow)
    supervision_phone = word(or_null=True)
    results = many(Label)
    flow_chart = word(about="Path of its picture")
