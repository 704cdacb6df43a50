"""Accounts, sign-ins, tokens and steps of phones; who a person is and what a step keeps are sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from onething.domain.phones import PhoneAccount, PhoneSignIn, PhoneStep, PhoneToken, Provider, TokenKind
from onething.ports import Conflict
from onething.storage import tables_phones as tables
from onething.storage.kept_rows import KeptRows
from onething.storage.sealing import Sealer
from onething.storage.statements import Prepared, RowInsert

_A = tables.phone_accounts.c
_ACCOUNTS = KeptRows(tables.phone_accounts, PhoneAccount, sealed=("person",), reads={"provider": Provider})
_ACCOUNT = Prepared(_ACCOUNTS.select(_A.id == bindparam("wanted")))
_OF_SUBJECT = Prepared(
    _ACCOUNTS.select(_A.provider == bindparam("of_provider"), _A.subject == bindparam("wanted"))
)
_OF_HOLDER = Prepared(
    _ACCOUNTS.select(_A.holder == bindparam("wanted")).order_by(_A.bound_at, _A.id).limit(100)
)

_S = tables.phone_sign_ins.c
_SIGN_INS = KeptRows(tables.phone_sign_ins, PhoneSignIn)
_SIGN_IN = Prepared(_SIGN_INS.select(_S.id == bindparam("wanted")))
_OPEN_OF = Prepared(
    _SIGN_INS.select(
        _S.account == bindparam("wanted"), _S.ended_at.is_(None), _S.expires_at > bindparam("now")
    ).order_by(_S.started_at.desc(), _S.id)
)
_PURGE_SIGN_INS = Prepared(delete(tables.phone_sign_ins).where(_S.expires_at < bindparam("before")))

_T = tables.phone_tokens.c
_TOKENS = KeptRows(tables.phone_tokens, PhoneToken, reads={"kind": TokenKind})
_TOKEN = Prepared(_TOKENS.select(_T.id == bindparam("wanted")))
_USE = Prepared(
    update(tables.phone_tokens)
    .values({"used_at": bindparam("at"), "salt": bindparam("with_salt"), "used_under": bindparam("under")})
    .where(_T.id == bindparam("wanted"), _T.used_at.is_(None))
)
_PURGE_TOKENS = Prepared(delete(tables.phone_tokens).where(_T.expires_at < bindparam("before")))

_P = tables.phone_steps.c
_STEPS = KeptRows(tables.phone_steps, PhoneStep, sealed=("kept",))
_STEP = Prepared(_STEPS.select(_P.id == bindparam("wanted")))
_USE_STEP = Prepared(
    update(tables.phone_steps)
    .values({"used_at": bindparam("at"), "sealed_kept": None})
    .where(_P.id == bindparam("wanted"), _P.used_at.is_(None), _P.expires_at > bindparam("now"))
)
_PURGE_STEPS = Prepared(delete(tables.phone_steps).where(_P.expires_at < bindparam("before")))

_R = tables.phone_refusals.c
_OF_MINUTE = _R.scope == bindparam("wanted"), _R.minute_at == bindparam("minute")
_FIRST_REFUSAL = RowInsert(tables.phone_refusals, ("scope", "minute_at", "amount"), once=True)
_REFUSAL = Prepared(update(tables.phone_refusals).values({"amount": _R.amount + 1}).where(*_OF_MINUTE))
_REFUSALS = Prepared(select(_R.amount).where(*_OF_MINUTE))
_PURGE_REFUSALS = Prepared(delete(tables.phone_refusals).where(_R.minute_at < bindparam("before")))


class DatabasePhoneAccounts:
    """``PhoneAccounts``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def add(self, account: PhoneAccount) -> None:
        _ACCOUNTS.add(self._connection, self._sealer, [account])

    def save(self, account: PhoneAccount) -> None:
        _ACCOUNTS.save(self._connection, self._sealer, account)

    def find(self, account_id: str) -> PhoneAccount | None:
        return _ACCOUNTS.find(self._connection, self._sealer, _ACCOUNT, wanted=account_id)

    def find_by_subject(self, provider: Provider, subject: str) -> PhoneAccount | None:
        return _ACCOUNTS.find(
            self._connection, self._sealer, _OF_SUBJECT, of_provider=str(provider), wanted=subject
        )

    def list_of_holder(self, holder: str) -> Sequence[PhoneAccount]:
        return _ACCOUNTS.all(self._connection, self._sealer, _OF_HOLDER, wanted=holder)


class DatabasePhoneSignIns:
    """``PhoneSignIns``; one that has ended stays as it ended."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def add(self, sign_in: PhoneSignIn) -> None:
        _SIGN_INS.add(self._connection, self._sealer, [sign_in])

    def save(self, sign_in: PhoneSignIn) -> None:
        if not _SIGN_INS.save(self._connection, self._sealer, sign_in, ended_at=None):
            raise Conflict(f"the sign-in {sign_in.id} has ended")

    def find(self, sign_in_id: str) -> PhoneSignIn | None:
        return _SIGN_INS.find(self._connection, self._sealer, _SIGN_IN, wanted=sign_in_id)

    def list_open_of(self, account_id: str, now: datetime) -> Sequence[PhoneSignIn]:
        return _SIGN_INS.all(self._connection, self._sealer, _OPEN_OF, wanted=account_id, now=now)

    def purge(self, before: datetime) -> int:
        """Forget phones, and their tokens, whose time was over before that; how many phones."""
        return _PURGE_SIGN_INS.change(self._connection, before=before)


class DatabasePhoneTokens:
    """``PhoneTokens``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def add(self, tokens: Sequence[PhoneToken]) -> None:
        _TOKENS.add(self._connection, self._sealer, tokens)

    def find(self, digest: str) -> PhoneToken | None:
        return _TOKENS.find(self._connection, self._sealer, _TOKEN, wanted=digest)

    def use(self, token: PhoneToken) -> bool:
        values = {"at": token.used_at, "with_salt": token.salt, "under": token.used_under}
        return _USE.change(self._connection, wanted=token.id, **values) == 1

    def add_step(self, step: PhoneStep) -> None:
        _STEPS.add(self._connection, self._sealer, [step])

    def use_step(self, digest: str, at: datetime) -> PhoneStep | None:
        step = _STEPS.find(self._connection, self._sealer, _STEP, wanted=digest)
        return step if _USE_STEP.change(self._connection, wanted=digest, at=at, now=at) == 1 else None

    def count_refusal(self, scope: str, minute_at: datetime) -> None:
        _FIRST_REFUSAL(self._connection, [(scope, minute_at, 0)])
        _REFUSAL.change(self._connection, wanted=scope, minute=minute_at)

    def get_refusals(self, scope: str, minute_at: datetime) -> int:
        row = _REFUSALS.row(self._connection, wanted=scope, minute=minute_at)
        return int(row[0]) if row else 0

    def purge(self, before: datetime) -> int:
        """Forget tokens, steps and refusals of the time before; how many rows."""
        purges = (_PURGE_TOKENS, _PURGE_STEPS, _PURGE_REFUSALS)
        return sum(each.change(self._connection, before=before) for each in purges)
