"""Codes, proofs and numbers of the second check; numbers are sealed, codes are keyed digests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, update

from onething.domain.stepping_up import MOST_GUESSES, KnownBy, Proof, ProvenBy, ProvenMobile, SentCode
from onething.storage import tables_stepping_up as tables
from onething.storage.kept_rows import KeptRows
from onething.storage.sealing import Sealer
from onething.storage.statements import Prepared

_C = tables.step_up_codes.c
_CODES = KeptRows(tables.step_up_codes, SentCode, sealed=("mobile",), reads={"known_by": KnownBy})
_LAST = Prepared(
    _CODES.select(_C.session == bindparam("wanted"), _C.used_at.is_(None))
    .order_by(_C.sent_at.desc())
    .limit(1)
)
_SUPERSEDE = Prepared(
    update(tables.step_up_codes)
    .values({"used_at": bindparam("at"), "sealed_mobile": None})
    .where(_C.session == bindparam("of_session"), _C.used_at.is_(None))
)
_GUESS = Prepared(
    update(tables.step_up_codes)
    .values({"guesses": _C.guesses + 1})
    .where(
        _C.id == bindparam("wanted"),
        _C.guesses < MOST_GUESSES,
        _C.used_at.is_(None),
        _C.expires_at > bindparam("now"),
    )
)
_USE = Prepared(
    update(tables.step_up_codes)
    .values({"used_at": bindparam("at"), "sealed_mobile": None})
    .where(_C.id == bindparam("wanted"), _C.used_at.is_(None))
)
_PURGE_CODES = Prepared(delete(tables.step_up_codes).where(_C.sent_at < bindparam("before")))

_P = tables.step_up_proofs.c
_PROOFS = KeptRows(tables.step_up_proofs, Proof, reads={"by": ProvenBy})
_PROOF = Prepared(_PROOFS.select(_P.id == bindparam("wanted")))

_M = tables.proven_mobiles.c
_MOBILES = KeptRows(tables.proven_mobiles, ProvenMobile, sealed=("mobile",))
_MOBILE = Prepared(_MOBILES.select(_M.id == bindparam("wanted")))
_FORGET_MOBILE = Prepared(delete(tables.proven_mobiles).where(_M.id == bindparam("wanted")))
_PURGE_MOBILES = Prepared(delete(tables.proven_mobiles).where(_M.proven_at < bindparam("before")))


class DatabaseStepUps:
    """``StepUps``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def add_code(self, code: SentCode) -> None:
        _SUPERSEDE.change(self._connection, of_session=code.session, at=code.sent_at)
        _CODES.add(self._connection, self._sealer, [code])

    def find_code(self, session: str) -> SentCode | None:
        return _CODES.find(self._connection, self._sealer, _LAST, wanted=session)

    def count_guess(self, code_id: str, now: datetime) -> bool:
        return _GUESS.change(self._connection, wanted=code_id, now=now) == 1

    def use_code(self, code_id: str, now: datetime) -> None:
        _USE.change(self._connection, wanted=code_id, at=now)

    def put_proof(self, proof: Proof) -> None:
        if not _PROOFS.save(self._connection, self._sealer, proof):
            _PROOFS.add(self._connection, self._sealer, [proof])

    def find_proof(self, session: str) -> Proof | None:
        return _PROOFS.find(self._connection, self._sealer, _PROOF, wanted=session)

    def put_mobile(self, mobile: ProvenMobile) -> None:
        if not _MOBILES.save(self._connection, self._sealer, mobile):
            _MOBILES.add(self._connection, self._sealer, [mobile])

    def find_mobile(self, person: str) -> ProvenMobile | None:
        return _MOBILES.find(self._connection, self._sealer, _MOBILE, wanted=person)

    def forget_mobile(self, person: str) -> None:
        _FORGET_MOBILE.change(self._connection, wanted=person)

    def purge(self, codes_before: datetime, mobiles_before: datetime) -> int:
        codes = _PURGE_CODES.change(self._connection, before=codes_before)
        return codes + _PURGE_MOBILES.change(self._connection, before=mobiles_before)
