"""Departments that cannot call back are asked for their events."""

from __future__ import annotations

from onething.domain.errors import Refusal
from onething.domain.records import AuditRow
from onething.ports import Ports
from onething.services.handling import take_event


def pull_events(ports: Ports, department: str) -> int:
    """Take a department's new events, oldest first; how many. Raises ``ports.DeliveryFailed``.

    The cursor moves on once all were taken: an event that comes twice changes nothing, and one that is
    refused is the department's mistake and is not asked for again.
    """
    with ports.records.read() as uow:
        after = uow.pull_cursors.get(department)
    events, following = ports.departments.pull(department, after)
    for event in events:
        try:
            take_event(ports, department, event)
        except Refusal as refused:
            _note_refused(ports, department, refused.reason)
    if following != after:
        with ports.records.act() as uow:
            uow.pull_cursors.put(department, following, ports.clock.now())
    return len(events)


def _note_refused(ports: Ports, department: str, reason: str) -> None:
    with ports.records.act() as uow:
        uow.audit.add(
            AuditRow(
                at=ports.clock.now(),
                actor=department,
                actor_kind="department",
                action="part_reported",
                purpose="pulled",
                result=reason,
            )
        )
