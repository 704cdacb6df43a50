"""Is each register reachable, and does it answer sensibly?"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from onething.connectors.exchange import Exchange
from onething.connectors.finding import Finding, examine


def check(exchange: Exchange, sources: Iterable[str]) -> list[Finding]:
    """One finding for each source id, in their order; asks about nobody."""
    return [
        examine(exchange, f"registers/{source}", f"/registers/{quote(source, safe='')}/records")
        for source in sources
    ]
