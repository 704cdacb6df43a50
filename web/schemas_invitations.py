"""Invitations as whoever sends them sees them, at a kiosk or on a phone."""

from __future__ import annotations

import marshmallow as ma

from web.schema import RequestSchema, one_of, text, word, yes_no
from web.schemas_guide import Label

STATES = (
    *("sent", "opened", "given", "authorised", "refused"),
    *("called_back", "taken_back", "locked", "expired"),
)


class InvitationRequest(RequestSchema):
    """Whom to invite; with a mobile number the link is sent there too."""

    role = text(60, shortest=1)
    mobile = text(20, required=False)


class InvitationLine(Label):
    """One invitation as its sender sees it; its label is the role's."""

    id = word()
    role = word()
    state = one_of(STATES)
    state_zh = word()
    state_en = word()
    made_at = ma.fields.AwareDateTime(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)
    masked_name = word(or_null=True)
    masked_id_number = word(or_null=True)
    reason = word(or_null=True)
    can_call_back = yes_no()
    can_confirm = yes_no()


class InvitationMade(InvitationLine):
    """A new invitation, with the link and the code, said this once."""

    link = word()
    code = word()
