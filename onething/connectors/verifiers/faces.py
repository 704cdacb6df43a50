"""Faces compared by the province's identity service: POST /verifiers/v1/faces over the gateway."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from onething.connectors.exchange import Exchange
from onething.connectors.handing_over import hand_over
from onething.domain.dictionary import Label
from onething.domain.stepping_up import VerifierUnavailable
from onething.ports import DeliveryFailed

PATH = "/verifiers/v1/faces"


class Compared(msgspec.Struct):
    """What the service says, and about whom: an answer about anybody else is none."""

    same: bool
    id_number: Annotated[str, msgspec.Meta(max_length=32)]


class GatewayFaces:
    """``Verifier``; pictures go from the phone to the service and never come here."""

    name = "face"
    label = Label("人脸核验", "Face check")

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def has_proven(self, person: Mapping[str, Any], evidence: str) -> bool:
        """Ask once, within ten seconds; an evidence that it does not take is no proof."""
        key = secrets.token_hex(16)
        asked = {"key": key, "name": person["name"], "id_number": person["id_number"], "evidence": evidence}
        try:
            said = hand_over(self._exchange, PATH, asked, key, Compared)
        except DeliveryFailed as failed:
            if not failed.retryable:
                return False
            raise VerifierUnavailable from None
        if said.id_number != person["id_number"]:
            raise VerifierUnavailable
        return said.same
