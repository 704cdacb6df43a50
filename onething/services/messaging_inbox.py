"""A person's messages: the inbox, what they want to hear by which way, and what WeChat may bring."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from onething.domain.errors import NotFound
from onething.domain.messages import (
    WAY_NAMES,
    Message,
    MessageKind,
    NotYourAccount,
    Preferences,
    Subscription,
    Way,
    subscription_id,
    wordings,
    words_of,
)
from onething.domain.phones import Provider, ProviderNotOffered
from onething.domain.records import AuditRow, Session
from onething.ports import Conflict, Ports, UnitOfWork
from onething.services.phone_sign_in import OnPhone, subjects_of
from onething.services.phone_tokens import counted
from onething.services.wording import both


def list_messages(ports: Ports, session: Session, after: str | None, limit: int) -> dict[str, Any]:
    """My messages, the newest first, a page at a time, behind the one seen last; raises ``NotFound``."""
    with ports.records.read() as uow:
        before = _own(uow, session, after) if after is not None else None
        listed = uow.messages.list_of(session.holder, before, limit + 1)
        unread = uow.messages.count_unread(session.holder)
    more = len(listed) > limit
    page = [_shown(each) for each in listed[:limit]]
    return {"messages": page, "next": page[-1]["id"] if more else None, "unread": unread}


def count_unread(ports: Ports, session: Session) -> int:
    """How many messages nobody has looked at."""
    with ports.records.read() as uow:
        return uow.messages.count_unread(session.holder)


def mark_read(ports: Ports, session: Session, message_id: str | None) -> int:
    """One of my messages, or with None all of them, was looked at; how many are left. Raises ``NotFound``."""
    with ports.records.act() as uow:
        if message_id is not None:
            _own(uow, session, message_id)
        uow.messages.mark_read(session.holder, message_id, ports.clock.now())
        return uow.messages.count_unread(session.holder)


def open_message(ports: Ports, session: Session, message_id: str) -> str:
    """Where one of my messages leads; it was looked at. Raises ``NotFound``."""
    with ports.records.act() as uow:
        message = _own(uow, session, message_id)
        uow.messages.mark_read(session.holder, message_id, ports.clock.now())
    return message.link


def _own(uow: UnitOfWork, session: Session, message_id: str) -> Message:
    message = uow.messages.find(message_id)
    if message is None or message.holder != session.holder:
        raise NotFound
    return message


def _shown(message: Message) -> dict[str, Any]:
    title, text = words_of(message)
    return {
        "id": message.id,
        "kind": message.kind.value,
        **both(title),
        "text_zh": text.zh,
        "text_en": text.en,
        "link": message.link,
        "until_on": message.until_on.isoformat() if message.until_on else None,
        "created_at": message.created_at.isoformat(),
        "read": message.read_at is not None,
    }


def view_settings(ports: Ports, session: Session, phone: OnPhone | None = None) -> dict[str, Any]:
    """Which ways I want; with ``phone`` also how many messages WeChat may still bring to its account."""
    with ports.records.read() as uow:
        wanted = uow.messages.find_preferences(session.holder)
        allowed = uow.messages.list_subscriptions(phone.account.id) if phone else ()
    ways = wanted.ways if wanted else tuple(Way)
    return {
        "ways": [
            {
                "code": way.value,
                **both(WAY_NAMES[way]),
                "on": way in ways,
                "offered": way in ports.message_ways.ways,
            }
            for way in Way
        ],
        "lang": wanted.lang if wanted else "zh",
        "always": [
            {"kind": kind.value, **both(said.title)} for kind, said in wordings().items() if said.legal
        ],
        "templates": _templates(ports, allowed),
    }


def _templates(ports: Ports, allowed: Sequence[Subscription]) -> list[dict[str, Any]]:
    """What WeChat's own question names: each template once, with the kinds it serves."""
    left = {each.template: each.amount for each in allowed}
    kinds: dict[str, list[MessageKind]] = {}
    for template in ports.message_ways.templates.all:
        if template.way is Way.WECHAT and Way.WECHAT in ports.message_ways.ways:
            kinds.setdefault(template.id, []).append(template.kind)
    return [
        {
            "id": template,
            "left": left.get(template, 0),
            "kinds": [{"kind": kind.value, **both(wordings()[kind].title)} for kind in dict.fromkeys(served)],
        }
        for template, served in kinds.items()
    ]


def save_settings(ports: Ports, session: Session, ways: Sequence[str], lang: str) -> None:
    """What I want from here on; legal notices come in any case."""
    now = ports.clock.now()
    wanted = Preferences(session.holder, tuple(way for way in Way if way.value in ways), lang, now)

    def save(uow: UnitOfWork) -> None:
        uow.messages.put_preferences(wanted)
        uow.audit.add(_audited(ports, session, "message_settings_saved"))

    _twice(ports, save)


def _twice(ports: Ports, act: Callable[[UnitOfWork], None]) -> None:
    """Do an act; once more when a rival has added the same row: then it is there."""
    try:
        with ports.records.act() as uow:
            act(uow)
    except Conflict:
        with ports.records.act() as uow:
            act(uow)


def allow(
    ports: Ports, session: Session, phone: OnPhone, code: str, templates: Sequence[str], address: str
) -> None:
    """The user has tapped: one message of each template may come to this phone's WeChat.

    ``code`` is a fresh login code, for the openid that a message needs is kept only for who wants messages.
    Raises ``NotYourAccount``, ``ProviderNotOffered``, ``PhoneSignInRefused`` and ``TooManyRefusals``.
    """
    provider = ports.phone_proof.codes.get(Provider.WECHAT)
    if provider is None or Way.WECHAT not in ports.message_ways.ways:
        raise ProviderNotOffered
    if phone.account.provider is not Provider.WECHAT:
        raise NotYourAccount
    with counted(ports, address):
        user = provider.identify(code)
    if phone.account.subject not in subjects_of(ports, Provider.WECHAT, user):
        raise NotYourAccount
    known = set(ports.message_ways.templates.list_ids(Way.WECHAT))
    now = ports.clock.now()

    def note(uow: UnitOfWork) -> None:
        for template in sorted(known & set(templates)):
            name = subscription_id(phone.account.id, template)
            uow.messages.allow(Subscription(name, phone.account.id, template, 1, now, user.subject))
        uow.audit.add(_audited(ports, session, "messages_allowed"))

    _twice(ports, note)


def _audited(ports: Ports, session: Session, action: str) -> AuditRow:
    return AuditRow(
        at=ports.clock.now(),
        actor=session.actor,
        actor_kind=session.actor_kind,
        action=action,
        purpose="messages",
        subject=session.holder,
        terminal=session.terminal,
    )
