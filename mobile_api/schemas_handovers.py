"""What a phone sends and is told when it takes a form over from a kiosk."""

from __future__ import annotations

from web.schema import AnswerSchema, RequestSchema, one, text, word
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
