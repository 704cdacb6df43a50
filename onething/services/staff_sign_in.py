"""Signing in at the console: password, second factor, and the session that both together open."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from onething.domain.actors import Actor
from onething.domain.records import AuditRow
from onething.domain.staff import (
    Failures,
    SecondFactor,
    SignInLocked,
    SignInRefused,
    Staff,
    StaffSession,
    StaffSessionEnded,
    Stage,
    check_password,
)
from onething.ports import Ports, UnitOfWork

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=8)
# Between password and code, or while a second factor is being enrolled.
UNFINISHED = timedelta(minutes=10)
SEEN_EVERY = timedelta(minutes=1)
MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
UNPROVEN_STEP = -1


@dataclass(frozen=True)
class OnDuty:
    """Whose session a request belongs to."""

    staff: Staff
    session: StaffSession

    def actor(self) -> Actor:
        """Who acts, as services and the audit name them."""
        return Actor(
            id=self.staff.id,
            kind="staff",
            department=self.staff.department,
            roles=frozenset(str(role) for role in self.staff.roles),
            hall=self.staff.hall,
            division=self.staff.division,
        )


@dataclass(frozen=True)
class Begun:
    """A new session's token, how far it is, and what failed under this login before."""

    token: str = field(repr=False)
    stage: Stage
    before: Failures = Failures()
    recovery_codes: Sequence[str] = field(default=(), repr=False)


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator is given: the secret, its address and the QR as an SVG element."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)
    picture: str = field(repr=False)


def sign_in(ports: Ports, login: str, password: str) -> Begun:
    """Check a password; the same work and the same answer for logins that do not exist.

    Raises ``SignInRefused`` and ``SignInLocked``.
    """
    login = login.strip().lower()
    with ports.records.read() as uow:
        staff = uow.staff.find_by_login(login)
        known = uow.staff.find_password(staff.id) if staff else None
    good = ports.staff_proof.passwords.verify(known, password)
    now = ports.signature_clock.now()
    accepted = good and staff is not None and staff.disabled_at is None
    with ports.records.act() as uow:
        before = uow.staff_sessions.get_failures(_login_digest(ports, login))
        locked = _is_locked(before, now)
        if not accepted or locked:
            _count_failure(ports, uow, login, before, now)
            _audit(ports, uow, staff, "staff_sign_in", "locked" if locked else "refused")
        else:
            assert staff is not None
            begun = _begin(ports, uow, staff, _next_stage(staff, "password"), "password", before)
            _audit(ports, uow, staff, "staff_password_given", "ok")
            return begun
    raise SignInLocked if locked else SignInRefused


def sign_in_by_provider(ports: Ports, login: str) -> Begun:
    """Open a session for the login an identity provider has proven; its second factor is the provider's.

    Raises ``SignInRefused`` when there is no such account or it is disabled.
    """
    now = ports.signature_clock.now()
    with ports.records.act() as uow:
        staff = uow.staff.find_by_login(login.strip().lower())
        if staff is not None and staff.disabled_at is None:
            begun = _begin(ports, uow, staff, Stage.OPEN, "openid", Failures())
            return _opened(ports, uow, staff, begun, now)
        _audit(ports, uow, staff, "staff_sign_in", "refused", method="openid")
    raise SignInRefused


def get_session(
    ports: Ports, token: str, stages: Collection[Stage] = (Stage.OPEN,), *, keep_alive: bool = True
) -> OnDuty:
    """The live session behind a token; using it keeps it alive, unless it is a page that asks by itself.

    Raises ``StaffSessionEnded``.
    """
    now = ports.signature_clock.now()
    with ports.records.read() as uow:
        session = uow.staff_sessions.find_by_token(_digest(token))
        staff = uow.staff.find(session.staff) if session else None
    if session is None or staff is None or staff.disabled_at or session.ended_at:
        raise StaffSessionEnded
    if session.stage not in stages or now >= _end_of(session):
        raise StaffSessionEnded
    if keep_alive and now - session.seen_at >= SEEN_EVERY:
        with ports.records.act() as uow:
            uow.staff_sessions.touch(session.id, now)
    return OnDuty(staff, session)


