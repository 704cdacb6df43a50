"""What a kiosk asks for when it hands something to a phone, and what it shows."""

from __future__ import annotations

from onething.domain.handovers import HandoverKind
from web.schema import RequestSchema, choice, text, word
from web.schemas_handovers import HandoverLine


class HandoverRequest(RequestSchema):
    """The whole form, or the photographing of one paper, which is then named."""

    kind = choice(*[str(each) for each in HandoverKind])
    material = text(80, shortest=1, required=False)


class ShownHandover(HandoverLine):
    """A hand-over with what its QR says; told this once."""

    text = word()
