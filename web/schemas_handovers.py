"""Hand-overs between a kiosk and a phone, as either door tells of them."""

from __future__ import annotations

import marshmallow as ma

from onething.domain.handovers import HandoverKind, HandoverState
from web.schema import AnswerSchema, number, one_of, word, words


class HandoverLine(AnswerSchema):
    """One hand-over; ``cause`` says why it is over, and is null until then."""

    id = word()
    kind = one_of([str(each) for each in HandoverKind])
    draft = word()
    material = word(or_null=True)
    state = one_of([str(each) for each in HandoverState])
    cause = word(or_null=True, about="expired, replaced, taken_back, given_back or submitted")
    expires_at = ma.fields.AwareDateTime(required=True)


class HandoverView(HandoverLine):
    """How far it is: ``version`` counts up with each saving of the form, ``pages`` are the paper's."""

    version = number()
    saved_at = ma.fields.AwareDateTime(required=True)
    pages = words()
    case_number = word(or_null=True, about="Once the form was handed in")
