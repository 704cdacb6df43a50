"""What the public door's own answers look like; guides look as at every door."""

from __future__ import annotations

from web.schema import AnswerSchema, RequestSchema, choice, many, number, one, one_of, word, words
from web.schemas_guide import Label


class ListQuery(RequestSchema):
    """In which format and language; both may be said by Accept and Accept-Language instead."""

    format = choice("json", "csv", "xlsx", required=False)
    lang = choice("zh", "en", required=False)


class ListRow(AnswerSchema):
    """One one-thing's line on the county's list."""

    position = number()
    code = word(example="P-NEWBORN")
    thing = one(Label)
    matters = many(Label)
    lead = one(Label)
    joint = many(Label)
    promise_days = number(about="Working days from acceptance")
    batch = one(Label)
    level = one(Label)
    status = one(Label)


class ServiceListView(AnswerSchema):
    """One of the county's two lists."""

    audience = one_of(("person", "enterprise"))
    title = one(Label)
    county = one(Label)
    revision = number()
    rows = many(ListRow)


class ProcedureStep(AnswerSchema):
    """One step: who does what within what time."""

    name = one(Label)
    by = one(Label)
    does = one(Label)
    limit = one(Label, or_null=True)


class ProcedureRule(AnswerSchema):
    """What holds in one situation."""

    name = one(Label)
    text = one(Label)


class ProcedureMaterial(AnswerSchema):
    """One material: how it may be met, in order, and what it is accepted by."""

    id = word()
    label = one(Label)
    of = one(Label)
    necessity = one(Label)
    when = one(Label, or_null=True)
    ways = many(Label)
    why = one(Label)
    points = many(Label)
    tolerance = one(Label, or_null=True)
    wanted_by = many(Label)


class ProcedureView(AnswerSchema):
    """One matter's working procedure."""

    thing = word()
    thing_label = one(Label)
    code = word()
    label = one(Label)
    department = one(Label)
    lead = one(Label)
    act = one(Label)
    mode = one(Label)
    choosing = one(Label)
    when = one(Label, or_null=True)
    promised = one(Label, or_null=True)
    statutory = one(Label, or_null=True)
    outside_promise = one(Label, or_null=True)
    fee = one(Label)
    result = one(Label, or_null=True)
    legal_basis = words()
    facts = many(ProcedureRule)
    materials = many(ProcedureMaterial)
    waits_for = many(ProcedureRule)
    steps = many(ProcedureStep)
    exceptions = many(ProcedureRule)
    afterwards = many(Label)


class ProcedureList(AnswerSchema):
    """Every matter's working procedure of one one-thing."""

    revision = number()
    thing = word()
    procedures = many(ProcedureView)
