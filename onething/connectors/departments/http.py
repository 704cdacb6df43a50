"""Departments over the gateway: parts, supplements, withdrawals, and the events of those who cannot call."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from onething.connectors.departments.client import body_of, must_be_taken, read_events, read_reference
from onething.connectors.exchange import Exchange, ExchangeFailed, Reply
from onething.ports import DeliveryFailed, PartDelivery

TIME_LIMIT_S = 10.0
_DECIDED = 409


class HttpDepartments:
    """The port ``Departments``: one bounded attempt; retries are the worker's, with its back-off."""

    def __init__(self, exchange: Exchange, time_limit_s: float = TIME_LIMIT_S) -> None:
        self._exchange = exchange
        self._time_limit_s = time_limit_s

    def deliver(self, delivery: PartDelivery) -> str:
        """Hand a part over under its id as idempotency key and give the department's reference.

        Raises ``DeliveryFailed``.
        """
        path = f"{_door(delivery.department)}/parts"
        headers = {"Idempotency-Key": delivery.part}
        return read_reference(self._wait(self._exchange.post(path, body_of(delivery), headers=headers)))

    def supplement(
        self,
        department: str,
        part: str,
        key: str,
        materials: Sequence[Mapping[str, Any]],
        facts: Mapping[str, Any],
    ) -> None:
        """Hand over what the citizen brought; raises ``DeliveryFailed``."""
        path = f"{_door(department)}/parts/{quote(part, safe='')}/supplements"
        body = {"materials": [dict(material) for material in materials], "facts": dict(facts)}
        must_be_taken(self._wait(self._exchange.post(path, body, headers={"Idempotency-Key": key})))

    def withdraw(self, department: str, part: str) -> None:
        """Say that the citizen took a part back; one that is decided stays so. Raises ``DeliveryFailed``."""
        path = f"{_door(department)}/parts/{quote(part, safe='')}/withdrawal"
        reply = self._wait(self._exchange.post(path, {}, headers={"Idempotency-Key": f"{part}-withdrawal"}))
        must_be_taken(reply, settled=(_DECIDED,))

    def pull(self, department: str, after: str) -> tuple[Sequence[Mapping[str, Any]], str]:
        """The events since a cursor, oldest first, and the next cursor; raises ``DeliveryFailed``."""
        path = f"{_door(department)}/events?after={quote(after, safe='')}"
        pulled = read_events(self._wait(self._exchange.get(path)))
        return pulled.events, pulled.next

    def _wait(self, request: Coroutine[Any, Any, Reply]) -> Reply:
        try:
            return self._exchange.loop.run(request, self._time_limit_s)
        except TimeoutError as error:
            raise DeliveryFailed("slow", retryable=True) from error
        except ExchangeFailed as failure:
            raise DeliveryFailed(failure.reason, retryable=True) from failure


def _door(department: str) -> str:
    return f"/departments/{quote(department, safe='')}"
