"""Registers over the gateway: POST /registers/{source}/records."""

from __future__ import annotations

from urllib.parse import quote

from onething.connectors.asking import Asking
from onething.connectors.exchange import Exchange
from onething.connectors.registers.client import question_of, read_answer
from onething.ports import Found, NotHeld, SourceCall


class HttpRegisters:
    """Asks registers; runs on the background loop."""

    def __init__(self, exchange: Exchange, asking: Asking) -> None:
        self._exchange = exchange
        self._asking = asking

    async def ask(self, call: SourceCall) -> Found | NotHeld:
        """The record of the person asked about; raises ``ExchangeFailed``."""
        question, path = question_of(call), f"/registers/{quote(call.source, safe='')}/records"
        return await self._asking.ask(
            call.source,
            lambda: self._exchange.ask(path, question),
            lambda body: read_answer(body, call.asked),
            call.deadline_s,
        )
