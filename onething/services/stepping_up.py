"""The second check of who acts: codes by text message, a verifier's word, a clerk who has compared.

Nothing of a draft hangs on it but its submission: whoever gets no text loses nothing, and goes to a window.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from onething.domain.assurance import CARD, WITH_VERIFIER
from onething.domain.errors import TooBusy
from onething.domain.messages import MessageKind
from onething.domain.records import Session
from onething.domain.stepping_up import (
    CHECKS_OF_A_PERSON,
    CODE_LASTS,
    LEVEL_OF,
    PROOF_LASTS,
    SENT_FROM_A_PLACE,
    SENT_TO_A_PERSON,
    CodeRefused,
    KnownBy,
    NoMobile,
    NoSuchWay,
    NothingToStepUp,
    NotVerified,
    Proof,
    ProvenBy,
    ProvenMobile,
    SentCode,
    TooManyCodes,
    draw_code,
    plain_code,
)
from onething.domain.working_days import SHANGHAI
from onething.ports import Conflict, Ports, UnitOfWork
from onething.services.assured import person_of, ways_at
from onething.services.desk import Desk, audited, lay_out, with_standing
from onething.services.draft_view import view_of
from onething.services.filling import view_draft
from onething.services.holding import must_hold
from onething.services.messaging import tell

_TRIES = 5


class _UnderWay(Exception):
    """The last code may still arrive: nothing is sent, and nothing is counted."""


_Act = Callable[[UnitOfWork, Desk, datetime], bool]


def send_code(ports: Ports, session: Session, draft_id: str) -> dict[str, Any]:
    """Send a code to the person's number; asked again within a minute, the one under way is left to arrive.

    The draft's view. Raises ``NothingToStepUp``, ``NoSuchWay``, ``NoMobile``, ``TooManyCodes`` and
    ``NotFound``.
    """

    def send(uow: UnitOfWork, desk: Desk, now: datetime) -> bool:
        if "code" not in ways_at(ports, session) or desk.plan.assurance.level == WITH_VERIFIER:
            raise NoSuchWay
        # The count's row is locked from here on: of two touches the second finds the first one's code.
        _count(uow, _scopes(session), now)
        last = uow.step_ups.find_code(session.id)
        if last is not None and last.is_live(now) and not last.may_be_resent(now):
            raise _UnderWay
        _send(ports, uow, session, desk, now)
        return True

    try:
        return _done(ports, session, draft_id, send, NoSuchWay)
    except _UnderWay:
        return view_draft(ports, session, draft_id)


def give_code(ports: Ports, session: Session, draft_id: str, typed: str) -> dict[str, Any]:
    """Take the code as it was typed; each guess is counted, whatever becomes of it.

    The draft's view. Raises ``CodeRefused`` whatever is wrong, ``NothingToStepUp`` and ``NotFound``.
    """

    def take(uow: UnitOfWork, desk: Desk, now: datetime) -> bool:
        code = uow.step_ups.find_code(session.id)
        counted = code is not None and uow.step_ups.count_guess(code.id, now)
        if code is None or not counted or not _is_it(ports, code, typed):
            if _is_met(with_standing(ports, uow, desk, session, now)):
                uow.audit.add(audited(session, desk, now, "draft_read"))
                return True  # the same code came twice at once, and the other was first
            uow.audit.add(audited(session, desk, now, "step_up_refused", by=ProvenBy.CODE))
            return False
        uow.step_ups.use_code(code.id, now)
        if code.known_by is not KnownBy.REGISTER and code.mobile:
            uow.step_ups.put_mobile(ProvenMobile(code.person, now, code.mobile))
        _prove(uow, session, desk, now, ProvenBy.CODE)
        return True

    return _done(ports, session, draft_id, take, CodeRefused)


def verify(ports: Ports, session: Session, draft_id: str, verifier: str, evidence: str) -> dict[str, Any]:
    """Ask a verifier what its evidence is worth; nothing is held while it is asked.

    The draft's view. Raises ``NotVerified``, ``VerifierUnavailable``, ``NoSuchWay``, ``TooManyCodes``,
    ``NothingToStepUp`` and ``NotFound``.
    """
    with ports.records.act() as uow:
        now = ports.clock.now()
        desk = _asking(ports, uow, session, draft_id)
        asked = ports.verifiers.get(verifier)
        if asked is None or session.clerk or session.agent:
            raise NoSuchWay
        _count(uow, {f"verify:{person_of(session)}"[:80]: CHECKS_OF_A_PERSON}, now)
        uow.audit.add(
            audited(session, desk, now, "verifier_asked", by=ProvenBy.VERIFIER, verifier=asked.name)
        )
    person = {fact: session.card[fact] for fact in ("name", "id_number")}
    proven = asked.has_proven(person, evidence)

    def take(uow: UnitOfWork, desk: Desk, now: datetime) -> bool:
        if proven:
            _prove(uow, session, desk, now, ProvenBy.VERIFIER)
        else:
            uow.audit.add(audited(session, desk, now, "step_up_refused", by=ProvenBy.VERIFIER))
        return proven

    return _done(ports, session, draft_id, take, NotVerified)


def vouch(ports: Ports, session: Session, draft_id: str) -> dict[str, Any]:
    """A clerk has held the face before them against the card: as sure as it gets.

    The number that was proven before is forgotten, so that somebody with a new one is not kept out by it.
    Raises ``NoSuchWay`` anywhere but at a window with the person there, ``NothingToStepUp`` and ``NotFound``.
    """
    if not session.clerk or session.mandate:
        raise NoSuchWay

    def take(uow: UnitOfWork, desk: Desk, now: datetime) -> bool:
        uow.step_ups.forget_mobile(session.holder)
        _prove(uow, session, desk, now, ProvenBy.CLERK)
        return True

    return _done(ports, session, draft_id, take, NoSuchWay)


def _done(
    ports: Ports, session: Session, draft_id: str, act: _Act, refused: Callable[[], Exception]
) -> dict[str, Any]:
    """Act and look at the draft again; a refused try is kept all the same, for it was counted."""
    for _ in range(_TRIES):
        try:
            with ports.records.act() as uow:
                now = ports.clock.now()
                desk = _asking(ports, uow, session, draft_id)
                must_hold(uow, session, desk.draft, now)
                if _is_met(desk):
                    uow.audit.add(audited(session, desk, now, "draft_read"))
                    return view_of(desk)
                if act(uow, desk, now):
                    return view_of(with_standing(ports, uow, desk, session, now))
        except Conflict:
            continue
        raise refused()
    raise TooBusy


def _asking(ports: Ports, uow: UnitOfWork, session: Session, draft_id: str) -> Desk:
    desk = lay_out(ports, uow, session, draft_id)
    if desk.plan.assurance.level == CARD:
        raise NothingToStepUp
    return desk


def _is_met(desk: Desk) -> bool:
    return desk.standing is not None and desk.standing.meets(desk.plan)


def _send(ports: Ports, uow: UnitOfWork, session: Session, desk: Desk, now: datetime) -> None:
    standing = desk.standing
    if standing is None or standing.mobile is None or standing.known_by is None:
        raise NoMobile
    digits, code_id = draw_code(secrets.choice), ports.chance.id()
    uow.step_ups.add_code(
        SentCode(
            id=code_id,
            session=session.id,
            person=person_of(session),
            digest=_digest(ports, code_id, digits),
            known_by=standing.known_by,
            sent_at=now,
            expires_at=now + CODE_LASTS,
            mobile=standing.mobile,
        )
    )
    kind = MessageKind.STEP_UP_CODE
    tell(ports, uow, kind, None, about=code_id, link="/m/", mobile=standing.mobile, code=digits)
    uow.audit.add(
        audited(session, desk, now, "step_up_code_sent", by=ProvenBy.CODE, known_by=standing.known_by.value)
    )


def _digest(ports: Ports, code_id: str, digits: str) -> str:
    """Keyed: a million codes are tried in no time by whoever has the rows alone."""
    return ports.index.of_number(f"step up {code_id} {digits}")


def _is_it(ports: Ports, code: SentCode, typed: str) -> bool:
    return hmac.compare_digest(code.digest, _digest(ports, code.id, plain_code(typed)))


def _scopes(session: Session) -> Mapping[str, int]:
    return {
        f"step-up:{person_of(session)}"[:80]: SENT_TO_A_PERSON,
        f"step-up:at:{session.terminal}"[:80]: SENT_FROM_A_PLACE,
    }


def _count(uow: UnitOfWork, scopes: Mapping[str, int], now: datetime) -> None:
    """Count one more of today; raises ``TooManyCodes``, and then nothing is counted."""
    today_at = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    day_at = today_at.astimezone(now.tzinfo)
    for scope, most in scopes.items():
        uow.phone_tokens.count_refusal(scope, day_at)
        if uow.phone_tokens.get_refusals(scope, day_at) > most:
            raise TooManyCodes


def _prove(uow: UnitOfWork, session: Session, desk: Desk, now: datetime, by: ProvenBy) -> None:
    uow.step_ups.put_proof(Proof(session.id, LEVEL_OF[by], by, now, now + PROOF_LASTS))
    uow.audit.add(audited(session, desk, now, "stepped_up", by=by))
