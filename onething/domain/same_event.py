"""What a case is about, so that one event is handed in once: twins are two, and so are two deceased.

A one-thing's ``identified_by`` names the facts that tell its subject; one that names none may be done as
often as somebody likes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from onething.domain.cases import CaseState, PartState
from onething.domain.catalog import Label, Thing
from onething.domain.errors import Refusal
from onething.domain.records import Case
from onething.domain.values import Value

# A part that ended so leaves its matter to be applied for again.
_OPEN_AGAIN = (PartState.DENIED, PartState.STOPPED, PartState.WITHDRAWN)


def subject_texts(thing: Thing, values: Mapping[str, Value]) -> list[str]:
    """One text for each way of telling the subject whose facts are all known, in the catalog's order.

    The same facts give the same text, however they were written; another one-thing's never do.
    """
    return [
        "\n".join((thing.code, *(f"{key}={_normal(values[key].value)}" for key in keys)))
        for keys in thing.identified_by
        if all(key in values and values[key].value not in (None, "") for key in keys)
    ]


def _normal(value: object) -> str:
    return unicodedata.normalize("NFKC", str(value)).replace(" ", "").upper()


def stands(case: Case, matter: str) -> bool:
    """Whether a case still answers for a matter: not withdrawn or refused, its part not ended in vain."""
    if case.state in (CaseState.REFUSED, CaseState.WITHDRAWN):
        return False
    return any(part.matter == matter and part.state not in _OPEN_AGAIN for part in case.parts)


class AlreadyApplied(Refusal):
    """This event's case is there already; its number is said to its own applicant and to a clerk only."""

    reason = "already_applied"
    status_hint = "conflict"
    text = Label(
        "已有他人申报这件事，请到综合窗口办理",
        "Somebody has applied for this already; please ask at the service window",
    )


def applied_as(number: str) -> Label:
    """What the applicant of a case is told when they begin it once more."""
    return Label(
        f"这件事您已经申报过，办件编号{number}，请在“我的办件”中查看",
        f"You have applied for this already: {number}. Look for it among your applications",
    )


class DraftThere(Refusal):
    """What was typed tells a subject for whom another draft of the same person is open."""

    reason = "draft_there"
    status_hint = "conflict"
    text = Label(
        "这件事您已经填了一份，还没有提交，请接着填那一份",
        "You have begun this for the same person already; please go on with that one",
    )
