"""Who has read my data."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response

from mobile_api.schemas_after import AccessLog
from onething.services import access_log
from web import gates
from web.answers import json_answer
from web.api import Blueprint
from web.current import current_ports, current_session
from web.schema import RequestSchema

uses = Blueprint("phone_access_log", __name__, description="Who has read my data")


class UsesQuery(RequestSchema):
    """``cursor`` is ``next`` of the page before."""

    cursor = ma.fields.String(validate=ma.validate.Regexp(r"\A[0-9]{1,17}\Z", error="invalid"))


@uses.get("/access-log")
@gates.phone
@uses.arguments(UsesQuery(), location="query")
@uses.response(200, AccessLog())
def list_uses(query: dict[str, Any]) -> Response:
    """Every use of my data by departments, staff and programs, newest first."""
    before = int(query["cursor"]) if query.get("cursor") else None
    listed = access_log.list_access(current_ports(), current_session(), before)
    return json_answer({**listed, "next": str(listed["next"]) if listed["next"] else None})
