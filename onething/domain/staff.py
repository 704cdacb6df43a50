"""Who works at the console: roles, the duties that stay apart, and why a sign-in is refused."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from onething.domain.dictionary import Label
from onething.domain.errors import Refusal


class Role(StrEnum):
    """What a person at the console may do."""

    CLERK = "clerk"
    DEPARTMENT = "department"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    TECHNICIAN = "technician"
    EDITOR = "editor"
    ADMIN = "admin"


ROLE_NAMES = {
    Role.CLERK: Label("综合窗口", "Window clerk"),
    Role.DEPARTMENT: Label("部门经办", "Department officer"),
    Role.SUPERVISOR: Label("督办监管", "Supervisor"),
    Role.AUDITOR: Label("安全审计", "Auditor"),
    Role.TECHNICIAN: Label("设备运维", "Technician"),
    Role.EDITOR: Label("目录编辑", "Catalogue editor"),
    Role.ADMIN: Label("账号管理", "Account administrator"),
}
# Who makes accounts and who reads the audit may do nothing else, and not each other's work either.
SEPARATED = frozenset({Role.ADMIN, Role.AUDITOR})
HANDLING = frozenset(Role) - SEPARATED
SHORTEST_PASSWORD = 10


@dataclass(frozen=True)
class Staff:
    """One account. ``department`` is a department's code of the catalog, ``hall`` where a clerk sits.

    ``password_given`` is true while the password is one that somebody else chose.
    """

    id: str
    login: str
    name: str
    roles: frozenset[Role]
    division: str
    created_at: datetime
    department: str | None = None
    hall: str | None = None
    disabled_at: datetime | None = None
    password_given: bool = False
    second_factor_at: datetime | None = None
    signed_in_at: datetime | None = None

    def may(self, roles: Collection[Role]) -> bool:
        """Whether one of these roles is held; an empty collection asks for none."""
        return not roles or not self.roles.isdisjoint(roles)


class Stage(StrEnum):
    """How far a sign-in has come; only ``OPEN`` opens a page."""

    SECOND_FACTOR = "second_factor"
    ENROLMENT = "enrolment"
    NEW_PASSWORD = "new_password"  # noqa: S105
    OPEN = "open"


@dataclass(frozen=True)
class StaffSession:
    """Somebody signed in, or on the way; ``method`` is ``password`` or ``openid``."""

    id: str
    staff: str
    stage: Stage
    method: str
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None
    end_cause: str | None = None


@dataclass(frozen=True)
class Failures:
    """What went wrong under one login since its last good sign-in."""

    count: int = 0
    last_at: datetime | None = None
    locked_until: datetime | None = None


@dataclass(frozen=True)
class SecondFactor:
    """A person's second factor: ``secret`` in base32, the last time step used, digests of unused codes."""

    secret: str = field(repr=False)
    last_step: int
    recovery: frozenset[str]


class SignInRefused(Refusal):
    """Login, password or code is wrong; never says which, nor whether there is such a login."""

    reason = "sign_in_refused"
    status_hint = "unauthorised"
    text = Label("账号、密码或验证码不正确", "The login, the password or the code is not right")


class ProviderFailed(Refusal):
    """The identity provider did not answer, or what came back proves nothing."""

    reason = "provider_failed"
    status_hint = "unauthorised"
    text = Label(
        "统一身份认证没有成功，请重试或用密码登录",
        "The identity provider did not prove who you are; try again or use your password",
    )


class SignInLocked(Refusal):
    """Too many failures under this login, whether or not it exists."""

    reason = "sign_in_locked"
    status_hint = "unauthorised"
    text = Label(
        "连续多次未通过，该账号名暂停登录15分钟",
        "Too many failures: signing in under this name is stopped for 15 minutes",
    )


class StaffSessionEnded(Refusal):
    """Nobody is signed in here, or not any longer."""

    reason = "staff_session_ended"
    status_hint = "unauthorised"
    text = Label("登录已结束，请重新登录", "Your session has ended; please sign in again")


class RoleMissing(Refusal):
    """Signed in, and this page belongs to other roles."""

    reason = "role_missing"
    status_hint = "forbidden"
    text = Label("您的角色不能使用本页", "This page is not for your role")


class DutiesCollide(Refusal):
    """Roles that one person may not hold together."""

    reason = "duties_collide"
    text = Label(
        "“账号管理”和“安全审计”不得互兼，也不得兼任其他角色",
        "Account administration and auditing go with no other role and not with each other",
    )


class RolesWanted(Refusal):
    """An account without any role, or a department's officer without a department."""

    reason = "roles_wanted"
    text = Label(
        "至少选一个角色；部门经办还要选部门", "Choose a role; an officer of a department needs the department"
    )


class UnknownDepartment(Refusal):
    """No such department in the current catalog."""

    reason = "unknown_department"
    text = Label("目录里没有这个部门", "The catalog has no such department")


class LoginTaken(Refusal):
    """Somebody has this login, perhaps disabled: a login is never given twice."""

    reason = "login_taken"
    status_hint = "conflict"
    text = Label("这个账号名已有人使用", "This login is taken")


class BadLogin(Refusal):
    """A login that cannot be typed without doubt."""

    reason = "bad_login"
    text = Label(
        "账号名用3至40位小写字母、数字和 . _ -", "A login has 3 to 40 lower-case letters, digits and . _ -"
    )


class PasswordTooWeak(Refusal):
    """Too short, or holding the login."""

    reason = "password_too_weak"
    text = Label(
        "密码至少10位，不能包含账号名，不能全是同一类字符",
        "A password has at least 10 characters of two kinds and does not hold the login",
    )


class NotOneself(Refusal):
    """An administrator cannot lock themselves out."""

    reason = "not_oneself"
    status_hint = "conflict"
    text = Label("不能对自己的账号这样做", "This cannot be done to one's own account")


def check_duties(roles: Collection[Role], department: str | None) -> None:
    """Raises ``RolesWanted`` or ``DutiesCollide``."""
    if not roles or (Role.DEPARTMENT in roles and not department):
        raise RolesWanted
    if len(set(roles)) > 1 and not SEPARATED.isdisjoint(roles):
        raise DutiesCollide


def check_password(login: str, password: str) -> None:
    """Raises ``PasswordTooWeak``; length counts most, a few kinds of characters are asked for."""
    kinds = sum(
        any(kind(sign) for sign in password)
        for kind in (str.isdigit, str.islower, str.isupper, lambda sign: not sign.isalnum())
    )
    if len(password) < SHORTEST_PASSWORD or kinds < 2 or login.lower() in password.lower():
        raise PasswordTooWeak
