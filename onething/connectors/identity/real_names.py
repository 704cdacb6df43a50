"""The province's identity: who somebody is by name and number, by OpenID Connect with PKCE."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog

from onething.connectors.identity.openid import OpenIdProvider
from onething.domain.people import find_citizen_number
from onething.domain.phones import PhoneSignInRefused, ProviderAway, RealNameMissing
from onething.ports.phones import ProvenUser
from onething.ports.staff import IdentityFailed, OutwardStep

log = structlog.get_logger("onething.identity")


class ProvinceIdentity:
    """``RealNameProvider``; the claims ``name`` and ``id_number`` of the ID token are the person."""

    def __init__(self, provider: OpenIdProvider) -> None:
        self._provider = provider

    def begin(self, return_to: str) -> OutwardStep:
        """Raises ``ProviderAway``."""
        try:
            return self._provider.begin(return_to)
        except IdentityFailed as failed:
            log.warning("province_identity_away", detail=failed.detail)
            raise ProviderAway from None

    def finish(self, return_to: str, kept: Mapping[str, str], answer: Mapping[str, str]) -> ProvenUser:
        """Raises ``PhoneSignInRefused`` and ``RealNameMissing``."""
        try:
            claims = self._provider.read_claims(return_to, kept, answer)
        except IdentityFailed as failed:
            log.warning("province_identity_failed", detail=failed.detail)
            raise PhoneSignInRefused from None
        return _person_in(claims)


def _person_in(claims: Mapping[str, Any]) -> ProvenUser:
    number = find_citizen_number(str(claims.get("id_number") or ""))
    name = str(claims.get("name") or "").strip()
    if number is None or not name or not name.isprintable() or len(name) > 120:
        raise RealNameMissing
    return ProvenUser(str(claims["sub"]), name, number)
