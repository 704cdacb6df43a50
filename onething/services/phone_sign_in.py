"""Signing in on a phone by a provider, staying signed in, and signing out here or everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from onething.domain.assurance import REAL_NAME
from onething.domain.errors import NotFound
from onething.domain.masking import mask_id_number, mask_name
from onething.domain.people import birth_date_of, sex_of
from onething.domain.phones import (
    MOST_SIGN_INS,
    PROVIDER_NAMES,
    SIGN_IN_LASTS,
    PhoneAccount,
    PhoneSignIn,
    PhoneSignInRefused,
    Provider,
    ProviderNotOffered,
    TokenKind,
    place_of,
)
from onething.domain.records import AuditRow, Session
from onething.ports import Conflict, Ports, UnitOfWork
from onething.ports.phones import ProvenUser
from onething.services.phone_tokens import Pair, counted, digest_of, first_pair, next_pair
from onething.services.wording import both

# A foreigner's number has no birth date and no sex in it.
_FOREIGN = "9"


@dataclass(frozen=True)
class OnPhone:
    """Whose phone a request comes from; ``session`` is None until somebody's real name is proven."""

    account: PhoneAccount
    sign_in: PhoneSignIn
    session: Session | None


def list_providers(ports: Ports) -> list[dict[str, Any]]:
    """The ways of signing in that this installation offers."""
    offered = [*ports.phone_proof.codes]
    if ports.phone_proof.real_names is not None:
        offered.append(Provider.PROVINCE)
    return [{"code": str(each), **both(PROVIDER_NAMES[each])} for each in offered]


def can_prove_names(ports: Ports) -> bool:
    """Whether anybody can be on a phone here as who they are: to take over a form, or to authorise."""
    return ports.phone_proof.real_names is not None


def sign_in(ports: Ports, provider: str, code: str, device: str, address: str) -> dict[str, Any]:
    """Sign in by a code of WeChat or Alipay.

    Raises ``ProviderNotOffered``, ``PhoneSignInRefused``, ``ProviderAway`` and ``TooManyRefusals``.
    """
    asked = ports.phone_proof.codes.get(Provider(provider))
    if asked is None:
        raise ProviderNotOffered
    with counted(ports, address):
        user = asked.identify(code)
    return begin(ports, Provider(provider), user, device)


def begin(ports: Ports, provider: Provider, user: ProvenUser, device: str) -> dict[str, Any]:
    """Sign somebody in whom a provider has named; a name and number that it has proven bind the account."""
    try:
        return _begin(ports, provider, user, device)
    except Conflict:  # twice at once: the account is there now
        return _begin(ports, provider, user, device)


def _begin(ports: Ports, provider: Provider, user: ProvenUser, device: str) -> dict[str, Any]:
    now = ports.clock.now()
    with ports.records.act() as uow:
        account = _account_of(ports, uow, provider, user, now)
        if user.id_number is not None:
            account = bound(ports, account, user, now)
            uow.phone_accounts.save(account)
        _end_oldest(uow, account, now)
        begun = PhoneSignIn(ports.chance.id(), account.id, device, now, now, now + SIGN_IN_LASTS)
        session = open_session(ports, uow, account, begun, now)
        begun = replace(begun, session=session.id if session else None)
        uow.phone_sign_ins.add(begun)
        pair = first_pair(ports, uow, begun, now)
        note(uow, account, begun, now, "phone_signed_in", provider=str(provider))
    return {**_tokens(pair), **view(OnPhone(account, begun, session))}


def refresh(ports: Ports, text: str, key: str, address: str) -> dict[str, Any]:
    """The next pair of tokens for a refresh token, once; one that was used before ends the whole sign-in.

    Raises ``PhoneSignInRefused`` and ``TooManyRefusals``.
    """
    with counted(ports, address):
        pair = _refreshed(ports, text, key)
        if pair is None:
            raise PhoneSignInRefused
    return _tokens(pair)


