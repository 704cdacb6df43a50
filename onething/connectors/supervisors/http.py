"""Supervising departments over the gateway: POST /supervisors/{code}/approvals."""

from __future__ import annotations

from urllib.parse import quote

from onething.connectors.exchange import Exchange
from onething.connectors.handing_over import hand_over
from onething.connectors.supervisors.client import Taken, body_of
from onething.ports.results import ApprovalNotice


class HttpSupervisors:
    """The port ``Supervisors``."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def send(self, notice: ApprovalNotice) -> str:
        """Tell of an approval once and give the supervisor's reference; raises ``DeliveryFailed``."""
        path = f"/supervisors/{quote(notice.approval.supervisor, safe='')}/approvals"
        return hand_over(self._exchange, path, body_of(notice), notice.approval.id, Taken).reference
