"""What a citizen may send about a case that was handed in, or about a value that is wrong."""

from __future__ import annotations

import marshmallow as ma

from onething.domain.ratings import Level, Occasion
from onething.domain.results import IssueWay
from web.schema import FactValue, RequestSchema, choice, facts, text, texts


class SupplementRequest(RequestSchema):
    """The facts that the notice asked for; its pages were sent before."""

    values = facts(100)


class FollowPaperRequest(RequestSchema):
    """A paper that was allowed to follow; its pages were sent before."""

    material = text(60, shortest=1)


class WithdrawalRequest(RequestSchema):
    """One matter, or without it the whole case."""

    matter = text(40, shortest=1, required=False)


class PartialIssueRequest(RequestSchema):
    """Nothing: the citizen does not want to wait for the rest."""


class IssueRequest(RequestSchema):
    """Results to be taken as e-licences, or to be printed."""

    way = choice(IssueWay.E_LICENCE.value, IssueWay.PRINT.value)
    results = texts(60, 40)


class PrintSettlementRequest(RequestSchema):
    """What came of a print, as the person says: all of its paper is out, or not."""

    came_out = ma.fields.Boolean(required=True, truthy={True}, falsy={False})


class RatingRequest(RequestSchema):
    """A rating of one matter, of the whole case, or of the handing in."""

    occasion = choice(*(occasion.value for occasion in Occasion))
    matter = text(40, shortest=1, required=False)
    level = choice(*(level.value for level in Level))
    reasons = texts(40, 20)
    comment = text(400, required=False)
    named = ma.fields.Boolean(truthy={True}, falsy={False}, required=True)


class CaseDisputeRequest(RequestSchema):
    """A shared value that is wrong, and what is right."""

    fact = text(120, shortest=1)
    value = FactValue(required=True)


class DisputeRequest(CaseDisputeRequest):
    """The same with the ids of pages that show it."""

    evidence = texts(60, 20)