def _refreshed(ports: Ports, text: str, key: str) -> Pair | None:
    now = ports.clock.now()
    with ports.records.act() as uow:
        token = uow.phone_tokens.find(digest_of(text))
        if token is None or token.kind is not TokenKind.REFRESH or token.expires_at <= now:
            return None
        found = uow.phone_sign_ins.find(token.sign_in)
        if found is None or found.ended_at is not None or found.expires_at <= now:
            return None
        pair = next_pair(ports, uow, token, text, key)
        if pair is None:
            account = uow.phone_accounts.find(found.account)
            assert account is not None
            end(uow, account, found, now, "refresh_reused")
        else:
            uow.phone_sign_ins.save(replace(found, seen_at=now))
        return pair


def find_phone(ports: Ports, text: str) -> OnPhone | None:
    """Whose phone has this access token; None when it is not one, or not any longer."""
    now = ports.clock.now()
    with ports.records.read() as uow:
        token = uow.phone_tokens.find(digest_of(text))
        if token is None or token.kind is not TokenKind.ACCESS or token.expires_at <= now:
            return None
        found = uow.phone_sign_ins.find(token.sign_in)
        if found is None or found.ended_at is not None or found.expires_at <= now:
            return None
        account = uow.phone_accounts.find(found.account)
        session = uow.sessions.find(found.session) if found.session else None
    if account is None or (session is not None and (session.ended_at or session.holder != account.holder)):
        return None
    return OnPhone(account, found, session)


def sign_out(ports: Ports, phone: OnPhone, *, everywhere: bool) -> None:
    """End this phone's sign-in, or every one of this person and account."""
    now = ports.clock.now()
    with ports.records.act() as uow:
        if not everywhere:
            end(uow, phone.account, phone.sign_in, now, "signed_out")
            return
        for account in _accounts_of(uow, phone):
            for each in uow.phone_sign_ins.list_open_of(account.id, now):
                end(uow, account, each, now, "signed_out_everywhere")


def list_sign_ins(ports: Ports, phone: OnPhone) -> list[dict[str, Any]]:
    """Where this person is signed in."""
    now = ports.clock.now()
    with ports.records.read() as uow:
        return [
            {
                "id": each.id,
                "provider": str(account.provider),
                "device": each.device,
                "started_at": each.started_at.isoformat(),
                "seen_at": each.seen_at.isoformat(),
                "here": each.id == phone.sign_in.id,
            }
            for account in _accounts_of(uow, phone)
            for each in uow.phone_sign_ins.list_open_of(account.id, now)
        ]


def end_sign_in(ports: Ports, phone: OnPhone, sign_in_id: str) -> None:
    """End another of this person's sign-ins; raises ``NotFound`` for anyone else's."""
    now = ports.clock.now()
    with ports.records.act() as uow:
        for account in _accounts_of(uow, phone):
            for each in uow.phone_sign_ins.list_open_of(account.id, now):
                if each.id == sign_in_id:
                    end(uow, account, each, now, "ended_elsewhere")
                    return
    raise NotFound


def view(phone: OnPhone) -> dict[str, Any]:
    """Who is signed in, as the phone shows it; names and numbers masked."""
    card = phone.session.card if phone.session else None
    return {
        "sign_in": phone.sign_in.id,
        "provider": str(phone.account.provider),
        "known_by_name": card is not None,
        "masked_name": mask_name(card["name"]) if card else None,
        "masked_id_number": mask_id_number(card["id_number"]) if card else None,
        "expires_at": phone.sign_in.expires_at.isoformat(),
    }


def bound(ports: Ports, account: PhoneAccount, user: ProvenUser, now: datetime) -> PhoneAccount:
    """The account with the person whom a provider has proven."""
    assert user.name is not None
    assert user.id_number is not None
    person = {"name": user.name, "id_number": user.id_number}
    holder = ports.index.of_number(user.id_number)
    return replace(account, holder=holder, person=person, bound_at=now)


