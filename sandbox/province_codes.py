"""What the province understands: the code sets of GB/T 39046-2020, of live intake systems and of the
rating exchange, and the reading of one report by them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sandbox.refusals import Incomplete

# GB/T 39046-2020 A.4, A.5, A.6 and A.7; the statuses are those of a live intake system.
APPLICANT_TYPES = frozenset("123456")
CHANNELS = frozenset("12349")
PROJECT_TYPES = frozenset("129")
SPECIAL_PROCEDURES = frozenset("12")
STATUSES: Mapping[str, str] = {
    "02": "收件",
    "05": "受理",
    "06": "补齐补正",
    "07": "不予受理",
    "10": "办结",
    "11": "挂起",
    "12": "在办",
    "13": "退件",
}
ENDS = frozenset({"07", "10", "13"})
# The rating exchange, whose satisfaction runs the other way round than GB/T 39046 A.8.
SATISFACTIONS: Mapping[str, str] = {
    "5": "非常满意",
    "4": "满意",
    "3": "基本满意",
    "2": "不满意",
    "1": "非常不满意",
}
RATING_CHANNELS = frozenset("1234567")

_MOMENT = re.compile(r"\d{8}T\d{6}")
_DIVISION = re.compile(r"\d{6}(\d{3}){0,2}")
_OPTION = re.compile(r"\d{3}")

Check = Callable[[Any], bool]


def is_moment(value: Any) -> bool:
    """YYYYMMDDThhmmss that the calendar has."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return False
    try:
        datetime.strptime(value, "%Y%m%dT%H%M%S").astimezone()
    except ValueError:
        return False
    return True


def _text(longest: int) -> Check:
    return lambda value: isinstance(value, str) and 0 < len(value) <= longest


def _one_of(codes: frozenset[str]) -> Check:
    return lambda value: isinstance(value, str) and value in codes


def _or_null(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _number_from(least: int) -> Check:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= least


def _is_division(value: Any) -> bool:
    return isinstance(value, str) and _DIVISION.fullmatch(value) is not None


def _is_parts(value: Any) -> bool:
    if not isinstance(value, list) or not value:
        return False
    numbers = [_check(part, PART, "parts").get("partNo") for part in value]
    return len(set(numbers)) == len(numbers)


PART: Mapping[str, Check] = {
    "partNo": _text(50),
    "taskCode": _or_null(_text(36)),
    "taskName": _text(200),
    "deptCode": _text(50),
}
CASE: Mapping[str, Check] = {
    "projectNo": _text(50),
    "sequence": lambda value: value == 1 and not isinstance(value, bool),
    "areaCode": _is_division,
    "thingCode": _text(50),
    "thingName": _text(200),
    "projectType": _one_of(PROJECT_TYPES),
    "channel": _one_of(CHANNELS),
    "applicantType": _one_of(APPLICANT_TYPES),
    "applyTime": is_moment,
    "parts": _is_parts,
}
STEP: Mapping[str, Check] = {
    "projectNo": _text(50),
    "sequence": _number_from(2),
    "partNo": _or_null(_text(50)),
    "status": _one_of(frozenset(STATUSES)),
    "stepTime": is_moment,
    "deptCode": _text(50),
    "specialProcedure": _or_null(_one_of(SPECIAL_PROCEDURES)),
}
RATING: Mapping[str, Check] = {
    "areaCode": _is_division,
    "deptCode": _text(50),
    "taskCode": _or_null(_text(36)),
    "taskName": _text(200),
    "projectNo": _text(50),
    "proStatus": _one_of(frozenset("123")),
    "pf": _one_of(RATING_CHANNELS),
    "userProp": _one_of(frozenset("12")),
    "anonymous": _one_of(frozenset("12")),
    "satisfaction": _one_of(frozenset(SATISFACTIONS)),
    "evalDetail": lambda value: isinstance(value, list) and all(_is_option(code) for code in value),
    "writingEvaluation": _or_null(_text(500)),
    "assessNumber": _one_of(frozenset("12")),
    "assessTime": is_moment,
}
APPEAL: Mapping[str, Check] = {
    "rating": _text(50),
    "reason": _one_of(frozenset("12")),
    "outcome": _one_of(frozenset("12")),
    "appealTime": is_moment,
}


def _is_option(code: Any) -> bool:
    return isinstance(code, str) and _OPTION.fullmatch(code) is not None


def _check(body: Any, fields: Mapping[str, Check], where: str = "") -> Mapping[str, Any]:
    """Every field there and good; one that may be null may be missing. Raises ``Incomplete``."""
    prefix = f"{where}." if where else ""
    if not isinstance(body, dict):
        raise Incomplete(where or "body")
    for name, is_good in fields.items():
        if not is_good(body.get(name)):
            raise Incomplete(f"{prefix}{name}")
    unknown = sorted(set(body) - set(fields))
    if unknown:
        raise Incomplete(f"{prefix}{unknown[0]}")
    return body


def read_case(body: Any) -> Mapping[str, Any]:
    """A case as it is first reported; raises ``Incomplete`` naming the field."""
    return _check(body, CASE)


def read_step(body: Any) -> Mapping[str, Any]:
    """One step; a special procedure belongs to a case that is suspended or being handled."""
    step = _check(body, STEP)
    if step.get("specialProcedure") and step["status"] not in ("11", "12"):
        raise Incomplete("specialProcedure")
    return step


def read_rating(body: Any) -> Mapping[str, Any]:
    """One rating; the chosen options are of the level that was given."""
    rating = _check(body, RATING)
    if any(code[0] != rating["satisfaction"] for code in rating["evalDetail"]):
        raise Incomplete("evalDetail")
    return rating


def read_appeal(body: Any) -> Mapping[str, Any]:
    return _check(body, APPEAL)
