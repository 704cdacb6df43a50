"""Whose address a request comes from, past the proxy whose word on it is taken."""

from __future__ import annotations

import ipaddress

from flask import request

from web.current import current_settings


def client_address() -> str:
    """The sender's address as the proxy says it; without one, the peer's: never what a stranger claims."""
    peer = request.remote_addr or ""
    said = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    if peer not in current_settings().proxies or not said:
        return peer
    try:
        return str(ipaddress.ip_address(said))
    except ValueError:
        return peer
