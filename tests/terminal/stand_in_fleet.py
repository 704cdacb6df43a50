"""A server of terminals in small, over real HTTP: it enrols, configures, commands, and listens."""

import base64
import hashlib
import hmac
import json
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, Response, jsonify, request
from waitress.server import create_server

from .made_birth import THINGS
from .stand_in_server import check_signature
from .stand_in_state import problem

TERMINAL = "terminal-0123456789abcdef"
CODE = "ABCDEFGHJKMNPQR"
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U"


def canonical(value: Any) -> bytes:
    """JSON as both sides sign it, written here once more from its description."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def with_check(code: str) -> str:
    """A code with Crockford's check character."""
    number = 0
    for letter in code:
        number = number * 32 + LETTERS.index(letter)
    return code + LETTERS[number % 37]


class FleetDoor:
    """What the small server of terminals knows, and its moods."""

    def __init__(self) -> None:
        self.server_key = Ed25519PrivateKey.generate()
        self.outbox_key = X25519PrivateKey.generate()
        self.terminal_key: Ed25519PublicKey | None = None
        self.next_key: Ed25519PublicKey | None = None
        self.state = "active"
        self.nonces: set[str] = set()
        self.heartbeats: list[dict[str, Any]] = []
        self.results: list[dict[str, Any]] = []
        self.reports: list[dict[str, Any]] = []
        self.items: list[dict[str, Any]] = []
        self.item_requests = 0
        self.commands: list[dict[str, Any]] = []
        self.configuration: dict[str, Any] | None = None
        self.renew_key = False
        self.is_down = False
        self.clock_ahead = timedelta()
        self.lost_answers = 0
        self.refused_kinds: set[str] = set()
        self.enrolments: list[dict[str, Any]] = []
        self.told_words: str | None = None
        self.lock = threading.Lock()

    def clear(self) -> None:
        """Forget everything, and be in a good mood."""
        self.__dict__.update(FleetDoor().__dict__)

    @property
    def now(self) -> datetime:
        """The server's own time."""
        return datetime.now(UTC) + self.clock_ahead

    def sign(self, value: Any) -> str:
        """The server's signature over canonical JSON."""
        return base64.b64encode(self.server_key.sign(canonical(value))).decode()

    def configure(self, revision: int, **settings: Any) -> dict[str, Any]:
        """Have a configuration for the kiosk from now on."""
        whole = {"hall_zh": "县政务服务中心", "hall_en": "County centre", "devices": {}, **settings}
        signed = {"terminal": TERMINAL, "revision": revision, "settings": whole}
        self.configuration = {
            "revision": revision,
            "settings": whole,
            "signature": self.sign(signed),
        }
        return self.configuration

    def command(self, kind: str, *, expires_in: float = 300, **changes: Any) -> dict[str, Any]:
        """Have a command for the kiosk from now on."""
        command = {
            "id": f"command-{len(self.commands) + 1:032}",
            "kind": kind,
            "arguments": {},
            "reason": "tried",
            "issued_by": "t1",
            "issued_at": self.now.isoformat(),
            "expires_at": (self.now + timedelta(seconds=expires_in)).isoformat(),
        }
        command["signature"] = self.sign({**command, "terminal": TERMINAL})
        self.commands.append({**command, **changes})
        return self.commands[-1]

    def open_item(self, item: dict[str, Any]) -> dict[str, Any]:
        """What a sealed item says, opened from the wire's description."""
        sealed = base64.b64decode(item["sealed"])
        public, nonce, text = sealed[:32], sealed[32:44], sealed[44:]
        own = self.outbox_key.public_key().public_bytes_raw()
        shared = self.outbox_key.exchange(X25519PublicKey.from_public_bytes(public))
        key = HKDF(SHA256(), 32, salt=public + own, info=b"onething-outbox-1").derive(shared)
        content: dict[str, Any] = json.loads(
            AESGCM(key).decrypt(nonce, text, f"{TERMINAL}:{item['id']}".encode())
        )
        return content


class _Signed:
    """What the check of a signature wants: one key, and the nonces it has seen."""

    def __init__(self, key: Ed25519PublicKey, nonces: set[str]) -> None:
        self.public_key = key
        self.nonces = nonces


