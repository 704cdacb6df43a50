"""Whose phone asks for a page: its tokens lie in a cookie, and are renewed inside the request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from flask import Response, g, request

from onething.domain.phones import REFRESH_LASTS, PhoneSignInRefused
from onething.services import phone_sign_in
from onething.services.phone_sign_in import OnPhone
from onething.services.phone_tokens import digest_of
from web.client_address import client_address
from web.current import current_ports

_TOKENS = "phone"
_STEP = "phone-step"
# Between the two tokens: neither of them has it.
_BETWEEN = "."


def find_phone() -> OnPhone | None:
    """Whose phone this is, by the cookie; None for one that is signed in nowhere. Asked once a request."""
    if "page_phone" not in g:
        g.page_phone = _find()
    return cast(OnPhone | None, g.page_phone)


def keep_tokens(pair: dict[str, Any] | None) -> None:
    """Have the answer to this request keep a pair of tokens in the browser, or forget them (None)."""
    g.page_tokens = pair


def keep_step(step: str) -> None:
    """Have this browser keep the secret of a way out to the province for ten minutes; empty forgets it."""
    g.page_step = step


def kept_step() -> str:
    """The secret of the way that this browser has gone, or an empty text."""
    return request.cookies.get(_name(_STEP), "")


def carry(answer: Response) -> Response:
    """After each request of a page: the cookies that it changed."""
    if "page_tokens" in g:
        pair = g.page_tokens
        text = f"{pair['access_token']}{_BETWEEN}{pair['refresh_token']}" if pair else ""
        _set(answer, _TOKENS, text, REFRESH_LASTS)
    if "page_step" in g:
        _set(answer, _STEP, g.page_step, timedelta(minutes=10))
    return answer


def _find() -> OnPhone | None:
    access, _, refresh = request.cookies.get(_name(_TOKENS), "").partition(_BETWEEN)
    if not access:
        return None
    ports = current_ports()
    found = phone_sign_in.find_phone(ports, access)
    if found is not None or not refresh:
        return found
    try:
        # The key is the token's own: pages that ask at the same time get the same successors.
        pair = phone_sign_in.refresh(ports, refresh, digest_of(f"page {refresh}"), client_address())
    except PhoneSignInRefused:
        keep_tokens(None)
        return None
    keep_tokens(pair)
    return phone_sign_in.find_phone(ports, pair["access_token"])


def _set(answer: Response, name: str, value: str, lasts: timedelta) -> None:
    answer.set_cookie(
        _name(name),
        value,
        max_age=lasts if value else timedelta(0),
        path="/",
        secure=_is_https(),
        httponly=True,
        # Lax: people come by links in messages, and back from the province.
        samesite="Lax",
    )


def _is_https() -> bool:
    return current_ports().settings.public_url.startswith("https://")


def _name(name: str) -> str:
    # The prefix makes browsers refuse the cookie from any other host or over http.
    return f"__Host-{name}" if _is_https() else name
