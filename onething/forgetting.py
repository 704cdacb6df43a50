"""What is forgotten when its time is over, each kind in an act of its own that may be run again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from onething.domain.invitations import KEPT as INVITATIONS_KEPT
from onething.domain.mandates import KEPT as MANDATES_KEPT
from onething.domain.messages import INBOX_KEPT
from onething.domain.stepping_up import CODES_KEPT, MOBILES_KEPT
from onething.ports import Ports
from onething.storage.unit_of_work import DatabaseUnitOfWork

# Twice what a signature may be old and skewed, so that no nonce is forgotten while it still counts.
NONCES_KEPT = timedelta(minutes=10)
KEYS_KEPT = timedelta(days=30)
STAFF_SESSIONS_KEPT = timedelta(days=30)
# What was on a card, after its sitting was over.
SESSIONS_KEPT = timedelta(days=30)
# A used token is known again for as long as it could still be sent; a phone that has ended a while longer.
TOKENS_KEPT = timedelta(days=1)
SIGN_INS_KEPT = timedelta(days=30)
ANSWERS_KEPT = timedelta(days=400)  # a bulletin speaks of its month and the one before; a year is asked for
_HOUR, _DAY = 3600.0, 86400.0


@dataclass(frozen=True)
class Now:
    """The county's time, and the one that signatures and sittings of staff are judged by."""

    at: datetime
    signed: datetime
    draft_lasts: timedelta

    @classmethod
    def of(cls, ports: Ports) -> Now:
        return cls(ports.clock.now(), ports.signature_clock.now(), timedelta(days=ports.settings.draft_days))


@dataclass(frozen=True)
class Forgotten:
    """``forget`` deletes what is over and says how much that was."""

    name: str
    every_seconds: float
    forget: Callable[[DatabaseUnitOfWork, Now], int]


def _nonces(uow: DatabaseUnitOfWork, now: Now) -> int:
    before = now.signed - NONCES_KEPT
    return uow.terminals.purge_nonces(before) + uow.partner_nonces.purge_nonces(before)


def _phones(uow: DatabaseUnitOfWork, now: Now) -> int:
    forgotten = uow.handovers.purge(now.at - TOKENS_KEPT) + uow.phone_tokens.purge(now.at - TOKENS_KEPT)
    return forgotten + uow.phone_sign_ins.purge(now.at - SIGN_INS_KEPT)


def _step_ups(uow: DatabaseUnitOfWork, now: Now) -> int:
    return uow.step_ups.purge(now.at - CODES_KEPT, now.at - MOBILES_KEPT)


def _tallies(uow: DatabaseUnitOfWork, now: Now) -> int:
    return uow.tallies.remove_empty() + uow.tallies.remove_answers(now.at - ANSWERS_KEPT)


# The bytes of pages go as those of any file without a row.
FORGOTTEN = (
    Forgotten("nonces_forgotten", 300.0, _nonces),
    Forgotten("phones_forgotten", _HOUR, _phones),
    Forgotten("step_ups_forgotten", _HOUR, _step_ups),
    Forgotten("tallies_tidied", _HOUR, _tallies),
    Forgotten("uploads_forgotten", _HOUR, lambda uow, now: uow.uploads.purge(now.at)),
    Forgotten(
        "invitations_forgotten", _DAY, lambda uow, now: uow.invitations.purge(now.at - INVITATIONS_KEPT)
    ),
    Forgotten("mandates_forgotten", _DAY, lambda uow, now: uow.mandates.purge(now.at - MANDATES_KEPT)),
    Forgotten("keys_forgotten", _DAY, lambda uow, now: uow.keys.purge(now.at - KEYS_KEPT)),
    Forgotten(
        "staff_sessions_forgotten",
        _DAY,
        lambda uow, now: uow.staff_sessions.purge(now.signed - STAFF_SESSIONS_KEPT),
    ),
    Forgotten("messages_forgotten", _DAY, lambda uow, now: uow.messages.purge(now.at - INBOX_KEPT)),
    Forgotten(
        "drafts_forgotten", _DAY, lambda uow, now: uow.retention.forget_left_drafts(now.at - now.draft_lasts)
    ),
    Forgotten(
        "sessions_forgotten", _DAY, lambda uow, now: uow.retention.forget_sessions(now.at - SESSIONS_KEPT)
    ),
)
