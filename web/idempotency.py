"""The key under which an act may be repeated without being done twice."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from flask import request

from onething.ports import Once
from web.refusals import IdempotencyKeyMissing

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[\x21-\x7e]{16,128}")


def idempotency_key() -> str:
    """The key of this request; raises ``IdempotencyKeyMissing`` when there is none to be used."""
    key = request.headers.get(HEADER, "")
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyMissing
    return key


def current_once() -> Once:
    """The key and digest of this request; raises ``IdempotencyKeyMissing`` when there is none to be used."""
    return Once(idempotency_key(), request_digest())


def find_once() -> Once | None:
    """The key and digest of this request where a key is welcome but not asked for; None without one."""
    if HEADER not in request.headers:
        return None
    return current_once()


def request_digest() -> str:
    """SHA-256 in hex of what is asked: method, path and body; the same key with another one is refused.

    Of a multipart body what its parts hold: the boundary between them is drawn anew for each try.
    """
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    if request.mimetype == "multipart/form-data":
        for part in _parts():
            digest.update(hashlib.sha256(part).digest())
    else:
        digest.update(request.get_data(cache=True))
    return digest.hexdigest()


def _parts() -> Iterator[bytes]:
    for name, value in sorted(request.form.items(multi=True)):
        yield f"{name}={value}".encode()
    for name, file in request.files.items(multi=True):
        yield name.encode()
        file.stream.seek(0)
        yield file.stream.read()
        file.stream.seek(0)


# For the documentation of views that ask for a key.
KEY_PARAMETER = {
    "in": "header",
    "name": HEADER,
    "required": True,
    "schema": {"type": "string", "minLength": 16, "maxLength": 128, "pattern": f"^{_KEY.pattern}$"},
    "description": "Chosen by the kiosk for one act; covered by its signature",
}

# For views that can do without one.
WELCOME_KEY_PARAMETER = {**KEY_PARAMETER, "required": False}
