"""Is each department's system reachable, and does it answer sensibly?"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from onething.connectors.exchange import Exchange
from onething.connectors.finding import Finding, examine


def check(exchange: Exchange, departments: Iterable[str]) -> list[Finding]:
    """One finding for each department's code, in their order; hands nothing over."""
    return [
        examine(exchange, f"departments/{code}", f"/departments/{quote(code, safe='')}/parts")
        for code in departments
    ]