def give_code(ports: Ports, token: str, code: str) -> Begun:
    """The second factor, or one of the recovery codes; the token changes with it.

    Raises ``StaffSessionEnded``, ``SignInRefused`` and ``SignInLocked``.
    """
    duty = get_session(ports, token, (Stage.SECOND_FACTOR,))
    now = ports.signature_clock.now()
    with ports.records.act() as uow:
        before = uow.staff_sessions.get_failures(_login_digest(ports, duty.staff.login))
        factor = uow.staff.find_second_factor(duty.staff.id)
        used = _use_code(ports, factor, code, now) if factor else None
        locked = _is_locked(before, now)
        if used is not None and not locked:
            uow.staff.set_second_factor(duty.staff.id, used)
            return _go_on(ports, uow, duty, before, now)
        _fail_code(ports, uow, duty, before, now)
    raise SignInLocked if locked else SignInRefused


def begin_enrolment(ports: Ports, token: str) -> Enrolment:
    """A new secret for an authenticator, the same again until it has been proven with a code."""
    duty = get_session(ports, token, (Stage.ENROLMENT,))
    factors = ports.staff_proof.second_factors
    with ports.records.act() as uow:
        factor = uow.staff.find_second_factor(duty.staff.id)
        if factor is None:
            factor = SecondFactor(factors.make_secret(), UNPROVEN_STEP, frozenset())
            uow.staff.set_second_factor(duty.staff.id, factor)
    uri = factors.uri(factor.secret, duty.staff.login)
    return Enrolment(factor.secret, uri, factors.picture(uri))


def finish_enrolment(ports: Ports, token: str, code: str) -> Begun:
    """Prove the new second factor with its first code; gives the recovery codes, once.

    Raises ``StaffSessionEnded``, ``SignInRefused`` and ``SignInLocked``.
    """
    duty = get_session(ports, token, (Stage.ENROLMENT,))
    now = ports.signature_clock.now()
    with ports.records.act() as uow:
        before = uow.staff_sessions.get_failures(_login_digest(ports, duty.staff.login))
        factor = uow.staff.find_second_factor(duty.staff.id)
        step = _find_step(ports, factor, code, now) if factor else None
        locked = _is_locked(before, now)
        if factor is not None and step is not None and not locked:
            return _enrolled(ports, uow, duty, replace(factor, last_step=step), before, now)
        _fail_code(ports, uow, duty, before, now)
    raise SignInLocked if locked else SignInRefused


def choose_password(ports: Ports, token: str, password: str) -> Begun:
    """Put a password of one's own in the place of a given one. Raises ``PasswordTooWeak``."""
    duty = get_session(ports, token, (Stage.NEW_PASSWORD,))
    check_password(duty.staff.login, password)
    hashed = ports.staff_proof.passwords.hash(password)
    now = ports.signature_clock.now()
    with ports.records.act() as uow:
        uow.staff.set_password(duty.staff.id, hashed)
        staff = replace(duty.staff, password_given=False)
        uow.staff.save(staff)
        _audit(ports, uow, staff, "staff_password_chosen", "ok")
        uow.staff_sessions.end(duty.session.id, now, "rotated")
        begun = _begin(ports, uow, staff, Stage.OPEN, duty.session.method, Failures())
        return _opened(ports, uow, staff, begun, now)


def sign_out(ports: Ports, token: str, *, everywhere: bool = False) -> None:
    """End this session, or every one of this person; a token of nobody is no error."""
    now = ports.signature_clock.now()
    with ports.records.act() as uow:
        session = uow.staff_sessions.find_by_token(_digest(token))
        if session is None or session.ended_at:
            return
        if everywhere:
            uow.staff_sessions.end_all_of(session.staff, now, "signed_out_everywhere")
        else:
            uow.staff_sessions.end(session.id, now, "signed_out")
        cause = "everywhere" if everywhere else "here"
        _audit(ports, uow, uow.staff.find(session.staff), "staff_signed_out", "ok", where=cause)


def note_refused(ports: Ports, duty: OnDuty, page: str) -> None:
    """Somebody asked for a page of another role: nothing is shown, and it is written down."""
    with ports.records.act() as uow:
        _audit(ports, uow, duty.staff, "page_refused", "refused", page=page)


def _go_on(ports: Ports, uow: UnitOfWork, duty: OnDuty, before: Failures, now: datetime) -> Begun:
    """Both factors are proven: a new token, and the failures forgotten."""
    uow.staff_sessions.end(duty.session.id, now, "rotated")
    uow.staff_sessions.set_failures(_login_digest(ports, duty.staff.login), Failures())
    stage = Stage.NEW_PASSWORD if duty.staff.password_given else Stage.OPEN
    begun = _begin(ports, uow, duty.staff, stage, duty.session.method, before)
    return _opened(ports, uow, duty.staff, begun, now)


