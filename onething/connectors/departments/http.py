"""Departments over the gateway: POST /departments/{code}/parts."""

from __future__ import annotations

from urllib.parse import quote

from onething.connectors.departments.client import body_of, read_reference
from onething.connectors.exchange import Exchange, ExchangeFailed
from onething.ports import DeliveryFailed, PartDelivery

TIME_LIMIT_S = 10.0


class HttpDepartments:
    """The port ``Departments``: one bounded attempt; retries are the worker's, with its back-off."""

    def __init__(self, exchange: Exchange, time_limit_s: float = TIME_LIMIT_S) -> None:
        self._exchange = exchange
        self._time_limit_s = time_limit_s

    def deliver(self, delivery: PartDelivery) -> str:
        """Hand a part over under its id as idempotency key and give the department's reference.

        Raises ``DeliveryFailed``.
        """
        path = f"/departments/{quote(delivery.department, safe='')}/parts"
        request = self._exchange.post(path, body_of(delivery), headers={"Idempotency-Key": delivery.part})
        try:
            reply = self._exchange.loop.run(request, self._time_limit_s)
        except TimeoutError as error:
            raise DeliveryFailed("slow", retryable=True) from error
        except ExchangeFailed as failure:
            raise DeliveryFailed(failure.reason, retryable=True) from failure
        return read_reference(reply)