def open_session(
    ports: Ports, uow: UnitOfWork, account: PhoneAccount, sign_in: PhoneSignIn, now: datetime
) -> Session | None:
    """The citizen's sitting on a phone whose account is bound; None for one that is not, or no longer."""
    if not account.is_bound(now, timedelta(days=ports.settings.phone_binding_days)):
        return None
    assert account.holder is not None
    assert account.person is not None
    session = Session(
        id=ports.chance.id(),
        terminal=place_of(account.id),
        holder=account.holder,
        card=_proven_facts(account.person),
        assurance=REAL_NAME,
        started_at=now,
        expires_at=sign_in.expires_at,
        division=account.division,
    )
    # Phones ask with tokens of their own: under this one nobody ever finds the session.
    uow.sessions.add(session, digest_of(ports.chance.token()))
    return session


def _proven_facts(person: Mapping[str, Any]) -> dict[str, Any]:
    """What the provider has proven, and what the number itself says (GB 11643)."""
    number = str(person["id_number"])
    born_on = birth_date_of(number)
    if number.startswith(_FOREIGN) or born_on is None:
        return dict(person)
    return {**person, "sex": sex_of(number), "birth_on": born_on.isoformat()}


def end(uow: UnitOfWork, account: PhoneAccount, sign_in: PhoneSignIn, now: datetime, cause: str) -> None:
    """End a sign-in with its session: its tokens are worth nothing from here on."""
    uow.phone_sign_ins.save(replace(sign_in, ended_at=now, end_cause=cause))
    if sign_in.session is not None:
        uow.sessions.end(sign_in.session, now, cause)
    note(uow, account, sign_in, now, "phone_signed_out", cause=cause)


def note(
    uow: UnitOfWork, account: PhoneAccount, sign_in: PhoneSignIn, now: datetime, action: str, **detail: str
) -> None:
    """An audit row about a phone's sign-in."""
    uow.audit.add(
        AuditRow(
            at=now,
            actor=sign_in.session or sign_in.id,
            actor_kind="citizen",
            action=action,
            purpose="phone session",
            subject=account.holder,
            terminal=place_of(account.id),
            detail=detail,
        )
    )


def subjects_of(ports: Ports, provider: Provider, user: ProvenUser) -> list[str]:
    """The indexes under which an account may keep a provider's user: over all apps of ours, and in one."""
    names = [f"{provider}:union:{user.union}"] if user.union else []
    # Its digest first: the index takes small and capital letters for the same, providers do not.
    return [ports.index.of_number(digest_of(name)) for name in [*names, f"{provider}:{user.subject}"]]


def _account_of(
    ports: Ports, uow: UnitOfWork, provider: Provider, user: ProvenUser, now: datetime
) -> PhoneAccount:
    subjects = subjects_of(ports, provider, user)
    for subject in subjects:
        found = uow.phone_accounts.find_by_subject(provider, subject)
        if found is not None:
            return _joined(uow, found, subjects[0])
    account = PhoneAccount(ports.chance.id(), provider, subjects[0], now, ports.settings.division)
    uow.phone_accounts.add(account)
    return account


def _joined(uow: UnitOfWork, account: PhoneAccount, subject: str) -> PhoneAccount:
    """An account of one app becomes that of all apps, once the provider says who its user is in them."""
    if account.subject == subject:
        return account
    joined = replace(account, subject=subject)
    uow.phone_accounts.save(joined)
    return joined


def _end_oldest(uow: UnitOfWork, account: PhoneAccount, now: datetime) -> None:
    for each in uow.phone_sign_ins.list_open_of(account.id, now)[MOST_SIGN_INS - 1 :]:
        end(uow, account, each, now, "replaced")


def _accounts_of(uow: UnitOfWork, phone: OnPhone) -> list[PhoneAccount]:
    """This phone's account, and the others of the same person once that is proven here."""
    own = [phone.account]
    if phone.session is None:
        return own
    others = uow.phone_accounts.list_of_holder(phone.session.holder)
    return own + [each for each in others if each.id != phone.account.id]


def _tokens(pair: Pair) -> dict[str, Any]:
    return {
        "access_token": pair.access,
        "refresh_token": pair.refresh,
        "access_until": pair.access_until.isoformat(),
        "refresh_until": pair.refresh_until.isoformat(),
    }
