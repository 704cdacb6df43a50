"""What a department is handed and how its answer is read; no network here."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from onething.connectors.envelope import open_envelope
from onething.connectors.exchange import ExchangeFailed, Reply
from onething.ports import DeliveryFailed, PartDelivery


class Taken(msgspec.Struct):
    """The department's acknowledgement."""

    reference: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


def body_of(delivery: PartDelivery) -> dict[str, Any]:
    """The body of the request: this part's facts and materials and nothing of another's."""
    return {
        "part": delivery.part,
        "case_number": delivery.case_number,
        "thing": delivery.thing,
        "matter": delivery.matter,
        "facts": dict(delivery.facts),
        "disputed": list(delivery.disputed),
        "materials": [dict(material) for material in delivery.materials],
        "inside": {},
        "due_at": delivery.due_on.isoformat() if delivery.due_on else None,
        "callback": delivery.callback,
    }


class Pulled(msgspec.Struct):
    """Events of a department that cannot call back, and where to go on."""

    events: list[dict[str, Any]]
    next: Annotated[str, msgspec.Meta(max_length=200)]


def read_events(reply: Reply) -> Pulled:
    """The events that were asked for; raises ``DeliveryFailed``."""
    if reply.status != 200:
        raise DeliveryFailed("down" if reply.status >= 500 else "refused", retryable=True)
    try:
        pulled = open_envelope(reply.body, Pulled)
    except ExchangeFailed as failure:
        raise DeliveryFailed(failure.reason, retryable=True) from failure
    if pulled is None:
        raise DeliveryFailed("bad_answer", retryable=True)
    return pulled


def must_be_taken(reply: Reply, *, settled: tuple[int, ...] = ()) -> None:
    """Raise ``DeliveryFailed`` unless it was taken; ``settled`` are refusals that change nothing more."""
    if reply.status in (200, 202, *settled):
        return
    retryable = reply.status >= 500 or reply.status in (401, 403, 407, 408, 425, 429)
    raise DeliveryFailed("down" if reply.status >= 500 else "refused", retryable=retryable)


def read_reference(reply: Reply) -> str:
    """The department's reference; raises ``DeliveryFailed``.

    A refusal of the content is final; everything else (its system down, our token not known to the
    gateway, an answer that makes no sense) may pass, and the part's key keeps a repetition harmless.
    """
    if reply.status in (401, 403, 407):
        raise DeliveryFailed("refused_by_gateway", retryable=True)
    if reply.status >= 500 or reply.status in (408, 425, 429):
        raise DeliveryFailed("down", retryable=True)
    if 400 <= reply.status < 500:
        raise DeliveryFailed("refused", retryable=False)
    try:
        taken = open_envelope(reply.body, Taken) if reply.status in (200, 202) else None
    except ExchangeFailed as failure:
        raise DeliveryFailed(failure.reason, retryable=True) from failure
    if taken is None:
        raise DeliveryFailed("bad_answer", retryable=True)
    return taken.reference
