"""Is the gateway for text messages reachable, and does it answer sensibly?"""

from __future__ import annotations

from onething.connectors.exchange import Exchange
from onething.connectors.finding import Finding, examine
from onething.connectors.messages.sms import PATH


def check(exchange: Exchange) -> Finding:
    """One finding; sends nothing."""
    return examine(exchange, "messages", PATH)
