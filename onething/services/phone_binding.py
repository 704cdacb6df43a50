"""Proving who uses a phone: out to the province's identity and back, and the accounts a person has bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from onething.domain.errors import NotFound
from onething.domain.phones import (
    STEP_LASTS,
    BoundToAnother,
    PhoneSignInRefused,
    PhoneStep,
    Provider,
    ProviderNotOffered,
)
from onething.ports import Ports
from onething.ports.phones import ProvenUser, RealNameProvider
from onething.services import phone_sign_in
from onething.services.phone_sign_in import OnPhone
from onething.services.phone_tokens import counted, digest_of


def return_address(ports: Ports) -> str:
    """Where the province's identity sends a phone back to: one address, so that nobody is sent elsewhere."""
    return f"{ports.settings.public_url}/mobile/v1/real-name/return"


def begin_step(ports: Ports, phone: OnPhone | None) -> dict[str, Any]:
    """Where to send the phone, and the secret that brings its answer back; within ten minutes, once.

    With ``phone`` whoever uses it is to be proven; without, the province's account itself signs in.
    Raises ``ProviderNotOffered`` and ``ProviderAway``.
    """
    outward = _provider(ports).begin(return_address(ports))
    text, ends = ports.chance.token(), ports.clock.now() + STEP_LASTS
    sign_in = phone.sign_in.id if phone else None
    with ports.records.act() as uow:
        uow.phone_tokens.add_step(PhoneStep(digest_of(text), outward.kept, ends, sign_in))
    return {"step": text, "address": outward.address, "expires_at": ends.isoformat()}


def sign_in(ports: Ports, step: str, answer: Mapping[str, str], device: str, address: str) -> dict[str, Any]:
    """Sign in by what the province's identity answers.

    Raises ``PhoneSignInRefused``, ``RealNameMissing``, ``ProviderNotOffered`` and ``TooManyRefusals``.
    """
    with counted(ports, address):
        user = _finish(ports, step, answer, None)
    return phone_sign_in.begin(ports, Provider.PROVINCE, user, device)


def prove(ports: Ports, phone: OnPhone, step: str, answer: Mapping[str, str], address: str) -> dict[str, Any]:
    """Bind this phone's account to the person whom the province's identity names.

    Raises as ``sign_in`` does, and ``BoundToAnother``.
    """
    with counted(ports, address):
        user = _finish(ports, step, answer, phone.sign_in.id)
    now = ports.clock.now()
    with ports.records.act() as uow:
        account = uow.phone_accounts.find(phone.account.id)
        assert account is not None
        proven = phone_sign_in.bound(ports, account, user, now)
        if account.holder not in (None, proven.holder):
            raise BoundToAnother
        uow.phone_accounts.save(proven)
        if phone.session is not None:
            uow.sessions.end(phone.session.id, now, "proven_again")
        session = phone_sign_in.open_session(ports, uow, proven, phone.sign_in, now)
        renewed = replace(phone.sign_in, session=session.id if session else None, seen_at=now)
        uow.phone_sign_ins.save(renewed)
        phone_sign_in.note(uow, proven, renewed, now, "phone_bound", provider=str(account.provider))
    return phone_sign_in.view(OnPhone(proven, renewed, session))


def list_bindings(ports: Ports, phone: OnPhone) -> list[dict[str, Any]]:
    """The accounts that are bound to this person."""
    assert phone.session is not None
    with ports.records.read() as uow:
        accounts = uow.phone_accounts.list_of_holder(phone.session.holder)
    return [
        {
            "id": account.id,
            "provider": str(account.provider),
            "bound_at": account.bound_at.isoformat() if account.bound_at else None,
            "here": account.id == phone.account.id,
        }
        for account in accounts
    ]


def unbind(ports: Ports, phone: OnPhone, account_id: str) -> None:
    """Let go of an account: it knows nobody, and whoever is signed in by it is signed out.

    Raises ``NotFound`` for an account of anyone else.
    """
    assert phone.session is not None
    now = ports.clock.now()
    with ports.records.act() as uow:
        account = uow.phone_accounts.find(account_id)
        if account is None or account.holder != phone.session.holder:
            raise NotFound
        for each in uow.phone_sign_ins.list_open_of(account.id, now):
            phone_sign_in.end(uow, account, each, now, "unbound")
        uow.phone_accounts.save(replace(account, holder=None, person=None, bound_at=None))
        phone_sign_in.note(uow, account, phone.sign_in, now, "phone_unbound", provider=str(account.provider))


def _finish(ports: Ports, step: str, answer: Mapping[str, str], sign_in_id: str | None) -> ProvenUser:
    """The person whom an answer proves; a step is used up whatever comes of it, and by its own phone only."""
    provider = _provider(ports)
    with ports.records.act() as uow:
        found = uow.phone_tokens.use_step(digest_of(step), ports.clock.now())
    if found is None or found.kept is None or found.sign_in != sign_in_id:
        raise PhoneSignInRefused
    return provider.finish(return_address(ports), found.kept, answer)


def _provider(ports: Ports) -> RealNameProvider:
    if ports.phone_proof.real_names is None:
        raise ProviderNotOffered
    return ports.phone_proof.real_names
