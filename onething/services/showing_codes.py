"""Showing codes: a phone shows who its person is, or a licence of theirs; read once within a minute."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onething.domain.errors import NotFound
from onething.domain.masking import mask_name
from onething.domain.phones import TooManyRefusals
from onething.domain.records import AuditRow, Case, Session
from onething.domain.results import Result
from onething.domain.showing_codes import (
    REFUSALS_FOR_EACH_PLACE,
    REFUSALS_IN_ALL,
    SHOWN_FOR,
    ShowingCode,
    ShowingCodeRefused,
    ShowingKind,
    showing_text,
    token_in,
)
from onething.domain.working_days import SHANGHAI
from onething.ports import Ports, UnitOfWork
from onething.services.licences import label_of, list_own
from onething.services.phone_tokens import digest_of
from onething.services.wording import both

_WEB = "web"
# Whoever opens the page behind a licence's code is nobody we know; everything else that reads is a kiosk.
_READER_KIND = {_WEB: "public"}


@dataclass(frozen=True)
class Shown:
    """What a code that was just read shows: whose phone it was, and for a licence the result's id."""

    kind: ShowingKind
    session: Session
    licence: str | None = None


def issue(ports: Ports, session: Session, kind: str, licence: str | None = None) -> dict[str, str]:
    """A new code: ``text`` for the QR, ``expires_at``; earlier ones live out their minute.

    ``licence`` is the id of a result of the person's own cases; raises ``NotFound`` for any other.
    """
    wanted, now, token = ShowingKind(kind), ports.clock.now(), ports.chance.token()
    code = ShowingCode(digest_of(token), wanted, session.id, now, now + SHOWN_FOR, licence)
    with ports.records.act() as uow:
        if wanted is ShowingKind.LICENCE:
            find_own_licence(uow, session.holder, licence or "")
        uow.showing_codes.forget_old(session.id, now)
        uow.showing_codes.add(code)
        uow.audit.add(_audited(session, now, "showing_code_issued", session.actor, session.terminal, wanted))
    text = showing_text(wanted, token, ports.settings.public_url)
    return {"text": text, "expires_at": code.expires_at.isoformat()}


def redeem(ports: Ports, text: str, terminal: str, kind: str) -> Shown:
    """Read a code, once: the sitting on the phone that showed it is live, and proven by real name.

    ``terminal`` is the kiosk that read it, or ``web:`` and the address of who opened the page. Raises
    ``ShowingCodeRefused`` whatever is wrong with the code, and ``TooManyRefusals``.
    """
    wanted, now = ShowingKind(kind), ports.clock.now()
    reader = _WEB if terminal.startswith(f"{_WEB}:") else terminal
    with _counted(ports, terminal, now), ports.records.act() as uow:
        shown = _read(uow, digest_of(token_in(wanted, text)), wanted, reader, now)
        if shown is None:
            raise ShowingCodeRefused
        uow.audit.add(_audited(shown.session, now, "showing_code_read", reader, reader, wanted))
        return shown


def _read(uow: UnitOfWork, digest: str, kind: ShowingKind, terminal: str, now: datetime) -> Shown | None:
    found = uow.showing_codes.find(digest)
    if found is None or found.kind is not kind:
        return None
    code = uow.showing_codes.use(digest, now, terminal)
    session = uow.sessions.find(code.session) if code else None
    if code is None or session is None or session.ended_at or session.expires_at <= now:
        return None
    return Shown(kind, session, code.licence)


def read_licence(ports: Ports, text: str, address: str) -> dict[str, Any]:
    """What the page behind a licence's code says to whoever scanned it; raises as ``redeem`` does."""
    shown = redeem(ports, text, f"{_WEB}:{address}", ShowingKind.LICENCE)
    with ports.records.read() as uow:
        case, result = find_own_licence(uow, shown.session.holder, shown.licence or "")
    department = ports.catalogs.get(case.revision).departments[result.department].label
    return {
        **both(label_of(ports, case, result)),
        "identifier": result.identifier,
        "holder_masked": mask_name(str(shown.session.card["name"])),
        "department_zh": department.zh,
        "department_en": department.en,
        "issued_on": result.completed_at.astimezone(SHANGHAI).date().isoformat(),
        "shown_at": ports.clock.now().astimezone(SHANGHAI).isoformat(timespec="seconds"),
    }


def find_own_licence(uow: UnitOfWork, holder: str, result_id: str) -> tuple[Case, Result]:
    """An e-licence that a case of this person brought, with its case; raises ``NotFound``."""
    for case, result in list_own(uow, holder):
        if result.id == result_id:
            return case, result
    raise NotFound


@contextmanager
def _counted(ports: Ports, place: str, now: datetime) -> Iterator[None]:
    """A reading at this place: refusals are counted by the minute, and too many stop all readings."""
    minute_at = now.replace(second=0, microsecond=0)
    limits = {"showing:all": REFUSALS_IN_ALL, f"showing:{place}"[:80]: REFUSALS_FOR_EACH_PLACE}
    with ports.records.read() as uow:
        if any(uow.phone_tokens.get_refusals(scope, minute_at) >= most for scope, most in limits.items()):
            raise TooManyRefusals
    try:
        yield
    except ShowingCodeRefused:
        with ports.records.act() as uow:
            for scope in limits:
                uow.phone_tokens.count_refusal(scope, minute_at)
        raise


def _audited(
    session: Session, at: datetime, action: str, actor: str, place: str, kind: ShowingKind
) -> AuditRow:
    return AuditRow(
        at=at,
        actor=actor,
        actor_kind=session.actor_kind if actor == session.actor else _READER_KIND.get(actor, "terminal"),
        action=action,
        purpose="showing code",
        subject=session.holder,
        terminal=place,
        detail={"kind": str(kind)},
    )
