"""A case's results in one place: gathered when a part completes, shown, chosen, and marked as handed over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from onething.domain.cases import EventKind
from onething.domain.catalog import Label
from onething.domain.e_licence_identifier import find_e_licence_identifier
from onething.domain.errors import FieldError, NotFound
from onething.domain.masking import mask_name
from onething.domain.results import (
    IssueWay,
    PrintJob,
    Result,
    ResultState,
    Shipment,
    find_withheld,
    is_released,
)
from onething.domain.staff import Role
from onething.domain.working_days import SHANGHAI
from onething.ports import Conflict
from onething.services.casework import CaseAct
from onething.services.outcome_refusals import ResultWithheld
from onething.services.outcome_wording import DECISION, ISSUE_WAY, RESULT_STATE, SHIPMENT_STATE, WITHHELD
from onething.services.overseeing import note_approval
from onething.services.paying import owes
from onething.services.wording import both

_LONGEST = 200


def note_completed(act: CaseAct, part_id: str) -> None:
    """Gather what a part has just brought, and tell its supervising department; in the same act."""
    part, matter = act.view.parts[part_id], act.matter_of(part_id)
    documents: Sequence[Mapping[str, str]] = part.documents
    if not documents and matter.result is not None:
        documents = ({"document": ""},)
    act.uow.results.add_all(
        [
            Result(
                id=act.ports.chance.id(),
                case_id=act.case.id,
                part=part_id,
                place=place,
                matter=part.matter,
                department=act.department_of(part_id),
                document=str(document.get("document", ""))[:80],
                of_role=document.get("of"),
                identifier=_text(document.get("identifier")),
                division=act.case.division,
                completed_at=act.now,
            )
            for place, document in enumerate(documents)
        ]
    )
    note_approval(act, part_id)


def _text(identifier: str | None) -> str | None:
    return None if identifier is None else str(identifier)[:_LONGEST]


def list_shown(act: CaseAct) -> dict[str, Any]:
    """The results that the actor may see, each with its state and why it is held back."""
    results = list(act.uow.results.list_of(act.case.id))
    if act.actor.roles == {Role.DEPARTMENT}:
        results = [each for each in results if each.department == act.actor.department]
    partial = act.uow.results.is_partial_asked(act.case.id)
    return {
        "results": [_shown(act, each, partial=partial) for each in results],
        "partial_asked": partial,
        "shipments": [_parcel(each) for each in act.uow.results.list_shipments(act.case.id)],
        "prints": [_print(act, each) for each in act.uow.results.list_prints(act.case.id)],
    }


def _shown(act: CaseAct, result: Result, *, partial: bool) -> dict[str, Any]:
    owing = owes(act, result.part)
    withheld = find_withheld(result, act.view, owes_fee=owing, partial=partial)
    why = WITHHELD[withheld] if withheld else Label("", "")
    state, way = RESULT_STATE[result.state], ISSUE_WAY[result.way] if result.way else Label("", "")
    return {
        "id": result.id,
        "matter": result.matter,
        "department": result.department,
        **both(name_of(act, result)),
        "of": result.of_role,
        "identifier": result.identifier,
        "is_e_licence": is_e_licence(result),
        "has_file": has_file(result) and is_released(result, act.view, owes_fee=owing, partial=partial),
        "state": result.state.value,
        "state_zh": state.zh,
        "state_en": state.en,
        "way": result.way.value if result.way else None,
        "way_zh": way.zh,
        "way_en": way.en,
        "withheld": withheld.value if withheld else None,
        "withheld_zh": why.zh,
        "withheld_en": why.en,
        "issued_at": result.issued_at.astimezone(SHANGHAI).isoformat(timespec="minutes")
        if result.issued_at
        else None,
    }


def _print(act: CaseAct, job: PrintJob) -> dict[str, Any]:
    return {
        "id": job.id,
        "result": job.result,
        "place": place_of(job),
        "may_be_settled": job.may_be_settled(act.now),
        "queued_at": job.queued_at.isoformat(),
        "printed_at": job.printed_at.isoformat() if job.printed_at else None,
    }


def place_of(job: PrintJob) -> str:
    """Whose printer it is: the ``hall``'s, or a ``kiosk``'s."""
    return "hall" if job.terminal is None else "kiosk"


def _parcel(shipment: Shipment) -> dict[str, Any]:
    """A parcel as it may be shown: to whom it goes only in outline."""
    state = SHIPMENT_STATE[shipment.state]
    return {
        "id": shipment.id,
        "results": list(shipment.results),
        "state": shipment.state.value,
        "state_zh": state.zh,
        "state_en": state.en,
        "waybill": shipment.waybill,
        "receiver_masked": mask_name(shipment.address["name"]),
        "trace": [dict(station) for station in shipment.trace],
    }


def name_of(act: CaseAct, result: Result) -> Label:
    """What a result is called: the document, or what the matter says comes of it."""
    document = act.catalog.documents.get(result.document)
    if document is not None:
        return document.label
    return act.thing.matters[result.matter].result or DECISION


def choose_results(act: CaseAct, ids: Sequence[str]) -> list[Result]:
    """The named results, all of which may be handed over now; raises ``NotFound``, ``ResultWithheld``."""
    there = {each.id: each for each in act.uow.results.list_of(act.case.id)}
    if not ids or set(ids) - there.keys():
        raise NotFound
    partial = act.uow.results.is_partial_asked(act.case.id)
    chosen = [there[each] for each in dict.fromkeys(ids)]
    held = [
        FieldError(result.id, why.value, WITHHELD[why])
        for result in chosen
        if (why := find_withheld(result, act.view, owes_fee=owes(act, result.part), partial=partial))
    ]
    if held:
        raise ResultWithheld(held[0].text if len(held) == 1 else None, held)
    return chosen


def issue(act: CaseAct, results: Iterable[Result], way: IssueWay) -> None:
    """Write down that results have reached the citizen."""
    issued = [
        replace(each, state=ResultState.ISSUED, way=way, issued_at=act.now, issued_by=act.actor.id)
        for each in results
    ]
    was = {each.id: each.state for each in act.uow.results.list_of(act.case.id)}
    for each in issued:
        put_away(act, each, was[each.id])
    act.move(EventKind.RESULT_ISSUED, way=way.value, results=[each.id for each in issued])


def put_away(act: CaseAct, result: Result, was: ResultState) -> None:
    """Save a result; raises ``Conflict`` when somebody else was faster, so that the act is done again."""
    if not act.uow.results.save(result, was):
        raise Conflict("the result has moved on")


def has_file(result: Result) -> bool:
    """Whether there is a file to be had: paper that no service keeps is handed out only as paper."""
    return not result.document or is_e_licence(result)


def is_e_licence(result: Result) -> bool:
    """Whether the department gave it a sound identifier of GB/T 36904."""
    return result.identifier is not None and find_e_licence_identifier(result.identifier) is not None
