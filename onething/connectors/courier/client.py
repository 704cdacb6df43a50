"""What the courier is told of a parcel and how its answers are read; no network here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec

from onething.domain.results import Shipment, ShipmentState
from onething.ports import DeliveryFailed
from onething.ports.results import Tracking

Words = Annotated[str, msgspec.Meta(max_length=500)]
# The courier's words; the ones of ours that are not here are before or beside its way.
_STATES = {
    state.value: state
    for state in (
        ShipmentState.ACCEPTED,
        ShipmentState.IN_TRANSIT,
        ShipmentState.DELIVERED,
        ShipmentState.RETURNED,
        ShipmentState.LOST,
    )
}


class Ordered(msgspec.Struct):
    """The courier's acknowledgement."""

    waybill: Annotated[str, msgspec.Meta(pattern=r"\A[0-9A-Za-z-]{6,40}\Z")]


class Station(msgspec.Struct):
    """One station of a parcel's way."""

    at: Annotated[str, msgspec.Meta(max_length=40)]
    zh: Words
    en: Words = ""


class Whereabouts(msgspec.Struct):
    """Where a parcel is; what else the courier says is ignored."""

    state: Annotated[str, msgspec.Meta(max_length=40)]
    trace: Annotated[list[Station], msgspec.Meta(max_length=200)] = []


def body_of(shipment: Shipment, sender: Mapping[str, str], contents: Sequence[str]) -> dict[str, Any]:
    """The body of an order: who gets it, and what is in it by name only."""
    return {
        "key": shipment.id,
        "from": dict(sender),
        "to": {name: shipment.address[name] for name in ("name", "mobile", "address")},
        "contents": list(contents),
    }


def read_whereabouts(told: Whereabouts) -> Tracking:
    """The parcel's state in our words; raises ``DeliveryFailed`` for one that is not known."""
    state = _STATES.get(told.state)
    if state is None:
        raise DeliveryFailed("bad_answer", retryable=True)
    return Tracking(state, tuple({"at": each.at, "zh": each.zh, "en": each.en} for each in told.trace))
