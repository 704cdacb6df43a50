"""Forms: whose they are, that each is sent once, and what is written in them."""

from __future__ import annotations

import hashlib
import hmac

from flask import request

from onething.ports import Once
from web.forms import LONGEST, FormForeign, check_origin, new_once, refuse, text, texts, upload
from web.forms import form_digest as digest_of_form
from web.forms import local_address as local_below
from web.staff_cookies import before_token, session_token

__all__ = ["LONGEST", "FormForeign", "new_once", "refuse", "text", "texts", "upload"]
CSRF, ONCE, FROM = "csrf", "once", "from"
_OURS = {CSRF, ONCE, FROM}


def csrf_token() -> str:
    """What a form of this session carries; made from the session's secret token, so nothing is kept."""
    token = session_token() or before_token()
    return hashlib.sha256(f"form of {token}".encode()).hexdigest() if token else ""


def csrf_token_of(token: str) -> str:
    """The same for a session that begins with this very answer."""
    return hashlib.sha256(f"form of {token}".encode()).hexdigest()


def check_form() -> None:
    """Raises ``FormForeign`` unless the form was made for this session and sent from this site."""
    check_origin()
    given = request.form.get(CSRF, "")
    tokens = [token for token in (session_token(), before_token()) if token]
    if not any(hmac.compare_digest(given.encode(), csrf_token_of(token).encode()) for token in tokens):
        raise FormForeign


def once() -> Once:
    """The key and digest of this form, for services that take ``once``."""
    return Once(request.form.get(ONCE, "") or new_once(), form_digest())


def form_digest() -> str:
    """SHA-256 in hex of what the form asks for: path, fields and files."""
    return digest_of_form(_OURS)


def came_from(default: str) -> str:
    """The page the form stood on: an address of this console, whatever the form says."""
    return local_address(request.form.get(FROM, ""), default)


def local_address(wanted: str, default: str) -> str:
    """An address of this console; anything else becomes the default."""
    return local_below(wanted, "/console/", default)
