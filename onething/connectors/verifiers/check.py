"""Is the service that compares faces reachable, and does it answer sensibly?"""

from __future__ import annotations

from onething.connectors.exchange import Exchange
from onething.connectors.finding import Finding, examine
from onething.connectors.verifiers.faces import PATH


def check(exchange: Exchange) -> Finding:
    """One finding; compares nobody."""
    return examine(exchange, "verifiers", PATH)
