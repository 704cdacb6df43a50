"""A kiosk's signature written out by hand from RFC 9421 and RFC 9530, so that a test can get it wrong."""

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ALWAYS = ("@method", "@authority", "@path", "@query", "content-digest")


@dataclass
class Kiosk:
    """A terminal with its key; ``id`` is what the server enrolled it under."""

    id: str
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def public_key(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    def sign(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        *,
        authority: str = "localhost",
        headers: dict[str, str] | None = None,
        created: int | None = None,
        nonce: str | None = None,
        tag: str = "kiosk",
        keyid: str | None = None,
        leave_out: tuple[str, ...] = (),
        label: str = "sig",
    ) -> dict[str, str]:
        """The request's headers with its signature; ``target`` is path and query as they are sent."""
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        sent["content-digest"] = f"sha-256=:{digest}:"
        path, _, query = target.partition("?")
        values = {"@method": method, "@authority": authority, "@path": path, "@query": f"?{query}", **sent}
        covered = [*ALWAYS, *(name for name in ("content-type", "idempotency-key") if name in sent)]
        covered = [name for name in covered if name not in leave_out]
        names = " ".join(f'"{name}"' for name in covered)
        parameters = (
            f"({names});created={created if created is not None else int(time.time())}"
            f';keyid="{keyid or self.id}";nonce="{nonce or secrets.token_urlsafe(24)}";tag="{tag}"'
        )
        lines = [f'"{name}": {values[name]}' for name in covered]
        base = "\n".join([*lines, f'"@signature-params": {parameters}'])
        signature = base64.b64encode(self.key.sign(base.encode())).decode()
        return {**sent, "signature-input": f"{label}={parameters}", "signature": f"{label}=:{signature}:"}
