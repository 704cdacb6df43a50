"""Who this kiosk is: what the server said at enrolment, kept beside the key."""

import base64
import binascii
import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from terminal_client.durable import write_durably

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
IDENTITY_FILE = "terminal.json"
OFFLINE_SECRET_FILE = "offline.secret"  # noqa: S105 - the name of a file
SECRET_BYTES = 32


class IdentityError(Exception):
    """The file that says who this kiosk is cannot be read; the message is for the technician."""

    reason = "bad_identity"


@dataclass(frozen=True)
class Identity:
    """The terminal as the server knows it. `server_key` signs configurations and commands (32 bytes)."""

    terminal: str
    number: str
    hall_zh: str
    hall_en: str
    division: str
    server_url: str
    server_key: bytes = field(repr=False)
    outbox_key: bytes = field(repr=False)

    def to_json(self) -> dict[str, str]:
        """The members as text, keys in base64."""
        keys = {name: base64.b64encode(getattr(self, name)).decode() for name in ("server_key", "outbox_key")}
        return {**asdict(self), **keys}


def read_identity(folder: Path) -> Identity | None:
    """What the server said at enrolment; None before it. IdentityError."""
    path = folder / IDENTITY_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise IdentityError(f"{path} cannot be read: {error.strerror}") from error
    try:
        return identity_from(json.loads(text))
    except (ValueError, KeyError, TypeError) as error:
        raise IdentityError(f"{path} is not what enrolling wrote: enrol this kiosk again") from error


def identity_from(said: dict[str, str]) -> Identity:
    """An identity from its members as text. ValueError, KeyError, TypeError."""
    names = ("terminal", "number", "hall_zh", "hall_en", "division", "server_url")
    return Identity(
        **{name: str(said[name]) for name in names},
        server_key=_key(said["server_key"]),
        outbox_key=_key(said["outbox_key"]),
    )


def write_identity(folder: Path, identity: Identity) -> None:
    """Keep who this kiosk is. OSError."""
    text = json.dumps(identity.to_json(), ensure_ascii=False, indent=1)
    write_durably(folder / IDENTITY_FILE, text.encode())


def get_offline_secret(folder: Path) -> bytes:
    """The secret that offline codes are made from (32 bytes), made at its first use. OSError."""
    path = folder / OFFLINE_SECRET_FILE
    if not path.exists():
        write_durably(path, secrets.token_bytes(SECRET_BYTES))
    return path.read_bytes()


def raw_public(key: Ed25519PrivateKey) -> bytes:
    """The public half as 32 bytes."""
    return key.public_key().public_bytes_raw()


def thumbprint(public: bytes) -> str:
    """SHA-256 of the 32 bytes of a public key, in hex."""
    return hashlib.sha256(public).hexdigest()


def check_words(public: bytes) -> str:
    """The eight letters that stand on both screens: the first 40 bits of the thumbprint, XXXX-XXXX."""
    number = int.from_bytes(hashlib.sha256(public).digest()[:5])
    letters = "".join(LETTERS[number >> shift & 31] for shift in range(35, -1, -5))
    return f"{letters[:4]}-{letters[4:]}"


def _key(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
    if len(raw) != 32:
        raise ValueError("no key of 32 bytes")
    return raw
