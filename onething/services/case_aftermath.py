"""What became of a citizen's case after its parts: results, ratings to give and given, disputes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from onething.domain.cases import CaseState, PartState
from onething.domain.catalog import Label
from onething.domain.disputes import Dispute
from onething.domain.ratings import Occasion, Rating, Rectification, RectificationState, service_of
from onething.domain.results import (
    IssueWay,
    PrintJob,
    Result,
    ResultState,
    Shipment,
    Withheld,
    find_withheld,
    is_released,
)
from onething.services.casework import CaseAct
from onething.services.gathering import has_file, is_e_licence, name_of, place_of
from onething.services.outcome_wording import DISPUTE_STATE, RESULT_STATE, SHIPMENT_STATE, WITHHELD
from onething.services.paying import owes
from onething.services.printing import find_open_print
from onething.services.rating import shown_rectification
from onething.services.wording import both

_READY_AT: Mapping[IssueWay | None, Label] = {
    None: Label("凭身份证和办件编号到综合窗口领取", "At the service window, with ID card and case number"),
    IssueWay.WINDOW: Label("在综合窗口领取", "At the service window"),
    IssueWay.COURIER: Label("快递送达", "By courier"),
    IssueWay.E_LICENCE: Label("已是电子证照，不用来领", "An e-licence: nothing to collect"),
    IssueWay.PRINT: Label("现场打印", "Printed on the spot"),
}
_DECIDED = (PartState.COMPLETED, PartState.DENIED)


def aftermath_of(act: CaseAct) -> dict[str, Any]:
    """The view's ``results``, ``may_ask_partial``, ``services`` and ``disputes``."""
    results = list(_results(act))
    return {
        "results": results,
        "may_ask_partial": any(each["withheld"] == Withheld.PARTS_OPEN for each in results),
        "services": list(_services(act)),
        "disputes": [_dispute(act, each) for each in act.uow.disputes.list_of_case(act.case.id)],
    }


def _results(act: CaseAct) -> Iterable[dict[str, Any]]:
    kept = act.uow.results.list_of(act.case.id)
    if not kept:
        return
    partial = act.uow.results.is_partial_asked(act.case.id)
    shipments = act.uow.results.list_shipments(act.case.id)
    for result in kept:
        owing = owes(act, result.part)
        withheld = find_withheld(result, act.view, owes_fee=owing, partial=partial)
        state = RESULT_STATE[result.state]
        how = _how(result, withheld, shipments)
        yield {
            "id": result.id,
            **both(name_of(act, result)),
            "matter": result.matter,
            "identifier": result.identifier,
            "state": result.state.value,
            "state_zh": state.zh,
            "state_en": state.en,
            "way": result.way.value if result.way else None,
            "withheld": withheld.value if withheld else None,
            "offers": [] if withheld else _offers(result),
            "has_file": has_file(result) and is_released(result, act.view, owes_fee=owing, partial=partial),
            "print": _print(act, find_open_print(act, result)),
            "how_zh": how.zh,
            "how_en": how.en,
        }


def _offers(result: Result) -> list[str]:
    """The ways in which the citizen may take it at a kiosk, by themselves."""
    licence = [IssueWay.E_LICENCE.value] if is_e_licence(result) else []
    return [*licence, IssueWay.PRINT.value]


def _print(act: CaseAct, job: PrintJob | None) -> dict[str, Any] | None:
    """A print that is not settled: where, and whether its citizen may say what came of it."""
    if job is None:
        return None
    here = job.terminal is not None and job.terminal == act.actor.terminal
    return {
        "id": job.id,
        "place": "here" if here else place_of(job),
        "may_be_settled": job.terminal is not None and (here or job.may_be_settled(act.now)),
    }


def _how(result: Result, withheld: Withheld | None, shipments: Sequence[Shipment]) -> Label:
    """How it reaches the citizen, or why not yet; a parcel's last news goes before everything else."""
    parcel = next((each for each in reversed(shipments) if result.id in each.results), None)
    if parcel is not None:
        news = SHIPMENT_STATE[parcel.state]
        number = f" {parcel.waybill}" if parcel.waybill else ""
        return Label(news.zh + number, news.en + number)
    if withheld is not None and result.state is not ResultState.ISSUED:
        return WITHHELD[withheld]
    return _READY_AT[result.way]


def _services(act: CaseAct) -> Iterable[dict[str, Any]]:
    """What can be rated now or was: each matter that was decided, and the whole once it is closed."""
    ratings = act.uow.ratings.list_of(act.case.id)
    put_right = {each.rating: each for each in act.uow.ratings.list_rectifications(act.case.id)}
    services: list[tuple[str | None, Label]] = [
        (part.matter, act.thing.matters[part.matter].label)
        for part in act.view.parts.values()
        if part.state in _DECIDED
    ]
    if act.view.state is CaseState.CLOSED:
        services.append((None, Label(f"整件事：{act.thing.label.zh}", f"The whole: {act.thing.label.en}")))
    for matter, label in services:
        own = service_of(act.case.id, matter, Occasion.RESULT)
        given = [each for each in ratings if each.service == own]
        last = max(given, key=lambda rating: rating.number, default=None)
        rectification = put_right.get(last.id) if last else None
        yield {
            "matter": matter,
            **both(label),
            "may_rate": last is None or _may_rate_again(last, rectification),
            "rated": _rated(act, last, rectification) if last else None,
        }


def _may_rate_again(last: Rating, rectification: Rectification | None) -> bool:
    settled = rectification is not None and rectification.state is RectificationState.SETTLED
    return settled and last.number == 1


def _rated(act: CaseAct, rating: Rating, rectification: Rectification | None) -> dict[str, Any]:
    return {
        "level": rating.level.value,
        "level_zh": rating.level.label.zh,
        "level_en": rating.level.label.en,
        "rectification": _rectification(act, rectification) if rectification else None,
    }


def _rectification(act: CaseAct, rectification: Rectification) -> dict[str, Any]:
    shown = shown_rectification(act, rectification, own=True)
    return {
        "zh": shown["state_zh"],
        "en": shown["state_en"],
        **{name: shown[name] for name in _OF_RECTIFICATION},
    }


_OF_RECTIFICATION = (
    "state",
    "due_on",
    "finding_zh",
    "finding_en",
    "remedy_zh",
    "remedy_en",
    "remedy_on",
    "words_zh",
    "words_en",
)


def _dispute(act: CaseAct, dispute: Dispute) -> dict[str, Any]:
    fact, role = act.catalog.get_fact(act.thing, dispute.fact).label, act.thing.role_of(dispute.fact).label
    department = act.catalog.departments[dispute.department].label
    state, answer = DISPUTE_STATE[dispute.state], dispute.reason or {}
    return {
        "id": dispute.id,
        "zh": f"{role.zh} · {fact.zh}",
        "en": f"{role.en} · {fact.en}",
        "department_zh": department.zh,
        "department_en": department.en,
        "state": dispute.state.value,
        "state_zh": state.zh,
        "state_en": state.en,
        "due_on": dispute.due_on.isoformat(),
        "answer_zh": answer.get("zh"),
        "answer_en": answer.get("en"),
    }
