"""The console's cookies: the session's token, and what must be kept before there is a session."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import timedelta

from flask import Response, request

from web.current import current_ports

_SESSION = "console"
_BEFORE = "console-before"
_PROVIDER = "console-provider"
_SITTING = "console-sitting"


def session_token() -> str:
    """The token the browser sent, or an empty text."""
    return request.cookies.get(_name(_SESSION), "")


def set_session(answer: Response, token: str) -> None:
    """A session's cookie: for this host only, not for scripts, and never sent from another site."""
    _set(answer, _SESSION, token, same_site="Strict")


def drop_session(answer: Response) -> None:
    """Forget the session in the browser; the server has ended it."""
    _set(answer, _SESSION, "", same_site="Strict", lasts=timedelta(0))


def sitting_token() -> str:
    """The token of the citizen who sits at this clerk's window, or an empty text."""
    return request.cookies.get(_name(_SITTING), "")


def set_sitting(answer: Response, token: str) -> None:
    """A sitting's cookie; an empty token forgets it."""
    _set(answer, _SITTING, token, same_site="Strict", lasts=None if token else timedelta(0))


def before_token() -> str:
    """What ties a sign-in form, or an answer of the identity provider, to this browser."""
    return request.cookies.get(_name(_BEFORE), "")


def set_before(answer: Response, token: str) -> None:
    """Kept for ten minutes; Lax, for the identity provider's answer comes from another site."""
    _set(answer, _BEFORE, token, same_site="Lax", lasts=timedelta(minutes=10))


def kept_for_provider() -> Mapping[str, str]:
    """What was kept while the browser was at the identity provider; empty when nothing was."""
    try:
        found = json.loads(base64.urlsafe_b64decode(request.cookies.get(_name(_PROVIDER), "").encode()))
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def keep_for_provider(answer: Response, kept: Mapping[str, str]) -> None:
    """Keep state, nonce and verifier in this browser for ten minutes; nothing forgets them."""
    text = base64.urlsafe_b64encode(json.dumps(dict(kept)).encode()).decode() if kept else ""
    lasts = timedelta(minutes=10) if kept else timedelta(0)
    _set(answer, _PROVIDER, text, same_site="Lax", lasts=lasts)


def _set(answer: Response, name: str, value: str, *, same_site: str, lasts: timedelta | None = None) -> None:
    answer.set_cookie(
        _name(name),
        value,
        max_age=lasts,
        path="/",
        secure=is_https(),
        httponly=True,
        samesite=same_site,
    )


def is_https() -> bool:
    """Whether people reach the console through https; on loopback they may do without."""
    return current_ports().settings.public_url.startswith("https://")


def _name(name: str) -> str:
    # The prefix makes browsers refuse the cookie from any other host or over http.
    return f"__Host-{name}" if is_https() else name
