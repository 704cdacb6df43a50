"""What the list of one-things and a guide look like in an answer: the same at every door."""

from __future__ import annotations

import marshmallow as ma

from web.schema import AnswerSchema, many, number, one, one_of, word, words, yes_no

MATERIAL_HOWS = ("generated", "e_licence", "data", "vault", "commitment", "submit", "inside")


class Label(AnswerSchema):
    """A text in both languages."""

    zh = word()
    en = word()


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
    limit_statutory_en = word(or_null=True)
    limit_promised_zh = word(or_null=True)
    limit_promised_en = word(or_null=True)
    result_zh = word(or_null=True)
    result_en = word(or_null=True)
    fee_zh = word(or_null=True)
    fee_en = word(or_null=True)
    legal_basis_zh = word(or_null=True)
    when_zh = word(or_null=True, about="The situation in which it is offered")
    when_en = word(or_null=True)
    group_zh = word(or_null=True)
    group_en = word(or_null=True)
    step_up_zh = word(or_null=True, about="What it asks beyond the card, and why")
    step_up_en = word(or_null=True)


class GuideMaterial(Label):
    """One material: how it is met, why, and what it is accepted by."""

    id = word()
    how = one_of(MATERIAL_HOWS)
    how_zh = word()
    how_en = word()
    why_zh = word(or_null=True)
    why_en = word(or_null=True)
    when_zh = word(or_null=True)
    when_en = word(or_null=True)
    source_zh = word(or_null=True)
    necessity = word(or_null=True)
    points = many(Label)


class GuideFee(Label):
    """What a matter costs, in fen, and on what basis."""

    matter = word()
    amount_fen = number()
    basis_zh = word(or_null=True)
    where_zh = word(or_null=True)
    where_en = word(or_null=True)


class Excluded(Label):
    """A matter outside the promise, and why."""

    matter = word()


class BeforeAfter(AnswerSchema):
    """What it took before, and what it takes now: two numbers for each that the county gives."""

    days = ma.fields.List(ma.fields.Float())
    materials = ma.fields.List(ma.fields.Integer())
    visits = ma.fields.List(ma.fields.Integer())
    steps = ma.fields.List(ma.fields.Integer())


class ServiceWindow(Label):
    """Where it can be done in person."""

    address_zh = word(or_null=True)
    hours_zh = word(or_null=True)
    phone = word(or_null=True)


class ListWord(Label):
    """A level or a status by its code and its name."""

    code = word()


class GuideListing(AnswerSchema):
    """Where the one-thing stands on the county's list."""

    batch = one(Label)
    level = one(ListWord)
    status = one(ListWord)


class JointVisit(Label):
    """An appointment that several departments keep together."""

    kind = one_of(("visit", "review"))
    matters = words()


class WaitingTime(AnswerSchema):
    """How long the cases that ended in the last 30 days took: working days from handing in to the end."""

    median_days = number()
    p90_days = number(about="Nine in ten had their results within this")
    cases = number()


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
    notes = many(Label)
    matters = many(GuideMatter)
    materials = many(GuideMaterial)
    process = many(Label)
    fees = many(GuideFee)
    promise_days = number()
    promise_excludes = many(Excluded)
    before_after = one(BeforeAfter, or_null=True)
    windows = many(ServiceWindow)
    supervision_phone = word(or_null=True)
    results = many(Label)
    listing = one(GuideListing, or_null=True)
    joint_visits = many(JointVisit)
    waiting = one(WaitingTime, or_null=True)
    flow_chart = word(about="Path of its picture")
