"""Is the e-licence service reachable, and does it answer sensibly?"""

from __future__ import annotations

from onething.connectors.elicences.http import PATH
from onething.connectors.exchange import Exchange
from onething.connectors.finding import Finding, examine


def check(exchange: Exchange) -> Finding:
    """One finding; asks about nobody."""
    return examine(exchange, "e_licences", PATH)
