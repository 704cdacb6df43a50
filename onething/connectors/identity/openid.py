"""OpenID Connect: the authorization code flow with PKCE, state and nonce, by authlib over requests."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from onething.ports.staff import IdentityFailed, OutwardStep

TIMEOUT_SECONDS = 5
DISCOVERED_FOR_SECONDS = 600
# What ID tokens may be signed with: "none" and shared secrets are not among them.
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"]
LEEWAY_SECONDS = 60


@dataclass(frozen=True)
class OpenIdSettings:
    """Who the provider is and what we are to it; ``claim`` names the staff login in its ID token."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    claim: str = "preferred_username"
    name: str = "统一身份认证"
    scope: str = "openid profile"


def find_provider(environ: Mapping[str, str]) -> OpenIdProvider | None:
    """The provider that ONETHING_OPENID_ISSUER names, or None; raises ``OSError`` for a missing secret."""
    issuer = environ.get("ONETHING_OPENID_ISSUER", "")
    if not issuer:
        return None
    secret = Path(environ["ONETHING_OPENID_SECRET_FILE"]).read_text("utf-8").strip()
    return OpenIdProvider(
        OpenIdSettings(
            issuer,
            environ.get("ONETHING_OPENID_CLIENT", "console"),
            secret,
            environ.get("ONETHING_OPENID_CLAIM", "preferred_username"),
            environ.get("ONETHING_OPENID_NAME", "统一身份认证"),
        )
    )


class OpenIdProvider:
    """``IdentityProvider`` over the provider's discovery document (OpenID Connect Discovery 1.0)."""

    def __init__(self, settings: OpenIdSettings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._known: tuple[float, Mapping[str, Any]] | None = None

    @property
    def name(self) -> str:
        """What the button on the sign-in page calls it."""
        return self._settings.name

    def begin(self, return_to: str) -> OutwardStep:
        """Where to send the browser, and what to keep until it is back; raises ``IdentityFailed``."""
        found = self._discover()
        verifier, nonce = generate_token(64), secrets.token_urlsafe(24)
        with self._session(return_to) as session:
            address, state = session.create_authorization_url(
                found["authorization_endpoint"], code_verifier=verifier, nonce=nonce
            )
        return OutwardStep(address, {"state": state, "verifier": verifier, "nonce": nonce})

    def finish(self, return_to: str, kept: Mapping[str, str], answer: Mapping[str, str]) -> str:
        """The login the provider's answer proves; raises ``IdentityFailed``."""
        login = self.read_claims(return_to, kept, answer).get(self._settings.claim)
        if not isinstance(login, str) or not login:
            raise IdentityFailed(f"no {self._settings.claim} in the ID token")
        return login

    def read_claims(
        self, return_to: str, kept: Mapping[str, str], answer: Mapping[str, str]
    ) -> Mapping[str, Any]:
        """All that the ID token says, once it was proven good; raises ``IdentityFailed``."""
        if answer.get("error"):
            raise IdentityFailed(f"the provider says {answer['error'][:80]}")
        if not (kept.get("state") and kept.get("verifier")) or not secrets.compare_digest(
            answer.get("state", "").encode(), kept["state"].encode()
        ):
            raise IdentityFailed("another state")
        # RFC 9207: a provider that names itself must be the one that was asked.
        if answer.get("iss", self._settings.issuer) != self._settings.issuer:
            raise IdentityFailed("another issuer")
        found = self._discover()
        token = self._fetch_token(found, return_to, kept["verifier"], answer.get("code", ""))
        return self._read_id_token(found, str(token.get("id_token", "")), kept["nonce"])

    def _fetch_token(
        self, found: Mapping[str, Any], return_to: str, verifier: str, code: str
    ) -> Mapping[str, Any]:
        try:
            with self._session(return_to) as session:
                token: Mapping[str, Any] = session.fetch_token(
                    found["token_endpoint"], code=code, code_verifier=verifier, timeout=TIMEOUT_SECONDS
                )
        except (requests.RequestException, AuthlibBaseError, ValueError) as error:
            raise IdentityFailed(f"no token: {type(error).__name__}") from error
        return token

    def _read_id_token(self, found: Mapping[str, Any], text: str, nonce: str) -> Mapping[str, Any]:
        """The claims of the ID token (OpenID Connect Core 1.0, section 3.1.3.7)."""
        must = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self._settings.issuer},
            aud={"essential": True, "value": self._settings.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            held: Any = _get_json(found["jwks_uri"])
            keys = KeySet.import_key_set(held)
            read = jwt.decode(text, keys, algorithms=ALGORITHMS)
            must.validate(read.claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise IdentityFailed(f"the ID token is not good: {type(error).__name__}") from error
        claims: Mapping[str, Any] = read.claims
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1:
            raise IdentityFailed("the ID token is for others too")
        return claims

    def _discover(self) -> Mapping[str, Any]:
        with self._lock:
            if self._known is None or time.monotonic() - self._known[0] > DISCOVERED_FOR_SECONDS:
                issuer = self._settings.issuer.rstrip("/")
                found = _get_json(f"{issuer}/.well-known/openid-configuration")
                if found.get("issuer") != self._settings.issuer:
                    raise IdentityFailed("the discovery document names another issuer")
                self._known = (time.monotonic(), found)
            return self._known[1]

    def _session(self, return_to: str) -> OAuth2Session:
        return OAuth2Session(
            self._settings.client_id,
            self._settings.client_secret,
            scope=self._settings.scope,
            redirect_uri=return_to,
            code_challenge_method="S256",
        )


def _get_json(address: str) -> Mapping[str, Any]:
    try:
        answer = requests.get(address, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise IdentityFailed(f"{address}: {type(error).__name__}") from error
    if not isinstance(found, dict):
        raise IdentityFailed(f"{address}: not an object")
    return found
