"""The courier over the gateway: POST and GET /courier/v1/shipments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from onething.connectors.courier.client import Ordered, Whereabouts, body_of, read_whereabouts
from onething.connectors.exchange import Exchange
from onething.connectors.handing_over import hand_over, look_up
from onething.domain.results import Shipment
from onething.ports.results import Tracking

PATH = "/courier/v1/shipments"


class HttpCourier:
    """The port ``Courier``."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def send(self, shipment: Shipment, sender: Mapping[str, str], contents: Sequence[str]) -> str:
        """Order a parcel once and give its waybill's number; raises ``DeliveryFailed``."""
        body = body_of(shipment, sender, contents)
        return hand_over(self._exchange, PATH, body, shipment.id, Ordered).waybill

    def track(self, waybill: str) -> Tracking:
        """Where a parcel is; raises ``DeliveryFailed``."""
        return read_whereabouts(look_up(self._exchange, f"{PATH}/{quote(waybill, safe='')}", Whereabouts))