def _enrolled(
    ports: Ports, uow: UnitOfWork, duty: OnDuty, factor: SecondFactor, before: Failures, now: datetime
) -> Begun:
    codes = ports.staff_proof.second_factors.make_recovery_codes()
    digests = frozenset(_digest(_plain(code)) for code in codes)
    uow.staff.set_second_factor(duty.staff.id, replace(factor, recovery=digests))
    staff = replace(duty.staff, second_factor_at=now)
    uow.staff.save(staff)
    _audit(ports, uow, staff, "second_factor_enrolled", "ok")
    return replace(_go_on(ports, uow, replace(duty, staff=staff), before, now), recovery_codes=codes)


def _begin(ports: Ports, uow: UnitOfWork, staff: Staff, stage: Stage, method: str, before: Failures) -> Begun:
    now, token = ports.signature_clock.now(), ports.chance.token()
    session = StaffSession(ports.chance.id(), staff.id, stage, method, now, now)
    uow.staff_sessions.add(session, _digest(token))
    return Begun(token, stage, before)


def _opened(ports: Ports, uow: UnitOfWork, staff: Staff, begun: Begun, now: datetime) -> Begun:
    if begun.stage is Stage.OPEN:
        uow.staff.save(replace(staff, signed_in_at=now))
        _audit(ports, uow, staff, "staff_sign_in", "ok")
    return begun


def _next_stage(staff: Staff, _method: str) -> Stage:
    return Stage.SECOND_FACTOR if staff.second_factor_at else Stage.ENROLMENT


def _end_of(session: StaffSession) -> datetime:
    if session.stage is not Stage.OPEN:
        return session.started_at + UNFINISHED
    return min(session.seen_at + IDLE, session.started_at + LONGEST)


def _use_code(ports: Ports, factor: SecondFactor, code: str, now: datetime) -> SecondFactor | None:
    """The second factor after this code was used; None when the code is not good or was used before."""
    step = _find_step(ports, factor, code, now)
    if step is not None:
        return replace(factor, last_step=step)
    digest = _digest(_plain(code))
    return replace(factor, recovery=factor.recovery - {digest}) if digest in factor.recovery else None


def _find_step(ports: Ports, factor: SecondFactor, code: str, now: datetime) -> int | None:
    digits = code.replace(" ", "")
    if not (len(digits) == 6 and digits.isascii() and digits.isdigit()):
        return None
    step = ports.staff_proof.second_factors.find_step(factor.secret, digits, now)
    return step if step is not None and step > factor.last_step else None


def _fail_code(ports: Ports, uow: UnitOfWork, duty: OnDuty, before: Failures, now: datetime) -> None:
    _count_failure(ports, uow, duty.staff.login, before, now)
    if before.count + 1 >= MOST_FAILURES:
        uow.staff_sessions.end(duty.session.id, now, "locked")
    _audit(ports, uow, duty.staff, "second_factor", "refused")


def _count_failure(ports: Ports, uow: UnitOfWork, login: str, before: Failures, now: datetime) -> None:
    """While locked nothing is counted: a lock ends by itself, whoever goes on trying."""
    if _is_locked(before, now):
        return
    # A lock that is over begins the count anew.
    count = 1 if before.locked_until else before.count + 1
    until = now + LOCKED_FOR if count >= MOST_FAILURES else None
    uow.staff_sessions.set_failures(_login_digest(ports, login), Failures(count, now, until))


def _is_locked(failures: Failures, now: datetime) -> bool:
    return failures.locked_until is not None and now < failures.locked_until


def _login_digest(ports: Ports, login: str) -> str:
    """Blind: people type their passwords into the wrong field."""
    return ports.index.of_number(f"staff login {login}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(code: str) -> str:
    return code.replace("-", "").replace(" ", "").upper()


def _audit(
    ports: Ports, uow: UnitOfWork, staff: Staff | None, action: str, result: str, **detail: str
) -> None:
    actor = staff.id if staff else "unknown"
    uow.audit.add(
        AuditRow(ports.clock.now(), actor, "staff", action, "console", result=result, detail=detail)
    )
