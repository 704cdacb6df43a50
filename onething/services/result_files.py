"""A result's file: the e-licence from the service that keeps it, or the decision written by the system."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from onething.domain.actors import Actor
from onething.domain.decision_content import compose_decision
from onething.domain.errors import NotFound
from onething.domain.notice_content import NoticeContent
from onething.domain.results import Result, is_released
from onething.domain.situation import base_of
from onething.domain.staff import Role
from onething.domain.values import OpenedValues, Value
from onething.ports import NotHeld, Ports, Purpose, Unavailable
from onething.ports.licence_files import LicenceFile, LicenceFileCall
from onething.services.casework import CaseAct, on_case
from onething.services.duties import must_be
from onething.services.gathering import has_file, name_of
from onething.services.outcome_refusals import FileAway, NoResultFile, ResultWithheld
from onething.services.paying import owes

PDF = "application/pdf"
_NUMBERS = ("id_number", "uscc")

FindResult = Callable[[CaseAct], Result]
Wanted = NoticeContent | LicenceFileCall


@dataclass(frozen=True)
class ResultFile:
    """A result as PDF; ``name`` is ASCII and names nobody."""

    data: bytes
    name: str
    media_type: str = PDF


def get_result_file(ports: Ports, actor: Actor, number: str, result_id: str) -> ResultFile:
    """The file of a result of one's own case, once it may be handed over; a clerk's too.

    It is fetched each time and not kept. Raises ``NotFound``, ``ResultWithheld``, ``NoResultFile`` and
    ``FileAway``.
    """
    must_be(actor, "citizen", Role.CLERK)
    return fetch_file(ports, actor, number, lambda act: find_result(act, result_id), "查看办理结果")


def fetch_file(ports: Ports, actor: Actor, number: str, find: FindResult, reason: str) -> ResultFile:
    """The file of the result that ``find`` gives; ``reason`` is told to the service and kept.

    Nothing is asked before the audit says so, no transaction waits for the answer, and what came of it is
    in the audit too, with the file's SHA-256.
    """

    def ask(act: CaseAct) -> _Asked:
        result = find(act)
        act.detail.update(result=result.id, reason=reason)
        name = f"{result.document or 'decision'}-{act.case.number}"
        return _Asked(result.id, _ascii(name), _wanted(act, result, reason))

    asked = on_case(ports, number, actor, "result_file_asked", ask)
    given = _get(ports, asked.wanted)

    def note(act: CaseAct) -> LicenceFile:
        act.detail.update(result=asked.result)
        if isinstance(given, NotHeld):
            raise NoResultFile
        if isinstance(given, Unavailable):
            raise FileAway
        act.detail.update(sha256=given.sha256)
        return given

    return ResultFile(on_case(ports, number, actor, "result_file_read", note).data, asked.name)


def find_result(act: CaseAct, result_id: str) -> Result:
    """A result that its citizen may see by now; raises ``NotFound`` and ``ResultWithheld``."""
    result = next((each for each in act.uow.results.list_of(act.case.id) if each.id == result_id), None)
    if result is None:
        raise NotFound
    partial = act.uow.results.is_partial_asked(act.case.id)
    if not is_released(result, act.view, owes_fee=owes(act, result.part), partial=partial):
        raise ResultWithheld
    return result


@dataclass(frozen=True)
class _Asked:
    """What the audit has noted before anything is fetched."""

    result: str
    name: str
    wanted: Wanted


def _wanted(act: CaseAct, result: Result, reason: str) -> Wanted:
    if not has_file(result):
        raise NoResultFile
    values = OpenedValues(act.uow.cases.get_values(act.case.id))
    holder = act.case.plan["holder"]
    if not result.document:
        name = values.get(f"{holder}.name")
        addressee = str(name.value) if name else ""
        return compose_decision(act.catalog, act.case, result.part, addressee, result.completed_at)
    purpose = Purpose(
        case=act.case.id,
        thing=act.case.thing,
        matters=(result.matter,),
        actor=act.actor.id,
        reason=f"{reason}：{name_of(act, result).zh}",
    )
    role = base_of(result.of_role or "")
    return LicenceFileCall(
        result.identifier or "", _holders(values, role, holder), _facts(values, role, "name"), purpose
    )


def _holders(values: Mapping[str, Value], role: str, applicant: str) -> frozenset[str]:
    """The numbers that the licence's holder may have: its person's or the applicant's.

    A newborn has no number, and a sale is nobody: theirs may be anybody's who is in the case.
    """
    own = _facts(values, role, *_NUMBERS)
    if own:
        return own | _facts(values, applicant, *_NUMBERS)
    return frozenset(str(values[key].value) for key in values if key.partition(".")[2] in _NUMBERS)


def _facts(values: Mapping[str, Value], role: str, *facts: str) -> frozenset[str]:
    """What is known under these names of a role, of each of its people where it repeats."""
    return frozenset(
        str(values[key].value)
        for key in values
        if base_of(key.partition(".")[0]) == role and key.partition(".")[2] in facts
    )


def _get(ports: Ports, wanted: Wanted) -> LicenceFile | NotHeld | Unavailable:
    if isinstance(wanted, LicenceFileCall):
        return ports.licence_files.fetch(wanted)
    written = ports.notice_printer.render(wanted)
    return LicenceFile(written, hashlib.sha256(written).hexdigest())


def _ascii(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name) + ".pdf"
