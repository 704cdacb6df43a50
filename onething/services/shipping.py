"""Results by courier: the parcel, its order, and where it is until it has arrived."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from onething.domain.actors import WORKER, Actor
from onething.domain.cases import EventKind
from onething.domain.catalog import APPLICATION
from onething.domain.people import find_mobile
from onething.domain.records import AuditRow, Job
from onething.domain.results import RESULT_AFTER, IssueWay, ResultState, Shipment, ShipmentState
from onething.domain.staff import Role
from onething.domain.values import OpenedValues
from onething.ports import DeliveryFailed, Once, Ports
from onething.ports.results import Tracking
from onething.services.casework import CaseAct, on_case
from onething.services.duties import must_be
from onething.services.gathering import choose_results, issue, list_shown, name_of, put_away
from onething.services.outcome_refusals import BadAddress

ORDER_SHIPMENT = "order_shipment"
TRACK_SHIPMENT = "track_shipment"
_LONGEST = {"name": 60, "mobile": 20, "address": 200}


def send_by_courier(
    ports: Ports,
    actor: Actor,
    number: str,
    *,
    results: Sequence[str],
    address: Mapping[str, str],
    once: Once | None = None,
) -> dict[str, Any]:
    """Put results in a parcel to ``address`` (name, mobile, address); the worker orders the courier.

    What is left empty there is what the applicant gave on the form: nothing is asked twice. Raises
    ``BadAddress``, ``ResultWithheld`` and ``NotFound``.
    """
    must_be(actor, "citizen", Role.CLERK)

    def act_on(act: CaseAct) -> dict[str, Any]:
        typed = {name: text for name, text in address.items() if text.strip()}
        to = _read_address({**(given_address(act) or {}), **typed})
        chosen = choose_results(act, results)
        for each in chosen:
            put_away(act, replace(each, state=ResultState.ON_THE_WAY, way=IssueWay.COURIER), each.state)
        ids = tuple(each.id for each in chosen)
        shipment = Shipment(ports.chance.id(), act.case.id, ids, to, act.case.division, act.now)
        act.uow.results.add_shipment(shipment)
        act.uow.jobs.add(Job(ports.chance.id(), ORDER_SHIPMENT, {"shipment": shipment.id}, act.now))
        act.move(EventKind.SHIPMENT_MOVED, shipment=shipment.id, state=shipment.state.value)
        return list_shown(act)

    return on_case(ports, number, actor, "shipment_opened", act_on, once=once)


def given_address(act: CaseAct) -> dict[str, str] | None:
    """Where the applicant wanted results sent: name, mobile, address; None when they did not."""
    values = OpenedValues(act.uow.cases.get_values(act.case.id))
    keys = {
        "name": f"{act.case.plan['holder']}.name",
        "mobile": f"{APPLICATION}.mobile",
        "address": f"{APPLICATION}.delivery_address",
    }
    found = {name: str(values[key].value) for name, key in keys.items() if key in values}
    return found if "address" in found else None


def _read_address(address: Mapping[str, str]) -> dict[str, str]:
    read = {}
    for name, longest in _LONGEST.items():
        text = unicodedata.normalize("NFC", str(address.get(name, ""))).strip()
        if not text or len(text) > longest or any(unicodedata.category(c)[0] == "C" for c in text):
            raise BadAddress
        read[name] = text
    mobile = find_mobile(read["mobile"])
    if mobile is None:
        raise BadAddress
    return {**read, "mobile": mobile}


def order_shipment(ports: Ports, job: Mapping[str, Any]) -> None:
    """Order the courier once; raises ``DeliveryFailed``. What the courier refuses may be issued again."""
    with ports.records.act() as uow:
        shipment = uow.results.find_shipment(job["shipment"])
        case = uow.cases.find(shipment.case_id) if shipment else None
        if shipment is None or case is None or shipment.state is not ShipmentState.WAITING:
            return
        uow.audit.add(
            AuditRow(
                at=ports.clock.now(),
                actor=WORKER.id,
                actor_kind=WORKER.kind,
                action="address_given_to_courier",
                purpose=case.thing,
                subject=case.holder,
                case=case.id,
                detail={"shipment": shipment.id},
            )
        )
        contents = _contents(CaseAct(ports, uow, case, WORKER, ports.clock.now()), shipment)
    try:
        waybill = ports.courier.send(shipment, _sender(ports), contents)
    except DeliveryFailed as failure:
        if not failure.retryable:
            _moved(ports, shipment, Tracking(ShipmentState.REFUSED))
        raise
    _moved(ports, replace(shipment, waybill=waybill), Tracking(ShipmentState.ACCEPTED))


def _contents(act: CaseAct, shipment: Shipment) -> list[str]:
    return [
        name_of(act, each).zh for each in act.uow.results.list_of(act.case.id) if each.id in shipment.results
    ]


def _sender(ports: Ports) -> dict[str, str]:
    """The county's first window, as the current catalog knows it."""
    _, catalog = ports.catalogs.current()
    window = next(iter(catalog.windows), None)
    if window is None:
        return {"name": catalog.label.zh, "mobile": "", "address": catalog.label.zh}
    return {"name": window.label.zh, "mobile": window.phone or "", "address": window.address}


def track_shipment(ports: Ports, job: Mapping[str, Any]) -> None:
    """Look where a parcel is, and look again later until its way has ended; raises ``DeliveryFailed``.

    ``look`` numbers the looks: one that was made before is not made again by a job that came twice.
    """
    with ports.records.read() as uow:
        shipment = uow.results.find_shipment(job["shipment"])
    if shipment is None or shipment.waybill is None:
        return
    if shipment.state.is_final or shipment.looks != job["look"]:
        return
    _moved(ports, shipment, ports.courier.track(shipment.waybill))


def _moved(ports: Ports, seen: Shipment, told: Tracking) -> None:
    """Write down what the courier says: the parcel, its results, and the next look."""

    def act_on(act: CaseAct) -> None:
        looks = seen.looks + 1
        moved = replace(seen, state=told.state, trace=told.trace, moved_at=act.now, looks=looks)
        there = act.uow.results.find_shipment(seen.id)
        if there is None or there.looks != seen.looks or not act.uow.results.save_shipment(moved, there):
            return
        if told.state is not there.state:
            act.move(EventKind.SHIPMENT_MOVED, shipment=seen.id, state=told.state.value)
        if told.state.is_final:
            _settle(act, moved)
        else:
            due_at = act.now + timedelta(seconds=ports.settings.track_seconds)
            payload = {"shipment": seen.id, "look": looks}
            act.uow.jobs.add(Job(ports.chance.id(), TRACK_SHIPMENT, payload, due_at))

    on_case(ports, seen.case_id, WORKER, "shipment_moved", act_on)


def _settle(act: CaseAct, shipment: Shipment) -> None:
    inside = [each for each in act.uow.results.list_of(act.case.id) if each.id in shipment.results]
    if RESULT_AFTER[shipment.state] is ResultState.ISSUED:
        issue(act, inside, IssueWay.COURIER)
        return
    for each in inside:
        put_away(act, replace(each, state=ResultState.READY, way=None), each.state)
