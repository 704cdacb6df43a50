"""Messages, their sends, preferences, and what was allowed; numbers and openids are sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select, tuple_, update

from onething.domain.messages import (
    Message,
    MessageKind,
    Preferences,
    Send,
    SendState,
    Subscription,
    Way,
)
from onething.storage import tables_messages as tables
from onething.storage.kept_rows import KeptRows
from onething.storage.sealing import Sealer
from onething.storage.statements import Prepared, RowInsert

_M = tables.messages.c
_MESSAGES = KeptRows(tables.messages, Message, sealed=("to",), reads={"kind": MessageKind})
_MESSAGE = Prepared(_MESSAGES.select(_M.id == bindparam("wanted")))
_OF_HOLDER = Prepared(
    _MESSAGES.select(_M.holder == bindparam("wanted"))
    .order_by(_M.created_at.desc(), _M.id.desc())
    .limit(bindparam("at_most"))
)
_OF_HOLDER_BEFORE = Prepared(
    _MESSAGES.select(
        _M.holder == bindparam("wanted"),
        tuple_(_M.created_at, _M.id)
        < tuple_(bindparam("before_at", type_=_M.created_at.type), bindparam("before_id", type_=_M.id.type)),
    )
    .order_by(_M.created_at.desc(), _M.id.desc())
    .limit(bindparam("at_most"))
)
_UNREAD = Prepared(select(func.count()).where(_M.holder == bindparam("wanted"), _M.read_at.is_(None)))
_READ_ALL = Prepared(
    update(tables.messages)
    .values({"read_at": bindparam("at")})
    .where(_M.holder == bindparam("wanted"), _M.read_at.is_(None))
)
_READ = Prepared(
    update(tables.messages)
    .values({"read_at": bindparam("at")})
    .where(_M.id == bindparam("one"), _M.holder == bindparam("wanted"), _M.read_at.is_(None))
)
_FORGET_ADDRESS = Prepared(
    update(tables.messages).values({"sealed_to": None}).where(_M.id == bindparam("wanted"))
)
_PURGE = Prepared(delete(tables.messages).where(_M.created_at < bindparam("before")))

_S = tables.message_sends.c
_SENDS = KeptRows(tables.message_sends, Send, reads={"way": Way, "state": SendState})
_SENDS_OF = Prepared(_SENDS.select(_S.message == bindparam("wanted")).order_by(_S.way))
_FIRST_SEND = RowInsert(
    tables.message_sends,
    ("id", "message", "way", "state", "attempts", "moved_at", "provider_id", "reason"),
    once=True,
)

_P = tables.message_preferences.c
_PREFERENCES = KeptRows(
    tables.message_preferences, Preferences, reads={"ways": lambda ways: tuple(map(Way, ways))}
)
_PREFERENCE = Prepared(_PREFERENCES.select(_P.id == bindparam("wanted")))

_A = tables.message_subscriptions.c
_SUBSCRIPTIONS = KeptRows(tables.message_subscriptions, Subscription, sealed=("address",))
_SUBSCRIPTION = Prepared(_SUBSCRIPTIONS.select(_A.id == bindparam("wanted")))
_OF_ACCOUNT = Prepared(_SUBSCRIPTIONS.select(_A.account == bindparam("wanted")).order_by(_A.template))
_USE = Prepared(
    update(tables.message_subscriptions)
    .values({"amount": _A.amount - 1})
    .where(_A.id == bindparam("wanted"), _A.amount > 0)
)
_GIVE_BACK = Prepared(
    update(tables.message_subscriptions).values({"amount": _A.amount + 1}).where(_A.id == bindparam("wanted"))
)
_END = Prepared(
    update(tables.message_subscriptions).values({"amount": 0}).where(_A.id == bindparam("wanted"))
)


class DatabaseMessages:
    """``Messages``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def add(self, message: Message) -> None:
        _MESSAGES.add(self._connection, self._sealer, [message])

    def find(self, message_id: str) -> Message | None:
        return _MESSAGES.find(self._connection, self._sealer, _MESSAGE, wanted=message_id)

    def list_of(self, holder: str, before: Message | None, limit: int) -> Sequence[Message]:
        if before is None:
            return _MESSAGES.all(self._connection, self._sealer, _OF_HOLDER, wanted=holder, at_most=limit)
        place = {"before_at": before.created_at, "before_id": before.id}
        return _MESSAGES.all(
            self._connection, self._sealer, _OF_HOLDER_BEFORE, wanted=holder, at_most=limit, **place
        )

    def count_unread(self, holder: str) -> int:
        row = _UNREAD.row(self._connection, wanted=holder)
        return int(row[0]) if row else 0

    def mark_read(self, holder: str, message_id: str | None, at: datetime) -> int:
        if message_id is None:
            return _READ_ALL.change(self._connection, wanted=holder, at=at)
        return _READ.change(self._connection, wanted=holder, one=message_id, at=at)

    def add_send(self, send: Send) -> bool:
        row = (
            send.id, send.message, send.way, send.state, send.attempts, send.moved_at, send.provider_id,
            send.reason,
        )  # fmt: skip
        return _FIRST_SEND(self._connection, [row]) == 1

    def save_send(self, send: Send, was: Send) -> bool:
        return _SENDS.save(self._connection, self._sealer, send, state=was.state, attempts=was.attempts)

    def list_sends(self, message_id: str) -> Sequence[Send]:
        return _SENDS.all(self._connection, self._sealer, _SENDS_OF, wanted=message_id)

    def forget_address(self, message_id: str) -> None:
        _FORGET_ADDRESS.change(self._connection, wanted=message_id)

    def find_preferences(self, holder: str) -> Preferences | None:
        return _PREFERENCES.find(self._connection, self._sealer, _PREFERENCE, wanted=holder)

    def put_preferences(self, preferences: Preferences) -> None:
        if not _PREFERENCES.save(self._connection, self._sealer, preferences):
            _PREFERENCES.add(self._connection, self._sealer, [preferences])

    def find_subscription(self, subscription_id: str) -> Subscription | None:
        return _SUBSCRIPTIONS.find(self._connection, self._sealer, _SUBSCRIPTION, wanted=subscription_id)

    def list_subscriptions(self, account: str) -> Sequence[Subscription]:
        return _SUBSCRIPTIONS.all(self._connection, self._sealer, _OF_ACCOUNT, wanted=account)

    def allow(self, subscription: Subscription) -> None:
        if _GIVE_BACK.change(self._connection, wanted=subscription.id) == 0:
            _SUBSCRIPTIONS.add(self._connection, self._sealer, [subscription])

    def use_subscription(self, subscription_id: str) -> bool:
        return _USE.change(self._connection, wanted=subscription_id) == 1

    def give_back(self, subscription_id: str) -> None:
        _GIVE_BACK.change(self._connection, wanted=subscription_id)

    def end_subscription(self, subscription_id: str) -> None:
        _END.change(self._connection, wanted=subscription_id)

    def purge(self, before: datetime) -> int:
        """Forget messages of the time before, with what became of them; how many."""
        return _PURGE.change(self._connection, before=before)
