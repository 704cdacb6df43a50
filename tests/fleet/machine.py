"""A terminal written out by hand from the published door, so that a test can make it lie."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask
from werkzeug.test import TestResponse

from onething.bootstrap import build_ports
from onething.domain.actors import Actor
from onething.ports import Ports
from server.doors import DOORS
from tests.http.contract import hold_to_contract
from tests.http.kiosk_signing import Kiosk
from web.app import create_app
from web.settings import DoorSettings

TECHNICIAN = Actor("tech-1", "staff", roles=frozenset({"technician"}))
CLERK = Actor("clerk-1", "staff", roles=frozenset({"clerk"}))


class HandClock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC).replace(microsecond=0)

    def now(self) -> datetime:
        return self.at


@dataclass
class Fleet:
    """A server whose clock stands until a test moves it."""

    ports: Ports
    app: Flask
    clock: HandClock
    environ: Mapping[str, str] = field(repr=False)


def make_fleet(environ: Mapping[str, str], clock: HandClock) -> Fleet:
    """One process of the server; several over one installation share nothing but it."""
    ports = build_ports(environ)
    quick = replace(ports.settings, enrolment_answer_seconds=0.0)
    ports = replace(ports, clock=clock, wall_clock=clock, settings=quick)
    return Fleet(ports, create_app(ports, DoorSettings(), DOORS), clock, environ)


def thumbprint(kiosk: Kiosk) -> str:
    return hashlib.sha256(kiosk.public_key).hexdigest()


@dataclass
class Machine:
    """One machine with its disk: key, boot id, counter. ``offset_s`` is how wrong its clock is."""

    fleet: Fleet
    kiosk: Kiosk = field(default_factory=lambda: Kiosk(""))
    boot_id: str = field(default_factory=lambda: secrets.token_hex(16))
    counter: int = 0
    offset_s: int = 0
    server_key: bytes = b""
    outbox_key: bytes = b""
    address: str = "127.0.0.1"

    def ask(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, **signing: Any
    ) -> TestResponse:
        """One signed request below /kiosk/v1, its answer held to the published document."""
        headers = signing.pop("headers", {})
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {"content-type": "application/json"} if data else {}
        if key:
            named["idempotency-key"] = key
        created = signing.pop("created", int(self.fleet.clock.now().timestamp()) + self.offset_s)
        target = f"/kiosk/v1{path}"
        signed = self.kiosk.sign(method, target, data, headers=named, created=created, **signing)
        answer = self.fleet.app.test_client().open(
            target,
            method=method,
            data=data,
            headers={**signed, **headers},
            environ_overrides={"REMOTE_ADDR": self.address},
        )
        hold_to_contract("kiosk", method, target, answer)
        return answer

    def enrol(self, code: str, *, secret: str | None = None, **more: Any) -> TestResponse:
        """Come with a code as it was shown; ``secret`` stands for the right one."""
        plain = code.replace("-", "")
        body = json.dumps(
            {
                "code_id": plain[:4],
                "public_key": base64.b64encode(self.kiosk.public_key).decode(),
                "versions": {"agent": "1.0.0", "configuration": 0},
                "serials": {"machine": "SN-1"},
                "boot_id": self.boot_id,
                **more,
            }
        ).encode()
        proof = hmac.digest((secret or plain[4:15]).encode(), body, hashlib.sha256).hex()
        answer = self.ask(
            "POST",
            "/enrolments",
            body,
            headers={"Enrolment-Proof": proof},
            tag="kiosk-enrol",
            keyid=thumbprint(self.kiosk),
        )
        if answer.status_code == 201:
            self.kiosk.id = answer.json["terminal"]
            self.server_key = base64.b64decode(answer.json["server_key"])
            self.outbox_key = base64.b64decode(answer.json["outbox_key"])
        return answer

    def report(self, **changes: Any) -> dict[str, Any]:
        """A heartbeat's body: everything well, unless said otherwise."""
        since = self.fleet.clock.now().isoformat()
        well = {"state": "ready", "since_at": since, "reason": ""}
        return {
            "versions": {"agent": "1.0.0", "configuration": 1, "catalog": 3},
            "boot_id": self.boot_id,
            "counter": self.counter,
            "uptime_seconds": 60,
            "clock_offset_ms": 0,
            "outbox": {"depth": 0, "oldest_age_seconds": 0},
            "disk_free_mib": 4000,
            "temperature_c": 41.5,
            "devices": {
                "id_card": well,
                "receipt_printer": {**well, "paper": "ok"},
                "scanner": well,
                "qr": well,
            },
            "last_session_ended_at": None,
            "last_proven_print_at": since,
            "updating": False,
            **changes,
        }

    def beat(self, **changes: Any) -> TestResponse:
        """The next heartbeat."""
        self.counter += 1
        return self.ask("POST", "/terminal/heartbeats", self.report(**changes))

    def with_device(self, kind: str, **changes: Any) -> dict[str, Any]:
        """The devices with one of them changed, for ``beat(devices=...)``."""
        devices: dict[str, Any] = self.report()["devices"]
        return {**devices, kind: {**devices[kind], **changes}}

    def is_signed_by_server(self, content: dict[str, Any], signature: str) -> bool:
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        Ed25519PublicKey.from_public_bytes(self.server_key).verify(base64.b64decode(signature), text.encode())
        return True

    def seal(self, item: str, content: bytes) -> str:
        """Sealed to the server, as the outbox keeps it."""
        ephemeral = X25519PrivateKey.generate()
        sender = ephemeral.public_key().public_bytes_raw()
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(self.outbox_key))
        salt = sender + self.outbox_key
        key = HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"onething-outbox-1").derive(shared)
        nonce = secrets.token_bytes(12)
        body = AESGCM(key).encrypt(nonce, content, f"{self.kiosk.id}:{item}".encode())
        return base64.b64encode(sender + nonce + body).decode()
