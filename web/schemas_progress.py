"""What a case's progress looks like in an answer: its clocks, what is wanted, and what became of it."""

from __future__ import annotations

import marshmallow as ma

from onething.domain.clocks import Colour
from onething.domain.disputes import DisputeState
from onething.domain.ratings import Level, RectificationState
from onething.domain.results import IssueWay, ResultState, Withheld
from web.schema import AnswerSchema, many, number, one, one_of, word, words, yes_no
from web.schemas_cases import CaseSummary, Result, TimelineLine
from web.schemas_drafts import Field, Page, PagePreview
from web.schemas_guide import Department, Label

COLOURS = tuple(colour.value for colour in Colour)
LEVELS = tuple(level.value for level in Level)


def _day(*, or_null: bool = False) -> ma.fields.Date:
    return ma.fields.Date(required=True, allow_none=or_null)


class NoticeLine(Label):
    """A numbered notice that was given to the citizen."""

    number = word()
    kind = word()
    issued_on = _day()


class Want(Label):
    """One thing the notice asks for: a material with its pages, a fact as a field, or only words."""

    kind = one_of(("material", "fact", "note"))
    id = word()
    matter_zh = word(or_null=True)
    matter_en = word(or_null=True)
    why_zh = word(or_null=True)
    why_en = word(or_null=True)
    points = many(Label)
    pages = many(Page)
    field = one(Field, or_null=True)


class Wanted(AnswerSchema):
    """What is asked of the citizen, once, and until when."""

    notice = word(about="The number of the notice")
    until_on = _day(or_null=True)
    wants = many(Want)


class FollowingPaper(Label):
    """A paper that may come after the acceptance."""

    id = word()
    due_on = _day()
    pages = many(Page)


class Booking(AnswerSchema):
    """When and where the citizen is to come."""

    at = word(about="ISO 8601 with its offset")
    place_zh = word(or_null=True)
    place_en = word(or_null=True)


class PartFee(AnswerSchema):
    """A part's own fee in fen; no other part waits for it."""

    amount_fen = number()
    basis = word(or_null=True)
    where_zh = word()
    where_en = word()
    paid = yes_no()


class CasePart(Label):
    """One department's part of a case, with its clock: ``colour`` is computed when it is read."""

    id = word()
    matter = word()
    department_zh = word()
    department_en = word()
    state = word()
    state_zh = word()
    state_en = word()
    due_on = _day(or_null=True)
    statutory_on = _day(or_null=True)
    colour = one_of(COLOURS)
    ended = yes_no()
    paused = one(Label, or_null=True)
    reason_zh = word(or_null=True)
    reason_en = word(or_null=True)
    result = many(Result)
    booked = one(Booking, or_null=True)
    fee = one(PartFee, or_null=True)
    may_withdraw = yes_no()
    bound = many(Label)


class OpenPrint(AnswerSchema):
    """A print of a result that is not settled; ``here`` is the kiosk that asks.

    ``may_be_settled``: the citizen may say whether all the paper came out.
    """

    id = word()
    place = one_of(("here", "kiosk", "hall"))
    may_be_settled = yes_no()


class CaseResult(Label):
    """One result: where it is, how it reaches the citizen, or why not yet; whether its file can be had."""

    id = word()
    matter = word()
    identifier = word(or_null=True)
    state = one_of(tuple(state.value for state in ResultState))
    state_zh = word()
    state_en = word()
    way = one_of(tuple(way.value for way in IssueWay), or_null=True)
    withheld = one_of(tuple(reason.value for reason in Withheld), or_null=True)
    offers = words()
    has_file = yes_no()
    print = one(OpenPrint, or_null=True)
    how_zh = word()
    how_en = word()


class PuttingRight(Label):
    """How far the putting right of a low rating is."""

    state = one_of(tuple(state.value for state in RectificationState))
    due_on = _day()
    finding_zh = word()
    finding_en = word()
    remedy_zh = word()
    remedy_en = word()
    remedy_on = _day(or_null=True)
    words_zh = word()
    words_en = word()


class RatingGiven(AnswerSchema):
    """The last rating of a service."""

    level = one_of(LEVELS)
    level_zh = word()
    level_en = word()
    rectification = one(PuttingRight, or_null=True)


class RateableService(Label):
    """A matter that was decided, or the whole case: rated once, and once more when put right."""

    matter = word(or_null=True)
    may_rate = yes_no()
    rated = one(RatingGiven, or_null=True)


class CaseDispute(Label):
    """A shared value that the citizen called wrong."""

    id = word()
    department_zh = word()
    department_en = word()
    state = one_of(tuple(state.value for state in DisputeState))
    state_zh = word()
    state_en = word()
    due_on = _day()
    answer_zh = word(or_null=True)
    answer_en = word(or_null=True)


class CaseView(CaseSummary):
    """One of my cases with each part, its clock, what is wanted of me, and its timeline."""

    lead = one(Department, or_null=True)
    colour = one_of(COLOURS)
    paused = one(Label, or_null=True)
    accepted_at = word(or_null=True)
    closed_at = word(or_null=True)
    reason_zh = word(or_null=True)
    reason_en = word(or_null=True)
    remedy_zh = word(or_null=True)
    remedy_en = word(or_null=True)
    notices = many(NoticeLine)
    wanted = one(Wanted, or_null=True)
    follow = many(FollowingPaper)
    parts = many(CasePart)
    may_withdraw = yes_no()
    results = many(CaseResult)
    may_ask_partial = yes_no()
    services = many(RateableService)
    disputes = many(CaseDispute)
    timeline = many(TimelineLine)


class CasePagesView(AnswerSchema):
    """The pages of one upload, and the case with them."""

    file = word(about="Id of the first page")
    pages = many(PagePreview)
    case = one(CaseView)


class SharedValues(AnswerSchema):
    """What registers gave for a case, as fields of its form; their ``value`` is never sent again."""

    fields_ = ma.fields.List(ma.fields.Nested(Field), required=True, data_key="fields")


class EvidenceView(AnswerSchema):
    """The pages of one upload that shows that a shared value is wrong."""

    file = word(about="Id of the first page")
    pages = many(PagePreview)


class RatingReason(Label):
    """One thing that can be said with a level."""

    code = word()


class RatingLevel(Label):
    """One of the five levels, the best first."""

    code = one_of(LEVELS)
    reasons = many(RatingReason)


class RatingOptions(AnswerSchema):
    """How a service can be rated here."""

    names = one_of(("choice", "always", "never"))
    levels = many(RatingLevel)


class RatingTaken(AnswerSchema):
    """A rating that was taken; a low one is put right."""

    rating = word()
    rectification = yes_no()
