"""Is the e-licence service reachable, and does it answer sensibly, also where files are asked for?"""

from __future__ import annotations

from onething.connectors.elicences.files import PATH as FILES
from onething.connectors.elicences.http import PATH
from onething.connectors.exchange import Exchange
from onething.connectors.finding import Finding, examine


def check(exchange: Exchange) -> Finding:
    """One finding; asks about nobody."""
    found = examine(exchange, "e_licences", PATH)
    return examine(exchange, "e_licences/files", FILES) if found.ok else found
