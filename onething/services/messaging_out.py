"""Carrying a message to a phone: by the first way that takes it, never at night, never twice on one way.

Nothing is known of a WeChat message whose answer was not heard: it is not repeated, the next way is taken.
Text messages go under the send's own id, and may be repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from onething.domain.actors import WORKER
from onething.domain.message_templates import Template
from onething.domain.messages import (
    Message,
    Preferences,
    Send,
    SendState,
    Subscription,
    Way,
    fields_of,
    is_too_late,
    rings_at,
    subscription_id,
    ways_of,
)
from onething.domain.phones import Provider
from onething.domain.records import AuditRow, Job
from onething.ports import DeliveryFailed, Ports, UnitOfWork
from onething.ports.messages import Letter, NotWanted
from onething.services.messaging import SEND_MESSAGE

# After so many tries the next way is taken; the last way is tried for some hours.
MOST_TRIES: Mapping[Way, int] = {Way.WECHAT: 3, Way.SMS: 12}


def send_message(ports: Ports, job: Mapping[str, Any]) -> None:
    """Send a message by the first way that takes it; raises ``DeliveryFailed`` to be called again."""
    with ports.records.read() as uow:
        message = uow.messages.find(job["message"])
        wanted = uow.messages.find_preferences(message.holder) if message and message.holder else None
    if message is None:
        return
    if is_too_late(message, ports.clock.now()):
        with ports.records.act() as uow:
            uow.messages.forget_address(message.id)
        return
    rings = rings_at(message.kind, ports.clock.now())
    if rings > ports.clock.now():
        with ports.records.act() as uow:
            uow.jobs.add(Job(ports.chance.id(), SEND_MESSAGE, dict(job), rings))
        return
    for way in ways_of(message.kind, wanted):
        template = _find_template(ports, message, way, wanted)
        if template is not None and _Carrying(ports, message, template).is_taken():
            break
    if message.to is not None:
        with ports.records.act() as uow:
            if all(send.state.is_over for send in uow.messages.list_sends(message.id)):
                uow.messages.forget_address(message.id)


def _find_template(ports: Ports, message: Message, way: Way, wanted: Preferences | None) -> Template | None:
    if way not in ports.message_ways.ways:
        return None
    return ports.message_ways.templates.find(way, message.kind, wanted.lang if wanted else "zh")


@dataclass(frozen=True)
class _Address:
    """Where a message goes on one way; ``subscription`` is what a message of WeChat uses up."""

    to: str = field(repr=False)
    subscription: str | None = None


class _Carrying:
    """One message on one way."""

    def __init__(self, ports: Ports, message: Message, template: Template) -> None:
        self.ports, self.message, self.template = ports, message, template

    def is_taken(self) -> bool:
        """Whether nothing more is to be done; raises ``DeliveryFailed`` when this way may work later."""
        begun = self._begin()
        if begun is None:
            return True
        send, address = begun
        if send.state.is_over or address is None:
            return send.state is SendState.SENT
        try:
            provider_id = self.ports.message_ways.ways[send.way].send(self._letter(send, address))
        except NotWanted as refused:
            return self._end(send, address, SendState.NOT_WANTED, refused.reason)
        except DeliveryFailed as failure:
            return self._failed(send, address, failure)
        self._save(send, replace(send, state=SendState.SENT, provider_id=provider_id[:128]))
        return True

    def _begin(self) -> tuple[Send, _Address | None] | None:
        """Write that it is being tried, before anybody is asked; None when another worker is at it."""
        way, now = self.template.way, self.ports.clock.now()
        with self.ports.records.act() as uow:
            sends = {each.way: each for each in uow.messages.list_sends(self.message.id)}
            there = sends.get(way)
            if there is not None and there.state.is_over:
                return there, None
            if there is not None and there.state is SendState.TRYING and way is Way.WECHAT:
                lost = replace(there, state=SendState.UNKNOWN, moved_at=now, reason="unknown")
                return (lost, None) if uow.messages.save_send(lost, there) else None
            send = self._next(there)
            address = _find_address(self.ports, uow, self.message, self.template)
            if address is None:
                send = replace(send, state=SendState.NOT_WANTED, reason="no_address")
            if not (uow.messages.save_send(send, there) if there else uow.messages.add_send(send)):
                return None
            if address is not None:
                uow.audit.add(_audited(self.ports, self.message, way))
            return send, address

    def _next(self, there: Send | None) -> Send:
        now, way = self.ports.clock.now(), self.template.way
        if there is not None:
            return replace(there, state=SendState.TRYING, attempts=there.attempts + 1, moved_at=now)
        return Send(self.ports.chance.id(), self.message.id, way, SendState.TRYING, 1, now)

    def _letter(self, send: Send, address: _Address) -> Letter:
        fields = fields_of(self.message)
        fields["link"] = f"{self.ports.settings.public_url}{fields['link']}"
        return Letter(send.id, address.to, self.template.id, self.template.said(fields), self.template.lang)

    def _failed(self, send: Send, address: _Address, failure: DeliveryFailed) -> bool:
        if not failure.retryable:
            unknown = failure.reason == "unknown"
            return self._end(
                send, address, SendState.UNKNOWN if unknown else SendState.FAILED, failure.reason
            )
        if send.attempts >= MOST_TRIES[send.way]:
            return self._end(send, address, SendState.FAILED, failure.reason)
        self._save(send, replace(send, state=SendState.WAITING, reason=failure.reason), give_back=address)
        raise failure

    def _end(self, send: Send, address: _Address, state: SendState, reason: str) -> bool:
        """This way is over, and the next one has its turn."""
        unused = address if state is SendState.FAILED else None
        ended = address if state is SendState.NOT_WANTED else None
        self._save(send, replace(send, state=state, reason=reason), give_back=unused, end=ended)
        return False

    def _save(
        self, was: Send, now: Send, *, give_back: _Address | None = None, end: _Address | None = None
    ) -> None:
        with self.ports.records.act() as uow:
            uow.messages.save_send(replace(now, moved_at=self.ports.clock.now()), was)
            if give_back is not None and give_back.subscription:
                uow.messages.give_back(give_back.subscription)
            if end is not None and end.subscription:
                uow.messages.end_subscription(end.subscription)


def _find_address(ports: Ports, uow: UnitOfWork, message: Message, template: Template) -> _Address | None:
    """Where the message goes; what one tap has allowed is used up with it."""
    if template.way is Way.SMS:
        mobile = _find_mobile(uow, message)
        return _Address(mobile) if mobile else None
    for each in _subscriptions(ports, uow, message, template):
        if each.address and uow.messages.use_subscription(each.id):
            return _Address(each.address, each.id)
    return None


def _subscriptions(
    ports: Ports, uow: UnitOfWork, message: Message, template: Template
) -> Sequence[Subscription]:
    """What this person has allowed on accounts that are still theirs, the last tap first."""
    now, lasts = ports.clock.now(), timedelta(days=ports.settings.phone_binding_days)
    accounts = uow.phone_accounts.list_of_holder(message.holder) if message.holder else ()
    ids = [
        subscription_id(account.id, template.id)
        for account in accounts
        if account.provider is Provider.WECHAT and account.is_bound(now, lasts)
    ]
    found = [each for one in ids if (each := uow.messages.find_subscription(one)) and each.amount > 0]
    return sorted(found, key=lambda each: each.saved_at, reverse=True)


def _find_mobile(uow: UnitOfWork, message: Message) -> str | None:
    """The number the message was written to, or what the applicant gave on the form it is about."""
    if message.to and "mobile" in message.to:
        return message.to["mobile"]
    case = uow.cases.find(message.about)
    if case is not None:
        return _given(uow.cases.get_values(case.id)) if case.holder == message.holder else None
    draft = uow.drafts.find(message.about)
    return _given(draft.values) if draft is not None and draft.holder == message.holder else None


def _given(values: Mapping[str, Mapping[str, Any]]) -> str | None:
    given = values.get("application", {}).get("mobile")
    return str(given["value"]) if given and given.get("value") else None


def _audited(ports: Ports, message: Message, way: Way) -> AuditRow:
    return AuditRow(
        at=ports.clock.now(),
        actor=WORKER.id,
        actor_kind=WORKER.kind,
        action="message_sent",
        purpose=message.kind.value,
        subject=message.holder,
        case=message.about,
        detail={"message": message.id, "way": way.value},
    )
