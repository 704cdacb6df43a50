"""The signature of departments' call-backs: the gateway's x-tif-* scheme, each nonce once."""

from __future__ import annotations

from collections.abc import Mapping

from onething.domain import gateway_signature
from onething.ports import Ports
from web.refusals import PartnerRefused
from web.settings import DoorSettings

# Compared against when a department is unknown, so that the answer takes as long.
_NOBODYS_TOKEN = "no department has this token"  # noqa: S105


def check_partner(headers: Mapping[str, str], department: str, settings: DoorSettings, ports: Ports) -> None:
    """Raise ``PartnerRefused`` unless this department signed the request, just now and for the first time."""
    now = ports.signature_clock.now()
    token = settings.partner_tokens.get(department)
    try:
        nonce = gateway_signature.check(headers, department, token or _NOBODYS_TOKEN, now=now)
    except gateway_signature.GatewaySignatureRefused as refused:
        raise PartnerRefused(refused.reason) from refused
    if token is None:
        raise PartnerRefused("signature_wrong")
    with ports.records.act() as uow:
        if not uow.partner_nonces.use(department, nonce, now):
            raise PartnerRefused("nonce_replayed")
