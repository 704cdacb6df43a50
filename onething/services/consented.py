"""What a person has agreed to: which sources may be asked, and for which of the facts they were shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from onething.domain.catalog import How
from onething.domain.conditions import without_index
from onething.domain.plan_sources import E_LICENCES, Call
from onething.domain.situation import base_of
from onething.services.desk import Desk

_OPEN = ("to_check", "to_submit")


def calls_of_source(desk: Desk, source: str) -> list[Call]:
    """The planned calls to one source."""
    return [call for wave in desk.plan.fetch for call in wave if call.source == source]


def list_may_give(desk: Desk, call: Call) -> list[str]:
    """What a call gives, and what of the form it could give if a source asked before it does not."""
    instead = (key for key in desk.plan.form if key in call.all_yields and key not in desk.values)
    return list(dict.fromkeys((*call.yields.values(), *instead)))


def list_documents_instead(desk: Desk) -> list[tuple[str, str]]:
    """Role and document of each e-licence that is looked for when a register does not meet a material."""
    wanted = (desk.thing.materials[m.material] for m in desk.plan.materials if m.state in _OPEN)
    return [(m.of, m.document) for m in wanted if any(way.how is How.E_LICENCE for way in m.met_by)]


def find_answer(desk: Desk, source: str) -> bool | None:
    """Yes or no to a source as the plan now wants it; None when its question is still to be put.

    A yes was given to the facts that were shown with it: what came up later is a new question.
    """
    said: bool | None = desk.draft.progress.get("consent", {}).get(source)
    if said and not all(_is_covered(desk, call) for call in calls_of_source(desk, source)):
        return None
    return said


def consents(desk: Desk, said: dict[str, bool]) -> dict[str, Any]:
    """The parts of the draft's progress once these sources were agreed to or refused."""
    shown = dict(desk.draft.progress.get("consented", {}))
    for source, agreed in said.items():
        now = _shown_of_source(desk, source) if agreed else ()
        shown[source] = sorted({*shown.get(source, ()), *now})
    return {"consent": {**desk.draft.progress.get("consent", {}), **said}, "consented": shown}


def find_agreed(desk: Desk, call: Call) -> Call | None:
    """The call with only the facts that were agreed to, or None when it may not be made."""
    if desk.draft.progress.get("consent", {}).get(call.source) is not True:
        return None
    agreed = _agreed(desk, call.source)
    if agreed is None or _is_covered(desk, call):
        return call
    yields = {word: key for word, key in call.yields.items() if without_index(key) in agreed}
    return replace(call, yields=yields) if yields else None


def _is_covered(desk: Desk, call: Call) -> bool:
    agreed = _agreed(desk, call.source)
    return agreed is None or agreed.issuperset(_shown(desk, call))


def _agreed(desk: Desk, source: str) -> frozenset[str] | None:
    """What was shown with the yes; None for a draft from before that was kept: all of it."""
    shown: Sequence[str] | None = desk.draft.progress.get("consented", {}).get(source)
    return None if shown is None else frozenset(shown)


def _shown_of_source(desk: Desk, source: str) -> Iterable[str]:
    for call in calls_of_source(desk, source):
        yield from _shown(desk, call)
    if source == E_LICENCES:
        yield from (f"{role}:{document}" for role, document in list_documents_instead(desk))


def _shown(desk: Desk, call: Call) -> Iterable[str]:
    """What the question names: facts, one for all people of a repeating role, and documents."""
    yield from map(without_index, list_may_give(desk, call))
    if call.document:
        yield f"{base_of(call.about)}:{call.document}"
