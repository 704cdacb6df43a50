"""What a kiosk is told of sessions, calls for staff and the time."""

from __future__ import annotations

import marshmallow as ma

from onething.domain.assurance import SIGNED_IN_BY
from web.schema import AnswerSchema, one_of, word


class SessionView(AnswerSchema):
    """A citizen's session; the token goes into the header Citizen-Session."""

    token = word()
    assurance = one_of(SIGNED_IN_BY)
    masked_name = word()
    masked_id_number = word()
    expires_at = ma.fields.AwareDateTime(required=True)


class StaffCallView(AnswerSchema):
    """A call that was noted."""

    call = word()
    called_at = ma.fields.AwareDateTime(required=True)


class TimeView(AnswerSchema):
    """The server's time."""

    now = ma.fields.AwareDateTime(required=True)
