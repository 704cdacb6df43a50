"""Enrolling a kiosk at the command line, by its public key; ``fleet_enrolling`` does it by a code."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence

from onething.domain.catalog import Label
from onething.domain.errors import Refusal
from onething.domain.records import AuditRow, Terminal
from onething.ports import Conflict, Ports

# RFC 8410: the DER prefix of an Ed25519 SubjectPublicKeyInfo; 32 key bytes follow.
_PREFIX = bytes.fromhex("302a300506032b6570032100")
_PEM = re.compile(rb"-----BEGIN PUBLIC KEY-----\s+([A-Za-z0-9+/=\s]+?)-----END PUBLIC KEY-----")


class BadPublicKey(Refusal):
    """Not an Ed25519 public key in PEM."""

    reason = "bad_public_key"
    text = Label("不是Ed25519公钥文件", "not an Ed25519 public key in PEM")


class NumberTaken(Refusal):
    """Another kiosk has this number."""

    reason = "number_taken"
    status_hint = "conflict"
    text = Label("这个编号已有终端使用", "another kiosk already has this number")


def enrol(ports: Ports, number: str, hall: str, public_key_pem: bytes) -> Terminal:
    """Enrol a kiosk; its key never leaves it. Raises ``BadPublicKey`` and ``NumberTaken``."""
    now = ports.clock.now()
    terminal = Terminal(
        id=ports.chance.id(),
        number=number,
        hall=hall,
        public_key=read_public_key(public_key_pem),
        division=ports.settings.division,
        enrolled_at=now,
        state_since_at=now,
    )
    row = AuditRow(
        at=now,
        actor="command line",
        actor_kind="technician",
        action="terminal_enrolled",
        purpose=hall,
        terminal=terminal.id,
    )
    try:
        with ports.records.act() as uow:
            uow.terminals.add(terminal)
            uow.audit.add(row)
    except Conflict:
        raise NumberTaken from None
    return terminal


def list_terminals(ports: Ports) -> Sequence[Terminal]:
    """Every kiosk."""
    with ports.records.read() as uow:
        return uow.terminals.list_all()


def read_public_key(pem: bytes) -> bytes:
    """The 32 raw bytes of an Ed25519 public key (RFC 8410); raises ``BadPublicKey``."""
    found = _PEM.search(pem)
    der = base64.b64decode(found[1]) if found else b""
    if not der.startswith(_PREFIX) or len(der) != len(_PREFIX) + 32:
        raise BadPublicKey
    return der[len(_PREFIX) :]