class FleetViews:
    """What the small server answers."""

    def __init__(self, door: FleetDoor) -> None:
        self.door = door

    def gate(self) -> Response | None:
        """Down, stale, or signed with a key that is not the terminal's."""
        if self.door.is_down:
            return Response(status=503)
        stale = self._refuse_stale()
        if stale is not None or request.path.endswith("/enrolments"):
            return stale
        if not self._is_known():
            return problem(401, "terminal_unknown", "不认识这台终端", "Unknown terminal")
        return None

    def _refuse_stale(self) -> Response | None:
        created = int(request.headers["Signature-Input"].partition("created=")[2].partition(";")[0])
        if abs(self.door.now.timestamp() - created) <= 60:
            return None
        refused = problem(401, "signature_stale", "时间不对", "Stale")
        text = self.door.now.isoformat()
        refused.headers["Server-Time"] = text
        signature = self.door.server_key.sign(text.encode())
        refused.headers["Server-Time-Signature"] = base64.b64encode(signature).decode()
        return refused

    def _is_known(self) -> bool:
        for key in (self.door.next_key, self.door.terminal_key):
            if key is None or check_signature(_Signed(key, self.door.nonces)) is not None:  # type: ignore[arg-type]
                continue
            if key is self.door.next_key:
                self.door.terminal_key, self.door.next_key = key, None
            return True
        return False

    def lose(self, response: Response) -> Response:
        """Having done what was asked, let the answer be lost."""
        with self.door.lock:
            if self.door.lost_answers and request.method == "POST":
                self.door.lost_answers -= 1
                return Response("", status=504)
        return response

    def enrolments(self) -> Any:
        body, raw = request.get_json(), request.get_data()
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(body["public_key"]))
        assert check_signature(_Signed(key, self.door.nonces), tag="kiosk-enrol") is None  # type: ignore[arg-type]
        thumbprint = hashlib.sha256(key.public_bytes_raw()).hexdigest()
        assert f'keyid="{thumbprint}"' in request.headers["Signature-Input"]
        proof = hmac.new(CODE[4:].encode(), raw, hashlib.sha256).hexdigest()
        used_by_another = self.door.terminal_key is not None and self.door.terminal_key != key
        if body["code_id"] != CODE[:4] or request.headers["Enrolment-Proof"] != proof or used_by_another:
            return problem(404, "enrolment_not_valid", "编码不对或已过期", "The code is not valid")
        self.door.enrolments.append(body)
        self.door.terminal_key = key
        return jsonify(self._enrolled(thumbprint)), 201

    def _enrolled(self, thumbprint: str) -> dict[str, Any]:
        bits = f"{int(thumbprint[:10], 16):040b}"
        letters = "".join(LETTERS[int(bits[at : at + 5], 2)] for at in range(0, 40, 5))
        raw_keys = {"server_key": self.door.server_key, "outbox_key": self.door.outbox_key}
        keys = {
            name: base64.b64encode(key.public_key().public_bytes_raw()).decode()
            for name, key in raw_keys.items()
        }
        return {
            "terminal": TERMINAL,
            "number": "K-07",
            "hall_zh": "县政务服务中心",
            "hall_en": "County centre",
            "division": "411523",
            "check_words": self.door.told_words or f"{letters[:4]}-{letters[4:]}",
            "state": self.door.state,
            "server_time": self.door.now.isoformat(),
            **keys,
        }

    def heartbeats(self) -> Response:
        if self.door.state == "lobby":
            return problem(403, "terminal_in_lobby", "还没有启用", "Not in service yet")
        self.door.heartbeats.append(request.get_json())
        return jsonify(
            server_time=self.door.now.isoformat(),
            state=self.door.state,
            configuration=(self.door.configuration or {}).get("revision", 0),
            renew_key=self.door.renew_key,
            commands=self.door.commands,
        )

    def terminal(self) -> Response:
        return jsonify(state=self.door.state, number="K-07", server_time=self.door.now.isoformat())

    def configuration(self) -> Response:
        return jsonify(self.door.configuration)

    def configuration_reports(self) -> Response:
        self.door.reports.append(request.get_json())
        return jsonify(received=True)

    def command_results(self) -> Response:
        self.door.results.append(request.get_json())
        return jsonify(received=True)

    def keys(self) -> Response:
        body = request.get_json()
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(body["public_key"]))
        message = f"onething-renew:{TERMINAL}:{body['public_key']}".encode()
        key.verify(base64.b64decode(body["proof"]), message)
        self.door.next_key = key
        return jsonify(accepted=True)

    def outbox_items(self) -> Any:
        body = request.get_json()
        self.door.item_requests += 1
        if body["kind"] in self.door.refused_kinds:
            return problem(422, "not_taken", "不收", "Not taken")
        if request.headers["Idempotency-Key"] not in {each["id"] for each in self.door.items}:
            self.door.items.append(body)
        return jsonify(received=body["id"]), 201

    def things(self) -> Response:
        return jsonify(revision=7, things=THINGS)


def make_fleet_app(door: FleetDoor) -> Flask:
    """The small server of terminals."""
    app, views = Flask("stand_in_fleet"), FleetViews(door)
    app.before_request(views.gate)
    app.after_request(views.lose)
    for method, path, view in (
        ("POST", "enrolments", views.enrolments),
        ("GET", "terminal", views.terminal),
        ("POST", "terminal/heartbeats", views.heartbeats),
        ("GET", "terminal/configuration", views.configuration),
        ("POST", "terminal/configuration-reports", views.configuration_reports),
        ("POST", "terminal/command-results", views.command_results),
        ("POST", "terminal/keys", views.keys),
        ("POST", "outbox-items", views.outbox_items),
        ("GET", "things", views.things),
    ):
        app.add_url_rule(f"/kiosk/v1/{path}", path, view, methods=[method])
    return app


class RunningFleet:
    """The small server of terminals on a port of its own."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.door = FleetDoor()
        self.server = create_server(make_fleet_app(self.door), host=host, port=0, threads=6)
        self.url = f"http://{host}:{self.server.effective_port}"
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Close the port."""
        self.server.task_dispatcher.shutdown()
        with suppress(OSError):
            self.server.trigger.pull_trigger(self.server.close)
        self.thread.join(timeout=1)
