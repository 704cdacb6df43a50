"""Invitations and mandates as rows; who the people are and what they said is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete

from onething.domain.invitations import Invitation, InvitationState
from onething.domain.mandates import Mandate, MandateKind
from onething.ports import Conflict
from onething.storage import tables_together as tables
from onething.storage.kept_rows import KeptRows
from onething.storage.sealing import Sealer
from onething.storage.statements import Prepared

_I = tables.invitations.c
_INVITATIONS = KeptRows(tables.invitations, Invitation, sealed=("said",), reads={"state": InvitationState})
_INVITATION = Prepared(_INVITATIONS.select(_I.id == bindparam("wanted")))
_OF_TOKEN = Prepared(_INVITATIONS.select(_I.token == bindparam("wanted")))
_OF_CODE = Prepared(
    _INVITATIONS.select(_I.code == bindparam("wanted")).order_by(_I.made_at.desc(), _I.id).limit(1)
)
_OF_DRAFT = Prepared(
    _INVITATIONS.select(_I.draft == bindparam("wanted")).order_by(_I.made_at.desc(), _I.id).limit(100)
)
_OF_INVITED = Prepared(
    _INVITATIONS.select(_I.invited == bindparam("wanted")).order_by(_I.made_at.desc(), _I.id).limit(50)
)
_PURGE_INVITATIONS = Prepared(delete(tables.invitations).where(_I.expires_at < bindparam("before")))

_M = tables.mandates.c
_MANDATES = KeptRows(
    tables.mandates,
    Mandate,
    sealed=("people",),
    reads={"kind": MandateKind, "things": tuple, "matters": tuple},
)
_MANDATE = Prepared(_MANDATES.select(_M.id == bindparam("wanted")))
_MANDATE_OF_CODE = Prepared(_MANDATES.select(_M.code == bindparam("wanted")).limit(1))
_OF_PRINCIPAL = Prepared(
    _MANDATES.select(_M.principal == bindparam("wanted")).order_by(_M.made_at.desc(), _M.id).limit(100)
)
_OF_AGENT = Prepared(
    _MANDATES.select(
        _M.agent == bindparam("wanted"), _M.revoked_at.is_(None), _M.expires_at > bindparam("now")
    )
    .order_by(_M.made_at.desc(), _M.id)
    .limit(100)
)
_PURGE_MANDATES = Prepared(delete(tables.mandates).where(_M.expires_at < bindparam("before")))


class DatabaseInvitations:
    """``Invitations``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def add(self, invitation: Invitation) -> None:
        _INVITATIONS.add(self._connection, self._sealer, [invitation])

    def save(self, invitation: Invitation, was: Invitation) -> None:
        kept = {"state": was.state, "wrong_people": was.wrong_people, "invited": was.invited}
        if not _INVITATIONS.save(self._connection, self._sealer, invitation, **kept):
            raise Conflict(f"the invitation {invitation.id} has moved on")

    def find(self, invitation_id: str) -> Invitation | None:
        return _INVITATIONS.find(self._connection, self._sealer, _INVITATION, wanted=invitation_id)

    def find_by_token(self, digest: str) -> Invitation | None:
        return _INVITATIONS.find(self._connection, self._sealer, _OF_TOKEN, wanted=digest)

    def find_by_code(self, digest: str) -> Invitation | None:
        return _INVITATIONS.find(self._connection, self._sealer, _OF_CODE, wanted=digest)

    def list_of_draft(self, draft_id: str) -> Sequence[Invitation]:
        return _INVITATIONS.all(self._connection, self._sealer, _OF_DRAFT, wanted=draft_id)

    def list_of_invited(self, invited: str) -> Sequence[Invitation]:
        return _INVITATIONS.all(self._connection, self._sealer, _OF_INVITED, wanted=invited)

    def purge(self, before: datetime) -> int:
        """Forget invitations whose time was over before that; how many."""
        return _PURGE_INVITATIONS.change(self._connection, before=before)


class DatabaseMandates:
    """``Mandates``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def add(self, mandate: Mandate) -> None:
        _MANDATES.add(self._connection, self._sealer, [mandate])

    def save(self, mandate: Mandate, was: Mandate) -> None:
        kept = {"revoked_at": was.revoked_at, "taken_at": was.taken_at}
        if not _MANDATES.save(self._connection, self._sealer, mandate, **kept):
            raise Conflict(f"the mandate {mandate.id} has moved on")

    def find(self, mandate_id: str) -> Mandate | None:
        return _MANDATES.find(self._connection, self._sealer, _MANDATE, wanted=mandate_id)

    def find_by_code(self, digest: str) -> Mandate | None:
        return _MANDATES.find(self._connection, self._sealer, _MANDATE_OF_CODE, wanted=digest)

    def list_of_principal(self, principal: str) -> Sequence[Mandate]:
        return _MANDATES.all(self._connection, self._sealer, _OF_PRINCIPAL, wanted=principal)

    def list_of_agent(self, agent: str, now: datetime) -> Sequence[Mandate]:
        return _MANDATES.all(self._connection, self._sealer, _OF_AGENT, wanted=agent, now=now)

    def purge(self, before: datetime) -> int:
        """Forget mandates whose time was over before that; how many."""
        return _PURGE_MANDATES.change(self._connection, before=before)
