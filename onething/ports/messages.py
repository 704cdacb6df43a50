"""What messages ask of the world: providers that carry them, and the records of what was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from onething.domain.message_templates import Templates
from onething.domain.messages import Message, Preferences, Send, Subscription, Way


@dataclass(frozen=True)
class Letter:
    """One message as a provider gets it: ``to`` is an openid or a mobile number, ``id`` stays the same."""

    id: str
    to: str = field(repr=False)
    template: str
    data: Mapping[str, str]
    lang: str


class NotWanted(Exception):
    """The receiver has not allowed it, or no longer."""

    reason = "not_wanted"


class MessageWay(Protocol):
    """WeChat's subscription messages, or a gateway for text messages."""

    def send(self, letter: Letter) -> str:
        """The provider's own id; raises ``NotWanted`` and ``DeliveryFailed``."""
        ...


@dataclass(frozen=True)
class MessageWays:
    """The ways of this installation and the texts approved for them; without any there is the inbox."""

    ways: Mapping[Way, MessageWay] = field(default_factory=dict)
    templates: Templates = field(default_factory=Templates)


class Messages(Protocol):
    """Messages with what became of them, preferences, and what WeChat's users have allowed."""

    def add(self, message: Message) -> None: ...

    def find(self, message_id: str) -> Message | None: ...

    def list_of(self, holder: str, before: Message | None, limit: int) -> Sequence[Message]:
        """The newest first; those older than ``before``."""
        ...

    def count_unread(self, holder: str) -> int: ...

    def mark_read(self, holder: str, message_id: str | None, at: datetime) -> int:
        """One of this person's messages, or all of them; how many were unread."""
        ...

    def add_send(self, send: Send) -> bool:
        """Whether it is the first on this way; raises nothing when it is not."""
        ...

    def save_send(self, send: Send, was: Send) -> bool:
        """Whether it still was what ``was`` says."""
        ...

    def list_sends(self, message_id: str) -> Sequence[Send]: ...

    def forget_address(self, message_id: str) -> None:
        """Nobody is to be reached by it any longer: number and link are erased."""
        ...

    def find_preferences(self, holder: str) -> Preferences | None: ...

    def put_preferences(self, preferences: Preferences) -> None: ...

    def find_subscription(self, subscription_id: str) -> Subscription | None: ...

    def list_subscriptions(self, account: str) -> Sequence[Subscription]: ...

    def allow(self, subscription: Subscription) -> None:
        """One more message of this template."""
        ...

    def use_subscription(self, subscription_id: str) -> bool:
        """Whether one was left; it is used now."""
        ...

    def give_back(self, subscription_id: str) -> None:
        """It was not used after all."""
        ...

    def end_subscription(self, subscription_id: str) -> None:
        """WeChat says that the user does not want any."""
        ...
