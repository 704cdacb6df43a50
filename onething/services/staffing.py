"""Accounts of the console: adding people, their roles and departments, disabling, resetting."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from onething.domain.actors import Actor
from onething.domain.catalog import CatalogError
from onething.domain.errors import NotFound
from onething.domain.records import AuditRow
from onething.domain.staff import (
    BadLogin,
    LoginTaken,
    NotOneself,
    Role,
    SecondFactor,
    Staff,
    UnknownDepartment,
    check_duties,
    check_password,
)
from onething.ports import Conflict, Ports, UnitOfWork

COMMAND_LINE = Actor(id="command line", kind="staff")
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
# No signs that are taken for one another when a given password is copied by hand.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def add_staff(
    ports: Ports,
    by: Actor,
    *,
    login: str,
    name: str,
    roles: Collection[Role],
    department: str | None = None,
    hall: str | None = None,
    password: str,
    given: bool = True,
) -> Staff:
    """Add an account; a given password must be changed at the first sign-in.

    Raises ``BadLogin``, ``LoginTaken``, ``RolesWanted``, ``DutiesCollide``, ``UnknownDepartment`` and
    ``PasswordTooWeak``.
    """
    login = login.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise BadLogin
    _check(ports, roles, department)
    check_password(login, password)
    staff = Staff(
        id=ports.chance.id(),
        login=login,
        name=name.strip() or login,
        roles=frozenset(roles),
        division=ports.settings.division,
        created_at=ports.clock.now(),
        department=department,
        hall=hall,
        password_given=given,
    )
    hashed = ports.staff_proof.passwords.hash(password)
    try:
        with ports.records.act() as uow:
            uow.staff.add(staff, hashed)
            _audit(ports, uow, by, "staff_added", staff)
    except Conflict:
        raise LoginTaken from None
    return staff


def change_staff(
    ports: Ports,
    by: Actor,
    staff_id: str,
    *,
    name: str,
    roles: Collection[Role],
    department: str | None,
    hall: str | None,
) -> Staff:
    """Change an account's name, roles, department and hall; its sessions end, so that roles count at once."""
    _check(ports, roles, department)
    if staff_id == by.id and Role.ADMIN not in roles:
        raise NotOneself
    with ports.records.act() as uow:
        before = _get(uow, staff_id)
        after = replace(
            before,
            name=name.strip() or before.login,
            roles=frozenset(roles),
            department=department,
            hall=hall,
        )
        uow.staff.save(after)
        if (after.roles, after.department) != (before.roles, before.department) and staff_id != by.id:
            uow.staff_sessions.end_all_of(staff_id, ports.clock.now(), "roles_changed")
        _audit(ports, uow, by, "staff_changed", after)
    return after


def set_disabled(ports: Ports, by: Actor, staff_id: str, *, disabled: bool) -> Staff:
    """Disable an account, ending its sessions, or let it in again."""
    if staff_id == by.id:
        raise NotOneself
    now = ports.clock.now()
    with ports.records.act() as uow:
        staff = replace(_get(uow, staff_id), disabled_at=now if disabled else None)
        uow.staff.save(staff)
        if disabled:
            uow.staff_sessions.end_all_of(staff_id, now, "disabled")
        _audit(ports, uow, by, "staff_disabled" if disabled else "staff_enabled", staff)
    return staff


def reset_second_factor(ports: Ports, by: Actor, staff_id: str) -> Staff:
    """Take the second factor away: the person enrols a new one at the next sign-in."""
    with ports.records.act() as uow:
        staff = replace(_get(uow, staff_id), second_factor_at=None)
        uow.staff.save(staff)
        uow.staff.set_second_factor(staff_id, None)
        uow.staff_sessions.end_all_of(staff_id, ports.clock.now(), "second_factor_reset")
        _audit(ports, uow, by, "second_factor_reset", staff)
    return staff


def reset_password(ports: Ports, by: Actor, staff_id: str) -> str:
    """A new given password, told once; the person must change it at the next sign-in."""
    password = make_password()
    hashed = ports.staff_proof.passwords.hash(password)
    with ports.records.act() as uow:
        staff = replace(_get(uow, staff_id), password_given=True)
        uow.staff.save(staff)
        uow.staff.set_password(staff_id, hashed)
        uow.staff_sessions.end_all_of(staff_id, ports.clock.now(), "password_reset")
        _audit(ports, uow, by, "password_reset", staff)
    return password


def enrol_second_factor(ports: Ports, by: Actor, staff_id: str) -> str:
    """Enrol a second factor for somebody, from the command line; gives its ``otpauth://`` address."""
    factors = ports.staff_proof.second_factors
    secret = factors.make_secret()
    with ports.records.act() as uow:
        staff = replace(_get(uow, staff_id), second_factor_at=ports.clock.now())
        uow.staff.save(staff)
        uow.staff.set_second_factor(staff_id, SecondFactor(secret, 0, frozenset()))
        _audit(ports, uow, by, "second_factor_enrolled", staff)
    return factors.uri(secret, staff.login)


def list_staff(ports: Ports) -> Sequence[Staff]:
    """Every account, disabled ones too, by login."""
    with ports.records.read() as uow:
        return uow.staff.list_all()


def get_staff(ports: Ports, staff_id: str) -> Staff:
    """Raises ``NotFound``."""
    with ports.records.read() as uow:
        return _get(uow, staff_id)


def find_by_login(ports: Ports, login: str) -> Staff | None:
    """None when there is no such login."""
    with ports.records.read() as uow:
        return uow.staff.find_by_login(login.strip().lower())


def names_of(ports: Ports, ids: Collection[str]) -> Mapping[str, str]:
    """Staff id to name, for timelines and lists; ids of nobody are left out."""
    with ports.records.read() as uow:
        found = (uow.staff.find(each) for each in set(ids))
        return {staff.id: staff.name for staff in found if staff}


def make_password() -> str:
    """Twenty signs, nearly a hundred bits: given once, on paper or by telephone."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(16))
    groups = "-".join(signs[at : at + 4] for at in range(0, 16, 4))
    # A digit and a letter are asked for; chance alone gives both nearly always.
    return groups if re.search(r"\d", groups) and re.search(r"[a-z]", groups) else make_password()


def _check(ports: Ports, roles: Collection[Role], department: str | None) -> None:
    check_duties(roles, department)
    if department is None:
        return
    try:
        _, catalog = ports.catalogs.current()
    except CatalogError:
        return
    if department not in catalog.departments:
        raise UnknownDepartment


def _get(uow: UnitOfWork, staff_id: str) -> Staff:
    staff = uow.staff.find(staff_id)
    if staff is None:
        raise NotFound
    return staff


def _audit(ports: Ports, uow: UnitOfWork, by: Actor, action: str, staff: Staff) -> None:
    detail = {
        "staff": staff.id,
        "roles": sorted(str(role) for role in staff.roles),
        "department": staff.department,
    }
    uow.audit.add(AuditRow(ports.clock.now(), by.id, by.kind, action, "staff administration", detail=detail))
