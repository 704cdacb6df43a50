"""Accounts of the console, for the account administrator."""

from __future__ import annotations

from flask import Response, request

from onething.domain.catalog import CatalogError
from onething.domain.dictionary import Label
from onething.domain.errors import Refusal
from onething.domain.staff import HANDLING, ROLE_NAMES, Role, Staff
from onething.services import staffing
from staff_console import forms
from staff_console.lists import Filter, Listing
from staff_console.rendering import show as show_page
from staff_console.rooms import Room, Waiting, address, done
from web.current import current_duty, current_ports

room = Room("staff", "/staff")
room.add_menu("账号", "Accounts", "show", "admin", group=("账号管理", "Accounts"), key="a")

_STATES = [
    ("active", Label("在用", "Active")),
    ("disabled", Label("停用", "Disabled")),
    ("unready", Label("未绑定验证器", "No authenticator yet")),
]


@room.tile("个在用账号", "accounts in use", "show", "admin", state="active")
def count_active() -> Waiting:
    """Accounts that can sign in."""
    return Waiting(_count("active"))


@room.tile("个账号还没绑定验证器", "accounts without an authenticator", "show", "admin", state="unready")
def count_unready() -> Waiting:
    """Accounts that have never signed in, or were reset."""
    unready = _count("unready")
    return Waiting(unready, "warn" if unready else "good")


@room.page("/", "admin")
def show() -> Response:
    """Every account, by role, state and name."""
    filters = [
        Filter("name", Label("姓名或账号名", "Name or login")),
        Filter("role", Label("角色", "Role"), [(str(role), name) for role, name in ROLE_NAMES.items()]),
        Filter("state", Label("状态", "State"), _STATES),
    ]
    name, role, state = (each.value for each in filters)
    wanted = [
        staff
        for staff in staffing.list_staff(current_ports())
        if name.lower() in f"{staff.name} {staff.login}".lower()
        and (not role or Role(role) in staff.roles)
        and (not state or _state(staff) == state)
    ]
    return show_page("staff/accounts.html", listing=Listing(wanted, None, filters), state_of=_state)


@room.page("/new", "admin")
def new() -> Response:
    """An empty account."""
    return _account(None)


@room.act("/new", "admin")
def add() -> Response:
    """Add an account with a given password, which is shown once."""
    password = staffing.make_password()
    try:
        staff = staffing.add_staff(
            current_ports(),
            current_duty().actor(),
            login=forms.text("login", longest=40),
            name=forms.text("name", longest=60),
            roles=_roles(),
            department=forms.text("department", longest=20, required=False) or None,
            hall=forms.text("hall", longest=60, required=False) or None,
            password=password,
        )
    except Refusal as refusal:
        return _account(None, refusal, 422)
    return show_page("staff/given.html", staff=staff, password=password)


@room.page("/<staff_id>", "admin")
def account(staff_id: str) -> Response:
    """One account."""
    return _account(staffing.get_staff(current_ports(), staff_id))


@room.act("/<staff_id>", "admin")
def change(staff_id: str) -> Response:
    """Change name, roles, department and hall."""
    try:
        staffing.change_staff(
            current_ports(),
            current_duty().actor(),
            staff_id,
            name=forms.text("name", longest=60),
            roles=_roles(),
            department=forms.text("department", longest=20, required=False) or None,
            hall=forms.text("hall", longest=60, required=False) or None,
        )
    except Refusal as refusal:
        return _account(staffing.get_staff(current_ports(), staff_id), refusal, 422)
    return done(address("staff.account", staff_id=staff_id), "已保存", "Saved")


@room.act("/<staff_id>/disabling", "admin")
def disable(staff_id: str) -> Response:
    """Stop an account, or let it in again."""
    disabled = request.form.get("disabled") == "yes"
    staffing.set_disabled(current_ports(), current_duty().actor(), staff_id, disabled=disabled)
    words = (
        ("已停用，登录全部结束", "Disabled; all its sessions ended") if disabled else ("已启用", "Enabled")
    )
    return done(address("staff.account", staff_id=staff_id), *words)


@room.act("/<staff_id>/second-factor", "admin")
def reset_second_factor(staff_id: str) -> Response:
    """Take the second factor away."""
    staffing.reset_second_factor(current_ports(), current_duty().actor(), staff_id)
    return done(
        address("staff.account", staff_id=staff_id),
        "已重置，下次登录时重新绑定身份验证器",
        "Reset: a new authenticator is set up at the next sign-in",
    )


@room.act("/<staff_id>/password", "admin")
def reset_password(staff_id: str) -> Response:
    """A new given password, shown once."""
    password = staffing.reset_password(current_ports(), current_duty().actor(), staff_id)
    staff = staffing.get_staff(current_ports(), staff_id)
    return show_page("staff/given.html", staff=staff, password=password)


def _account(staff: Staff | None, refusal: Refusal | None = None, status: int = 200) -> Response:
    return show_page(
        "staff/account.html",
        status,
        staff=staff,
        refusal=refusal,
        typed=request.form if refusal else None,
        chosen=_chosen(staff, refusal),
        departments=_departments(),
        handling=HANDLING,
        state=_state(staff) if staff else "",
    )


def _chosen(staff: Staff | None, refusal: Refusal | None) -> list[str]:
    if refusal:
        return request.form.getlist("roles")
    return [str(role) for role in staff.roles] if staff else []


def _roles() -> list[Role]:
    known = {str(role): role for role in Role}
    return [known[each] for each in forms.texts("roles") if each in known]


def _departments() -> list[tuple[str, Label]]:
    try:
        _, catalog = current_ports().catalogs.current()
    except CatalogError:
        return []
    return [(code, department.label) for code, department in sorted(catalog.departments.items())]


def _count(state: str) -> int:
    return sum(_state(staff) == state for staff in staffing.list_staff(current_ports()))


def _state(staff: Staff) -> str:
    if staff.disabled_at:
        return "disabled"
    return "active" if staff.second_factor_at else "unready"
