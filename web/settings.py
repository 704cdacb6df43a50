"""What an installation decides about its doors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class DoorSettings:
    """``hosts`` are the names this server answers to: a signature made for another host is worth nothing.

    ``desk_url`` is where a clerk's own machine serves reader, scanner and printer to the console's page.
    ``partner_tokens`` maps a department's code to the token it signs its call-backs with.
    """

    hosts: tuple[str, ...] = LOOPBACK
    partner_tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    # Who may say for whom it asks: the proxy in front of this process.
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    largest_body_bytes: int = 1024 * 1024
    log_level: str = "info"
    desk_url: str = "http://127.0.0.1:8091"
