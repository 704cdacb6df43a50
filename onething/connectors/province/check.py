"""Is the province's platform reachable, and does it answer sensibly?"""

from __future__ import annotations

from onething.connectors.exchange import Exchange
from onething.connectors.finding import Finding, examine
from onething.connectors.province.http import CASES


def check(exchange: Exchange) -> Finding:
    """One finding; reports nothing."""
    return examine(exchange, "province", CASES)
