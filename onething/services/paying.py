"""Fees: each matter's own, with its basis from the catalog; no matter waits for another's."""

from __future__ import annotations

from typing import Any

from onething.domain.actors import Actor
from onething.domain.cases import EventKind
from onething.domain.catalog import Label
from onething.domain.errors import Refusal
from onething.ports import Once, Ports
from onething.services.casework import CaseAct, on_case


class NoFee(Refusal):
    """This matter costs nothing, or is paid already."""

    reason = "no_fee"
    status_hint = "conflict"
    text = Label("这件事不收费，或已经缴过", "There is nothing to pay for this, or it is paid")


def record_payment(
    ports: Ports, actor: Actor, number: str, matter: str, *, proof: str, once: Once | None = None
) -> dict[str, Any]:
    """Note that a matter's fee was paid; ``proof`` is the number of the fiscal receipt."""

    def act_on(act: CaseAct) -> dict[str, Any]:
        part = act.part_of(matter)
        fee = act.matter_of(part.id).fee
        if fee is None or not fee.amount_fen or part.paid or not proof.strip():
            raise NoFee
        act.move(EventKind.FEE_PAID, part.id, amount_fen=fee.amount_fen, proof=proof.strip()[:60])
        return {"amount_fen": fee.amount_fen, "proof": proof.strip()[:60]}

    return on_case(ports, number, actor, "fee_paid", act_on, once=once)


def owes(act: CaseAct, part_id: str) -> bool:
    """Whether a part's own fee is still to be paid: its result waits for that, no other's does."""
    fee = act.matter_of(part_id).fee
    return bool(fee and fee.amount_fen and not act.view.parts[part_id].paid)
