"""Registers and the e-licence service together: the calls of one wave, side by side."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from onething.connectors.asking import Asking
from onething.connectors.elicences.http import HttpELicences
from onething.connectors.exchange import Exchange, ExchangeFailed
from onething.connectors.registers.http import HttpRegisters
from onething.ports import SourceAnswer, SourceCall, Unavailable

log = logging.getLogger(__name__)

# Answers are in by their deadlines; this guards against a loop that has died.
_GRACE_S = 2.0


class SourceCalls:
    """The port ``Sources``: a synchronous face over the background loop, safe from any thread."""

    def __init__(self, exchange: Exchange, asking: Asking | None = None) -> None:
        asking = asking or Asking()
        self._loop = exchange.loop
        self._registers = HttpRegisters(exchange, asking)
        self._e_licences = HttpELicences(exchange, asking)

    def ask_all(self, calls: Sequence[SourceCall]) -> list[SourceAnswer]:
        """One answer for each call, in the calls' order; a source's trouble is an answer too."""
        if not calls:
            return []
        longest = max(call.deadline_s for call in calls)
        try:
            return self._loop.run(self._ask_side_by_side(calls), longest + _GRACE_S)
        except TimeoutError:
            log.error("the background loop did not answer in time")
            return [Unavailable("slow") for _ in calls]

    async def _ask_side_by_side(self, calls: Sequence[SourceCall]) -> list[SourceAnswer]:
        return list(await asyncio.gather(*(self._ask_one(call) for call in calls)))

    async def _ask_one(self, call: SourceCall) -> SourceAnswer:
        adapter = self._e_licences if call.document else self._registers
        try:
            return await adapter.ask(call)
        except ExchangeFailed as failure:
            log.info("call %s of %s: %s", call.id, call.purpose.case, failure.reason)
            return Unavailable(failure.reason)
