"""A terminal's signature on a request, checked, against one bare Ed25519 verification."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Request
from werkzeug.test import EnvironBuilder

from web.terminal_signature import check_terminal

from ..http.fakes import enrolled, memory_ports
from ..http.kiosk_signing import Kiosk
from .rows import Row, compare

BOUND = 4.0
AT_ONCE = 40
ROUNDS = 15
BODY = b'{"values":{"child.name":"\xe9\x99\x88\xe4\xb8\x80\xe8\xaf\xba"}}'


def measure() -> Row:
    """Digest, signature and nonce of a small PUT; terminal and nonces in memory."""
    kiosk = Kiosk("terminal-1")
    ports: Any = memory_ports()
    ports.records.terminals.add(enrolled(kiosk))
    signed = iter([_request(kiosk) for _ in range(AT_ONCE * (ROUNDS + 1))])
    message = b"m" * 400
    key = Ed25519PrivateKey.generate()
    signature, public = key.sign(message), key.public_key()

    def verify() -> None:
        for _ in range(AT_ONCE):
            public.verify(signature, message)

    def check() -> None:
        for _ in range(AT_ONCE):
            check_terminal(next(signed), ports)

    measured = compare(verify, check, rounds=ROUNDS)
    each, limit = measured.ours_ms * 1000 / AT_ONCE, measured.limit_ms * 1000 / AT_ONCE
    note = f"{each:.0f} us against {limit:.0f} us; looking up terminal and nonce is not in it"
    return Row("a terminal's signature, CPU", BOUND, round(measured.ratio, 2), "x Ed25519 verify", note)


def _request(kiosk: Kiosk) -> Request:
    target = "/kiosk/v1/drafts/0123456789abcdef/values"
    headers = kiosk.sign("PUT", target, BODY, headers={"content-type": "application/json"})
    environ = EnvironBuilder(path=target, method="PUT", data=BODY, headers=headers).get_environ()
    return Request({**environ, "RAW_URI": target})
