"""What the province is told, in its own fields; no network here and no personal values in it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from onething.connectors.province import codes
from onething.domain.province_steps import ProvinceCase, ProvinceStep
from onething.domain.ratings import Ground, Rating


class Receipt(msgspec.Struct):
    """The province's acknowledgement."""

    receipt: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


def case_body(case: ProvinceCase) -> dict[str, Any]:
    """A case as it is first reported: its first step."""
    return {
        "projectNo": case.number,
        "sequence": 1,
        "areaCode": case.division,
        "thingCode": case.thing,
        "thingName": case.name,
        "projectType": codes.case_type(case.promise_days),
        "channel": codes.case_channel(case.channel),
        "applicantType": codes.applicant_type(case.audience),
        "applyTime": codes.moment(case.submitted_at),
        "parts": [
            {"partNo": task.id, "taskCode": task.code, "taskName": task.name, "deptCode": task.department}
            for task in case.tasks
        ],
    }


def step_body(case: ProvinceCase, step: ProvinceStep) -> dict[str, Any]:
    """A later step of the whole case, or of one part."""
    task = next((each for each in case.tasks if each.id == step.task), None)
    return {
        "projectNo": case.number,
        "sequence": step.number,
        "partNo": step.task,
        "status": codes.STATUS[step.status],
        "stepTime": codes.moment(step.at),
        "deptCode": task.department if task else case.lead,
        "specialProcedure": codes.PROCEDURE[step.procedure] if step.procedure else None,
    }


def rating_body(rating: Rating, case: ProvinceCase, *, is_closed: bool) -> dict[str, Any]:
    """A rating: who gave it stays here, and whether they gave their name is told."""
    task = next((each for each in case.tasks if each.matter == rating.matter), None)
    return {
        "areaCode": case.division,
        "deptCode": rating.department,
        "taskCode": task.code if task else None,
        "taskName": task.name if task else case.name,
        "projectNo": case.number,
        "proStatus": "3" if is_closed else "2",
        "pf": codes.rating_channel(rating.channel),
        "userProp": codes.applicant_type(case.audience),
        "anonymous": "2" if rating.named else "1",
        "satisfaction": codes.SATISFACTION_EXCHANGE[rating.level],
        "evalDetail": codes.options(rating.level, rating.reasons),
        "writingEvaluation": rating.comment,
        "assessNumber": str(rating.number),
        "assessTime": codes.moment(rating.rated_at),
    }


def appeal_body(reference: str, ground: Ground, at: datetime, *, excluded: bool) -> dict[str, Any]:
    """What became of an appeal against a rating."""
    return {
        "rating": reference,
        "reason": codes.GROUND[ground],
        "outcome": "1" if excluded else "2",
        "appealTime": codes.moment(at),
    }
