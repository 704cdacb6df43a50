"""What supervising departments report about approvals."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response

from onething.domain.approvals import CheckResult
from onething.services import overseeing
from partner_api.schemas import Taken
from web import gates
from web.answers import json_answer
from web.api import Blueprint
from web.current import current_ports
from web.schema import RequestSchema, choice, text

KINDS = ("acknowledged", "finding")

oversight = Blueprint(
    "oversight", __name__, url_prefix="/departments", description="What supervising departments report"
)


class CheckFinding(RequestSchema):
    """What a later check of an approval found."""

    result = choice(*(result.value for result in CheckResult))
    zh = text(1000, shortest=1)
    en = text(1000, required=False)


class OversightReport(RequestSchema):
    """One report about one approval; ``event_id`` makes a repeated delivery harmless."""

    event_id = text(64, shortest=8)
    item = text(64, shortest=8)
    kind = choice(*KINDS)
    at = ma.fields.AwareDateTime(required=True, metadata={"description": "ISO 8601 with its offset"})
    finding = ma.fields.Nested(CheckFinding(), allow_none=True)

    @ma.validates_schema
    def _finding_with_its_kind(self, data: dict[str, object], **_options: object) -> None:
        if (data.get("kind") == "finding") != bool(data.get("finding")):
            raise ma.ValidationError("required", "finding")


@oversight.post("/<department>/oversight")
@gates.partner
@oversight.arguments(OversightReport())
@oversight.response(200, Taken())
def take_report(report: dict[str, Any], department: str) -> Response:
    """Take a report on an approval of this department's; a repeated one is already known."""
    told = {**report, "at": report["at"].isoformat()}
    return json_answer(overseeing.take_report(current_ports(), department, told))
