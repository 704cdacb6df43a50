"""What receipts and cases look like in an answer."""

from __future__ import annotations

import marshmallow as ma

from web.schema import AnswerSchema, many, number, one, word, yes_no
from web.schemas_drafts import ThingName
from web.schemas_guide import Label


class HandedIn(AnswerSchema):
    """A material and its pages."""

    zh = word()
    pages = number()


class Exempt(AnswerSchema):
    """A material that was not asked for, and why."""

    zh = word()
    why_zh = word()


class ReceiptPart(AnswerSchema):
    """A department's part and its limit."""

    matter_zh = word()
    matter_en = word()
    department_zh = word()
    department_en = word()
    limit_zh = word()
    limit_en = word()


class ReceiptFee(AnswerSchema):
    """What a matter costs, in fen, and where it is paid."""

    zh = word()
    amount_fen = number(or_null=True)
    where_zh = word()


class Receipt(AnswerSchema):
    """The content of the printed slip; names and numbers masked."""

    case_number = word()
    thing_zh = word()
    thing_en = word()
    submitted_at = word()
    revision = number()
    applicant_masked = word()
    id_masked = word()
    hall_zh = word()
    terminal = word()
    handed_in = many(HandedIn)
    exempt = many(Exempt)
    parts = many(ReceiptPart)
    answered_by = ma.fields.Date(required=True)
    provisional = yes_no()
    promise_days = number()
    promise_zh = word()
    promise_en = word()
    fees = many(ReceiptFee)
    results_zh = word()
    phone_zh = word()
    qr = word(about="ASCII, for the phone")
    reprint = yes_no()


class Submitted(AnswerSchema):
    """The case a draft became."""

    case_number = word()
    receipt = one(Receipt)


class CaseSummary(AnswerSchema):
    """One of my cases."""

    number = word()
    thing = one(ThingName)
    state = word()
    state_zh = word()
    state_en = word()
    submitted_at = word(about="ISO 8601, to the minute, with its offset")
    answered_by = ma.fields.Date(required=True)
    due_on = ma.fields.Date(required=True, allow_none=True)
    waits_for_me = yes_no()


class CasePage(AnswerSchema):
    """A page of my cases, newest first; ``next`` is the cursor of the next page or null."""

    cases = many(CaseSummary)
    next = word(or_null=True)


class Result(Label):
    """A document a department issued."""

    identifier = word(or_null=True)


class TimelineLine(Label):
    """What happened, and when."""

    at = ma.fields.AwareDateTime(required=True)
    kind = word()
    part = word(or_null=True)
