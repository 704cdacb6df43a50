"""Is each supervising department's system reachable, and does it answer sensibly?"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from onething.connectors.exchange import Exchange
from onething.connectors.finding import Finding, examine


def check(exchange: Exchange, departments: Iterable[str]) -> list[Finding]:
    """One finding for each department's code, in their order; sends nothing."""
    return [
        examine(exchange, f"supervisors/{code}", f"/supervisors/{quote(code, safe='')}/approvals")
        for code in departments
    ]
