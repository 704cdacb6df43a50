"""Signing in on the pages inside WeChat: away to WeChat and back, with nothing asked of the person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onething.domain.phones import STEP_LASTS, PhoneSignInRefused, PhoneStep, Provider, ProviderNotOffered
from onething.ports import Ports
from onething.ports.phones import ProvenUser, WebProvider
from onething.services import phone_sign_in
from onething.services.phone_tokens import counted, digest_of


def is_offered(ports: Ports) -> bool:
    """Whether this installation has a service account whose pages these are."""
    return ports.phone_proof.wechat_pages is not None


def return_address(ports: Ports) -> str:
    """Where WeChat sends its browser back to: one address, under the domain that is registered there."""
    return f"{ports.settings.public_url}/m/enter/in-wechat/return"


def begin_step(ports: Ports) -> dict[str, Any]:
    """Where to send WeChat's browser, and the secret that brings its answer back; within ten minutes, once.

    Raises ``ProviderNotOffered``.
    """
    outward = _provider(ports).begin(return_address(ports))
    text, ends = ports.chance.token(), ports.clock.now() + STEP_LASTS
    with ports.records.act() as uow:
        uow.phone_tokens.add_step(PhoneStep(digest_of(text), outward.kept, ends, None))
    return {"step": text, "address": outward.address, "expires_at": ends.isoformat()}


def sign_in(ports: Ports, step: str, answer: Mapping[str, str], device: str, address: str) -> dict[str, Any]:
    """Sign in by what WeChat answers: ``code`` and ``state``.

    Raises ``PhoneSignInRefused``, ``ProviderAway``, ``ProviderNotOffered`` and ``TooManyRefusals``.
    """
    with counted(ports, address):
        user = _finish(ports, step, answer)
    return phone_sign_in.begin(ports, Provider.WECHAT, user, device)


def _finish(ports: Ports, step: str, answer: Mapping[str, str]) -> ProvenUser:
    """Whom an answer names; a step is used up whatever comes of it."""
    provider = _provider(ports)
    with ports.records.act() as uow:
        found = uow.phone_tokens.use_step(digest_of(step), ports.clock.now())
    if found is None or found.kept is None or found.sign_in is not None:
        raise PhoneSignInRefused
    return provider.finish(found.kept, answer)


def _provider(ports: Ports) -> WebProvider:
    if ports.phone_proof.wechat_pages is None:
        raise ProviderNotOffered
    return ports.phone_proof.wechat_pages
