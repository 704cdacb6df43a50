"""What only a kiosk may send: cards on its reader, why a session ends, calls for staff."""

from __future__ import annotations

import marshmallow as ma

from web.id_card import IdCard
from web.schema import RequestSchema, choice, text

ENDINGS = ("finished", "idle", "card_removed", "swapped", "cancelled")


class SessionRequest(RequestSchema):
    """The card on the reader."""

    card = ma.fields.Nested(IdCard(), required=True)


class ShownCodeRequest(RequestSchema):
    """What the code reader read from a phone."""

    code = text(400, shortest=1)


class EndingRequest(RequestSchema):
    """Why the session ends."""

    cause = choice(*ENDINGS)


class AuthorisationRequest(RequestSchema):
    """Another person's card, on the same reader."""

    role = text(60, shortest=1)
    card = ma.fields.Nested(IdCard(), required=True)


class StaffCallRequest(RequestSchema):
    """The screen on which help is wanted."""

    screen = text(40, shortest=1)
    reason = text(200, required=False)
