"""Paper originals that a window takes and gives back."""

from __future__ import annotations

from typing import Any

from onething.domain.actors import Actor
from onething.domain.catalog import Label
from onething.domain.errors import NotFound, Refusal
from onething.ports import Once, Ports
from onething.ports.handling import Original
from onething.services.casework import CaseAct, on_case


class AlreadyReturned(Refusal):
    """It was given back before."""

    reason = "already_returned"
    status_hint = "conflict"
    text = Label("原件已经归还", "The original was given back already")


def receive(
    ports: Ports, actor: Actor, number: str, material: str, *, copies: int = 1, once: Once | None = None
) -> dict[str, Any]:
    """Register an original that was handed over; returns its id."""

    def act_on(act: CaseAct) -> dict[str, Any]:
        if material not in act.thing.materials or not 1 <= copies <= 99:
            raise NotFound
        original = Original(ports.chance.id(), act.case.id, material, copies, actor.id, act.now)
        act.uow.originals.add(original)
        act.detail["material"] = material
        return {"id": original.id}

    return on_case(ports, number, actor, "original_received", act_on, once=once)


def give_back(
    ports: Ports, actor: Actor, number: str, original_id: str, *, once: Once | None = None
) -> dict[str, Any]:
    """Register that it was given back; raises ``AlreadyReturned`` the second time."""

    def act_on(act: CaseAct) -> dict[str, Any]:
        found = next(
            (each for each in act.uow.originals.list_of(act.case.id) if each.id == original_id), None
        )
        if found is None:
            raise NotFound
        if not act.uow.originals.give_back(original_id, actor.id, act.now):
            raise AlreadyReturned
        act.detail["material"] = found.material
        return {"id": original_id}

    return on_case(ports, number, actor, "original_returned", act_on, once=once)
