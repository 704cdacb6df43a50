"""Results printed at kiosks: begun once, fetched for the printer, and settled by its word or a person's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from onething.domain.actors import Actor
from onething.domain.errors import NotFound
from onething.domain.records import Terminal
from onething.domain.results import IssueWay, PrintJob, PrintOutcome, Result, ResultState
from onething.ports import Conflict, Once, Ports
from onething.services.casework import CaseAct, on_case
from onething.services.duties import must_be
from onething.services.gathering import choose_results, has_file, issue, put_away
from onething.services.outcome_refusals import AtAKiosk, NoResultFile, NotPrinting
from onething.services.result_files import ResultFile, fetch_file, find_result

_ACTIONS = {
    PrintOutcome.PRINTED: "printed",
    PrintOutcome.FAILED: "print_failed",
    PrintOutcome.UNKNOWN: "print_doubted",
}


def begin_print(
    ports: Ports, actor: Actor, number: str, result_id: str, *, once: Once | None = None
) -> dict[str, Any]:
    """Take a result to the printer of the kiosk where its citizen stands: one job for one result.

    What waits in the hall's queue is taken out of it. The answer is the job's ``id``. Raises ``NotFound``,
    ``ResultWithheld``, ``NoResultFile`` and ``AtAKiosk``.
    """
    must_be(actor, "citizen")

    def act_on(act: CaseAct) -> dict[str, Any]:
        result = find_result(act, result_id)
        if not has_file(result):
            raise NoResultFile
        job = find_open_print(act, result)
        job = _begin(act, result) if job is None else _take_over(act, job)
        act.detail.update(print=job.id, result=result.id)
        return {"id": job.id}

    return on_case(ports, number, actor, "print_begun", act_on, once=once)


def _begin(act: CaseAct, result: Result) -> PrintJob:
    choose_results(act, [result.id])
    put_away(act, replace(result, state=ResultState.TO_PRINT, way=IssueWay.PRINT), result.state)
    job = PrintJob(
        act.ports.chance.id(), act.case.id, result.id, act.case.division, act.now, act.actor.id,
        terminal=act.actor.terminal,
    )  # fmt: skip
    act.uow.results.add_print(job)
    return job


def _take_over(act: CaseAct, job: PrintJob) -> PrintJob:
    if job.terminal is not None:
        raise AtAKiosk
    taken = replace(job, terminal=act.actor.terminal, queued_at=act.now, queued_by=act.actor.id)
    if not act.uow.results.save_print(taken, job):
        raise Conflict("the print was settled at the hall")
    return taken


def find_open_print(act: CaseAct, result: Result) -> PrintJob | None:
    """The print of a result that is not settled; there is one at most."""
    prints = act.uow.results.list_prints(act.case.id)
    return next((each for each in prints if each.result == result.id and each.is_open), None)


def get_print_file(ports: Ports, actor: Actor, number: str, print_id: str) -> ResultFile:
    """What the kiosk prints, for its own job only, while its citizen is there; raises as ``fetch_file``."""
    must_be(actor, "citizen")

    def find(act: CaseAct) -> Result:
        job = _job_of(act, print_id)
        if job.terminal != actor.terminal or job.queued_by != actor.id:
            raise NotFound
        if not job.is_open or job.doubted_at is not None:
            raise NotPrinting
        return find_result(act, job.result)

    return fetch_file(ports, actor, number, find, "自助终端打印办理结果")


def note_outcome(ports: Ports, terminal: Terminal, print_id: str, outcome: PrintOutcome) -> dict[str, str]:
    """What a kiosk says of its own print; raises ``NotFound`` for another's.

    Said again, or after a person has settled it, it changes nothing. The answer's ``state`` is ``printed``,
    ``failed`` or ``unknown``.
    """
    actor = Actor(terminal.id, "terminal", terminal=terminal.id, division=terminal.division)
    with ports.records.read() as uow:
        known = uow.results.find_print(print_id)
    if known is None or known.terminal != terminal.id:
        raise NotFound

    def act_on(act: CaseAct) -> dict[str, str]:
        job = _job_of(act, print_id)
        act.detail.update(print=job.id)
        if not job.is_open:
            act.detail.update(too_late=True)
            return {"state": _state_of(job)}
        if outcome is PrintOutcome.UNKNOWN:
            _doubt(act, job)
        else:
            settle_print(act, job, came_out=outcome is PrintOutcome.PRINTED)
        return {"state": outcome.value}

    return on_case(ports, known.case_id, actor, _ACTIONS[outcome], act_on)


def say_what_came_out(
    ports: Ports, actor: Actor, number: str, print_id: str, *, came_out: bool, once: Once | None = None
) -> dict[str, Any]:
    """The citizen's own word where no printer's is there: all the paper is out, or it is not.

    Raises ``NotFound``, ``AtAKiosk`` while another kiosk is at it, and ``NotPrinting``. The answer is empty.
    """
    must_be(actor, "citizen")

    def act_on(act: CaseAct) -> dict[str, Any]:
        job = _job_of(act, print_id)
        if job.terminal is None:
            raise NotFound
        # The kiosk itself asks only when its printer is not at it any more.
        if job.is_open and job.terminal != actor.terminal and not job.may_be_settled(act.now):
            raise AtAKiosk
        act.detail.update(print=job.id, said_by="citizen")
        settle_print(act, job, came_out=came_out)
        return {}

    return on_case(ports, number, actor, "printed" if came_out else "print_failed", act_on, once=once)


def settle_print(act: CaseAct, job: PrintJob, *, came_out: bool) -> None:
    """End a print: its result is handed over, or ready again; raises ``NotPrinting``."""
    result = next(each for each in act.uow.results.list_of(act.case.id) if each.id == job.result)
    done = replace(job, printed_at=act.now, printed_by=act.actor.id if came_out else None)
    if result.state is not ResultState.TO_PRINT or not job.is_open:
        raise NotPrinting
    if not act.uow.results.save_print(done, job):
        raise Conflict("somebody else has settled this print")
    if came_out:
        issue(act, [result], IssueWay.PRINT)
    else:
        put_away(act, replace(result, state=ResultState.READY, way=None), result.state)


def _doubt(act: CaseAct, job: PrintJob) -> None:
    if job.doubted_at is None and not act.uow.results.save_print(replace(job, doubted_at=act.now), job):
        raise Conflict("somebody else has settled this print")


def _state_of(job: PrintJob) -> str:
    return (PrintOutcome.PRINTED if job.printed_by else PrintOutcome.FAILED).value


def _job_of(act: CaseAct, print_id: str) -> PrintJob:
    job = act.uow.results.find_print(print_id)
    if job is None or job.case_id != act.case.id:
        raise NotFound
    return job
