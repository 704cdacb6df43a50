"""Unified issue: results handed over at a window, by courier, as e-licences or printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from onething.domain.actors import Actor
from onething.domain.errors import NotFound
from onething.domain.masking import mask_mobile, mask_name
from onething.domain.results import IssueWay, PrintJob, ResultState
from onething.domain.staff import Role
from onething.ports import Once, Ports
from onething.services.casework import CaseAct, on_case
from onething.services.duties import must_be
from onething.services.gathering import (
    choose_results,
    is_e_licence,
    issue,
    list_shown,
    note_completed,
    place_of,
    put_away,
)
from onething.services.outcome_refusals import AtAKiosk, CardNotChecked, NoELicence, WrongReceiver
from onething.services.printing import settle_print
from onething.services.shipping import given_address, send_by_courier

__all__ = [
    "ask_partial",
    "hand_out",
    "issue_e_licence",
    "list_results",
    "list_waiting_prints",
    "note_completed",
    "note_printed",
    "queue_print",
    "send_by_courier",
]


def list_results(ports: Ports, actor: Actor, number: str) -> dict[str, Any]:
    """A case's results with their way and state, parcels and prints; why a result is held back.

    A clerk and the applicant see in ``given``, masked, where they were to be sent; None without an address.
    """

    def act_on(act: CaseAct) -> dict[str, Any]:
        given = given_address(act) if actor.kind == "citizen" or actor.has(Role.CLERK) else None
        return {**list_shown(act), "given": _masked(given) if given else None}

    return on_case(ports, number, actor, "results_read", act_on)


def _masked(given: Mapping[str, str]) -> dict[str, str]:
    return {
        "name": mask_name(given.get("name", "")),
        "mobile": mask_mobile(given.get("mobile", "")),
        "address": given["address"],
    }


def ask_partial(ports: Ports, actor: Actor, number: str) -> dict[str, Any]:
    """The citizen does not want to wait for the rest: what is ready may be handed over."""

    def act_on(act: CaseAct) -> dict[str, Any]:
        act.uow.results.ask_partial(act.case.id, actor.id, act.now)
        return list_shown(act)

    must_be(actor, "citizen", Role.CLERK)
    return on_case(ports, number, actor, "partial_issue_asked", act_on)


def hand_out(
    ports: Ports,
    actor: Actor,
    number: str,
    *,
    results: Sequence[str],
    card_checked: bool,
    receiver: str,
    mandate_seen: bool = False,
    once: Once | None = None,
) -> dict[str, Any]:
    """Hand results over at a window against the case's number and the receiver's card.

    ``receiver`` is the ID number on that card; only its blind index is kept. Raises
    ``CardNotChecked``, ``WrongReceiver``, ``ResultWithheld`` and ``NotFound``.
    """
    must_be(actor, Role.CLERK)
    if not card_checked or not receiver.strip():
        raise CardNotChecked
    taker = ports.index.of_number(receiver)

    def act_on(act: CaseAct) -> dict[str, Any]:
        if taker != act.case.holder and not mandate_seen:
            raise WrongReceiver
        chosen = choose_results(act, results)
        changed = [replace(each, receiver=taker) for each in chosen]
        issue(act, changed, IssueWay.WINDOW)
        act.detail.update(receiver=taker, mandate_seen=mandate_seen)
        return list_shown(act)

    return on_case(ports, number, actor, "results_handed_out", act_on, once=once)


def issue_e_licence(
    ports: Ports, actor: Actor, number: str, *, results: Sequence[str], once: Once | None = None
) -> dict[str, Any]:
    """Take results as the e-licences that their departments made; raises ``NoELicence``."""
    must_be(actor, "citizen", Role.CLERK)

    def act_on(act: CaseAct) -> dict[str, Any]:
        chosen = choose_results(act, results)
        if not all(is_e_licence(each) for each in chosen):
            raise NoELicence
        issue(act, chosen, IssueWay.E_LICENCE)
        return list_shown(act)

    return on_case(ports, number, actor, "e_licences_issued", act_on, once=once)


def queue_print(
    ports: Ports, actor: Actor, number: str, *, results: Sequence[str], once: Once | None = None
) -> dict[str, Any]:
    """Put results in the queue of the printer; they count as handed over once they are printed."""
    must_be(actor, "citizen", Role.CLERK)

    def act_on(act: CaseAct) -> dict[str, Any]:
        for result in choose_results(act, results):
            put_away(act, replace(result, state=ResultState.TO_PRINT, way=IssueWay.PRINT), result.state)
            act.uow.results.add_print(
                PrintJob(act.ports.chance.id(), act.case.id, result.id, act.case.division, act.now, actor.id)
            )
        return list_shown(act)

    return on_case(ports, number, actor, "print_queued", act_on, once=once)


def note_printed(ports: Ports, actor: Actor, print_id: str, *, came_out: bool = True) -> dict[str, Any]:
    """What a clerk says of one print: of the hall's printer, or of a kiosk's whose word did not come.

    A failed one is ready again. Raises ``NotFound``, ``NotPrinting`` and ``AtAKiosk``.
    """
    must_be(actor, Role.CLERK)
    with ports.records.read() as uow:
        known = uow.results.find_print(print_id)
    if known is None:
        raise NotFound

    def act_on(act: CaseAct) -> dict[str, Any]:
        job = act.uow.results.find_print(print_id)
        if job is not None and job.is_open and not job.may_be_settled(act.now):
            raise AtAKiosk
        act.detail.update(print=print_id)
        settle_print(act, job or known, came_out=came_out)
        return list_shown(act)

    return on_case(ports, known.case_id, actor, "printed" if came_out else "print_failed", act_on)


def list_waiting_prints(ports: Ports, actor: Actor) -> list[dict[str, Any]]:
    """The printer's queue, longest waiting first: numbers only."""
    must_be(actor, Role.CLERK, Role.TECHNICIAN)
    with ports.records.read() as uow:
        return [
            {
                "id": job.id,
                "result": job.result,
                "queued_at": job.queued_at.isoformat(),
                "place": place_of(job),
            }
            for job in uow.results.list_waiting_prints()
        ]
