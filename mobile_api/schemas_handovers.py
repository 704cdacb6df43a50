"""What a phone sends and is told when it takes a form over from a kiosk."""

from __future__ import annotations

from onething.domain.handovers import HandoverKind
from web.schema import AnswerSchema, RequestSchema, many, number, one, one_of, text, word
from web.schemas_guide import Label
from web.schemas_handovers import HandoverLine


class ReadCode(RequestSchema):
    """The secret in the address that the kiosk's QR says, its parameter ``t``."""

    code = text(200, shortest=1)


class HandedThing(AnswerSchema):
    """A one-thing by its name."""

    zh = word()
    en = word()


class OfferedHandover(HandoverLine):
    """What a code would hand over."""

    thing = one(HandedThing)


class CodeKind(AnswerSchema):
    """What a kiosk's code hands over: a whole form, or the photographing of one paper."""

    kind = one_of(tuple(str(each) for each in HandoverKind))


class OfferedPaper(AnswerSchema):
    """One paper to photograph, and by what it is checked."""

    thing = one(HandedThing)
    material = one(HandedThing)
    points = many(Label)


class HandedPaper(OfferedPaper):
    """The same with how many ``pages`` of it are at the kiosk already."""

    pages = number()


class TakenPaper(HandedPaper):
    """The same for the phone that has taken it over; ``secret`` is that phone's, said this once."""

    secret = word()
