"""The e-licence service over the gateway: POST /e-licences/queries."""

from __future__ import annotations

from onething.connectors.asking import Asking
from onething.connectors.elicences.client import question_of, read_answer
from onething.connectors.exchange import Exchange
from onething.ports import Found, NotHeld, SourceCall

PATH = "/e-licences/queries"


class HttpELicences:
    """Asks the e-licence service; runs on the background loop."""

    def __init__(self, exchange: Exchange, asking: Asking) -> None:
        self._exchange = exchange
        self._asking = asking

    async def ask(self, call: SourceCall) -> Found | NotHeld:
        """Whether the holder has the licence; raises ``ExchangeFailed``."""
        question = question_of(call)
        return await self._asking.ask(
            call.source,
            lambda: self._exchange.ask(PATH, question),
            lambda body: read_answer(body, call.asked["holder_code"]),
            call.deadline_s,
        )
