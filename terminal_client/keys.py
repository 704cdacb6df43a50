"""The kiosk's own key pair: Ed25519, kept in a file that only its user may read."""

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from terminal_client.durable import write_durably


class KeyFileError(Exception):
    """The key file is missing, is no Ed25519 key, or can be read by others."""

    reason = "bad_key_file"


def make_key(path: Path) -> Path:
    """Make a key pair; return where the public half lies. KeyFileError when there is a key already."""
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    if path.exists():
        raise KeyFileError(f"{path} is there already; a kiosk's key is never overwritten")
    try:
        write_durably(path, secret)
    except OSError as error:
        raise KeyFileError(f"{path} cannot be written: {error.strerror}") from error
    public = path.with_name(path.name + ".pub")
    public.write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    return public


def read_key(path: Path) -> Ed25519PrivateKey:
    """The private key. KeyFileError when it is not to be trusted."""
    try:
        mode, secret = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        raise KeyFileError(
            f"{path} cannot be read: {error.strerror}; make one with onething-terminal keygen"
        ) from error
    if mode & 0o077:
        raise KeyFileError(f"{path} can be read by others: chmod 600 {path}")
    try:
        key = serialization.load_pem_private_key(secret, password=None)
    except ValueError as error:
        raise KeyFileError(f"{path} holds no private key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(f"{path} holds a key of another kind than Ed25519")
    return key
