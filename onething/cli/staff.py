"""``onething staff``: the console's accounts by hand; the first administrator is made here."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from onething.bootstrap import build_ports, opened
from onething.configuration import Configuration, NotConfigured
from onething.domain.errors import Refusal
from onething.domain.staff import Role, Staff
from onething.ports import Ports
from onething.services import staffing


def register(commands: Any) -> None:
    """Add ``staff`` to the command line."""
    parser = commands.add_parser("staff", help="accounts of the console")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    _register_add(acts)
    acts.add_parser("list", help="list the accounts").set_defaults(run=run_list)
    for name, run, about in (
        ("disable", run_disable, "stop an account and end its sessions"),
        ("enable", run_enable, "let a disabled account in again"),
        ("reset-second-factor", run_reset, "have the person set up a new authenticator at the next sign-in"),
        ("reset-password", run_password, "print a new password, to be changed at the next sign-in"),
    ):
        act = acts.add_parser(name, help=about)
        act.add_argument("login", metavar="LOGIN")
        act.set_defaults(run=run)


def _register_add(acts: Any) -> None:
    new = acts.add_parser("add", help="add an account")
    new.add_argument("login", metavar="LOGIN", help="3 to 40 lower-case letters, digits and . _ -")
    new.add_argument("--name", required=True, help="as colleagues see it")
    new.add_argument(
        "--role", required=True, action="append", choices=[str(role) for role in Role], help="may be repeated"
    )
    new.add_argument("--department", help="the department's code, for officers")
    new.add_argument("--hall", help="the hall a clerk sits in")
    new.add_argument("--password-file", required=True, type=Path, help="its first line is the password")
    new.add_argument("--given", action="store_true", help="the password must be changed at the first sign-in")
    new.add_argument(
        "--second-factor-file",
        type=Path,
        help="enrol an authenticator, its address written here",
    )
    new.set_defaults(run=run_add)


def run_add(chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Print the new account's id."""
    password = _first_line(chosen.password_file)
    with opened(build_ports(os.environ)) as ports:
        staff = _told(
            lambda: staffing.add_staff(
                ports,
                staffing.COMMAND_LINE,
                login=chosen.login,
                name=chosen.name,
                roles=[Role(role) for role in chosen.role],
                department=chosen.department,
                hall=chosen.hall,
                password=password,
                given=chosen.given,
            )
        )
        if chosen.second_factor_file:
            uri = staffing.enrol_second_factor(ports, staffing.COMMAND_LINE, staff.id)
            _write_secret(chosen.second_factor_file, uri)
    print(staff.id)
    return 0


def run_list(_chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Print every account: login, roles, department, second factor, last sign-in, state, name."""
    with opened(build_ports(os.environ)) as ports:
        accounts = staffing.list_staff(ports)
    for staff in accounts:
        roles = ",".join(sorted(staff.roles))
        factor = "second factor" if staff.second_factor_at else "no second factor"
        seen = f"{staff.signed_in_at:%Y-%m-%d}" if staff.signed_in_at else "never"
        state = "disabled" if staff.disabled_at else "active"
        print(f"{staff.login}  {roles}  {staff.department or '-'}  {factor}  {seen}  {state}  {staff.name}")
    return 0


def run_disable(chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Stop an account."""
    return _change(
        chosen, lambda ports, who: staffing.set_disabled(ports, staffing.COMMAND_LINE, who.id, disabled=True)
    )


def run_enable(chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Let an account in again."""
    return _change(
        chosen, lambda ports, who: staffing.set_disabled(ports, staffing.COMMAND_LINE, who.id, disabled=False)
    )


def run_reset(chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Take the second factor away."""
    return _change(
        chosen, lambda ports, who: staffing.reset_second_factor(ports, staffing.COMMAND_LINE, who.id)
    )


def run_password(chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Print the new password."""
    return _change(
        chosen, lambda ports, who: print(staffing.reset_password(ports, staffing.COMMAND_LINE, who.id))
    )


def _change(chosen: argparse.Namespace, act: Callable[[Ports, Staff], object]) -> int:
    with opened(build_ports(os.environ)) as ports:
        staff = staffing.find_by_login(ports, chosen.login)
        if staff is None:
            raise NotConfigured(f"there is no account {chosen.login}")
        _told(lambda: act(ports, staff))
    return 0


def _told(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except Refusal as refusal:
        raise NotConfigured(refusal.text.en) from None


def _first_line(file: Path) -> str:
    try:
        return file.read_text("utf-8").split("\n", 1)[0]
    except (OSError, UnicodeDecodeError) as error:
        raise NotConfigured(f"cannot read {file}: {error}") from None


def _write_secret(file: Path, uri: str) -> None:
    """Readable by its owner only, from the first byte on."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(f"{uri}\n")
