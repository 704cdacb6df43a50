"""What a phone is told of invitations, and may say to them."""

from __future__ import annotations

import marshmallow as ma

from web.schema import AnswerSchema, Picture, RequestSchema, many, one, one_of, text, word, yes_no
from web.schemas_drafts import ThingName
from web.schemas_guide import Label
from web.schemas_invitations import STATES, InvitationLine


class OpeningRequest(RequestSchema):
    """What a link ends with, or the code that was read aloud."""

    secret = text(120, shortest=1)


class AuthorisationRequest(RequestSchema):
    """Which sources may be asked about me; my signature, PNG, where the invitation says ``signs``."""

    sources = ma.fields.Dict(
        keys=text(60, shortest=1),
        values=ma.fields.Boolean(truthy={True}, falsy={False}),
        required=True,
        validate=ma.validate.Length(max=100, error="too_many"),
    )
    signature = Picture(required=False, metadata={"type": "string", "format": "byte"})


class RefusalRequest(RequestSchema):
    """Why not; the sender reads it."""

    reason = text(200)


class InvitationList(AnswerSchema):
    """The invitations of a draft, the last made first."""

    invitations = many(InvitationLine)


class InvitedLine(Label):
    """One invitation as the invited person sees it; its label is their role's."""

    id = word()
    thing = one(ThingName)
    role = word()
    sender_masked = word()
    state = one_of(STATES)
    state_zh = word()
    state_en = word()
    expires_at = ma.fields.AwareDateTime(required=True)
    can_answer = yes_no()
    can_take_back = yes_no()


class InvitedList(AnswerSchema):
    """What others ask of me, the last first."""

    invitations = many(InvitedLine)


class InvitedMatter(Label):
    """A matter that wants something of me, and whose it is."""

    code = word()
    department_zh = word()
    department_en = word()


class InvitedField(Label):
    """What the form says of me."""

    fact = word()
    display_zh = word()
    display_en = word()


class InvitedSource(Label):
    """A source that would be asked about me, and what it tells."""

    id = word()
    department_zh = word()
    department_en = word()
    facts = many(Label)


class InvitedView(InvitedLine):
    """An invitation with all that concerns me."""

    matters = many(InvitedMatter)
    items = many(InvitedField)
    sources = many(InvitedSource)
    signs = yes_no()
    waits_for = many(Label)
