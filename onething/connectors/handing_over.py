"""Something handed over to another system once, under its key: what of its answer may pass, what not."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

from onething.connectors.envelope import open_envelope
from onething.connectors.exchange import Exchange, ExchangeFailed, Reply
from onething.ports import DeliveryFailed

T = TypeVar("T")

TIME_LIMIT_S = 10.0
_TAKEN = (200, 202)
_GATEWAY = (401, 403, 407)
_LATER = (408, 425, 429)


def hand_over(exchange: Exchange, path: str, body: Mapping[str, Any], key: str, kind: type[T]) -> T:
    """Post under an idempotency key and give the answer's data; raises ``DeliveryFailed``.

    One bounded attempt: repeating it is the worker's, and the key keeps a repetition harmless.
    """
    return _answered(exchange, exchange.post(path, body, headers={"Idempotency-Key": key}), kind)


def look_up(exchange: Exchange, path: str, kind: type[T]) -> T:
    """Ask for what is there; raises ``DeliveryFailed``."""
    return _answered(exchange, exchange.get(path), kind)


def _answered(exchange: Exchange, request: Coroutine[Any, Any, Reply], kind: type[T]) -> T:
    try:
        return read_answer(exchange.loop.run(request, TIME_LIMIT_S), kind)
    except TimeoutError as error:
        raise DeliveryFailed("slow", retryable=True) from error
    except ExchangeFailed as failure:
        raise DeliveryFailed(failure.reason, retryable=True) from failure


def read_answer(reply: Reply, kind: type[T]) -> T:
    """The data of a good answer; raises ``DeliveryFailed`` and ``ExchangeFailed``.

    A refusal of the content is final. A wrong order, a system that is down and a token that the
    gateway does not know yet may pass.
    """
    if reply.status in _GATEWAY:
        raise DeliveryFailed("refused_by_gateway", retryable=True)
    if reply.status == 409:
        raise DeliveryFailed("out_of_order", retryable=True)
    if reply.status >= 500 or reply.status in _LATER:
        raise DeliveryFailed("down", retryable=True)
    if 400 <= reply.status < 500:
        raise DeliveryFailed("refused", retryable=False)
    data = open_envelope(reply.body, kind) if reply.status in _TAKEN else None
    if data is None:
        raise DeliveryFailed("bad_answer", retryable=True)
    return data
