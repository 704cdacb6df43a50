"""Is the courier reachable, and does it answer sensibly?"""

from __future__ import annotations

from onething.connectors.courier.http import PATH
from onething.connectors.exchange import Exchange
from onething.connectors.finding import Finding, examine


def check(exchange: Exchange) -> Finding:
    """One finding; orders nothing."""
    return examine(exchange, "courier", PATH)
