"""A terminal's signature checked in a request, against the Ed25519 verification it cannot do without."""

from typing import Any

from flask import Request
from werkzeug.test import EnvironBuilder

from tests.http.fakes import enrolled, memory_ports
from tests.http.kiosk_signing import Kiosk
from web.terminal_signature import check_terminal

from .rows import Row, compare

BOUND = 4.0
AT_ONCE = 200
ROUNDS = 15
TARGET = "/kiosk/v1/drafts/0123456789abcdef/submission"
BODY = b"x" * 2048
HEADERS = {"content-type": "application/json", "idempotency-key": "0123456789abcdef"}


def measure() -> Row:
    """Parsing, seven components, a body of 2 KiB; the nonce is looked up in memory."""
    kiosk, ports = Kiosk("terminal"), memory_ports()
    ports.records.terminals.add(enrolled(kiosk))
    requests = _signed(kiosk)
    key, message = kiosk.key.public_key(), b"x" * 400
    signature = kiosk.key.sign(message)

    def verify() -> None:
        for _ in range(AT_ONCE):
            key.verify(signature, message)

    def check() -> None:
        for _ in range(AT_ONCE):
            check_terminal(requests.pop(), ports)

    found = compare(verify, check, ROUNDS)
    each = f"{found.ours_ms / AT_ONCE * 1000:.0f} us against {found.limit_ms / AT_ONCE * 1000:.0f} us"
    return Row("a terminal's signature, CPU", BOUND, round(found.ratio, 2), "x Ed25519 verify", each)


def _signed(kiosk: Kiosk) -> list[Request]:
    """Requests signed and received beforehand: neither is the check's work."""
    return [Request(_environ(kiosk)) for _ in range(AT_ONCE * (ROUNDS + 1))]


def _environ(kiosk: Kiosk) -> dict[str, Any]:
    headers = kiosk.sign("POST", TARGET, BODY, headers=HEADERS)
    return EnvironBuilder(method="POST", path=TARGET, data=BODY, headers=headers).get_environ()
