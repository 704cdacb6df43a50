"""``onething terminal``: terminals by hand, where there is no console or before there is one."""

from __future__ import annotations

import argparse
import getpass
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from onething.bootstrap import build_ports, opened
from onething.configuration import Configuration, NotConfigured
from onething.domain.actors import Actor
from onething.domain.errors import Refusal
from onething.domain.records import Terminal
from onething.domain.staff import Role
from onething.domain.terminals import check_words
from onething.ports import Ports
from onething.services import fleet
from onething.services.enrolling import BadPublicKey, NumberTaken, enrol, list_terminals
from onething.services.fleet_releases import report_releases


def register(commands: Any) -> None:
    """Add ``terminal`` to the command line."""
    parser = commands.add_parser("terminal", help="kiosks")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    new = acts.add_parser("enrol", help="enrol a kiosk by its public key and print its id")
    new.add_argument("--number", required=True, help="the number painted on the kiosk")
    new.add_argument("--hall", required=True, help="the hall it stands in")
    new.add_argument("--public-key", required=True, type=Path, help="the PEM file it made")
    new.set_defaults(run=run_enrol)
    known = acts.add_parser("list", help="list the kiosks")
    known.add_argument("--releases", action="store_true", help="as JSON for deploy/updates/release.py widen")
    known.set_defaults(run=run_list)
    plan = acts.add_parser("plan", help="plan a kiosk that will come with a code")
    plan.add_argument("--number", required=True, help="the number painted on the kiosk")
    plan.add_argument("--hall", required=True, help="the hall it will stand in")
    plan.add_argument("--hall-en", default="", help="the same in English")
    plan.set_defaults(run=run_plan)
    code = _of_one(acts, "code", "give out an enrolment code, shown once", run_code)
    code.add_argument("--qr", action="store_true", help="print the text of the QR instead")
    activate = _of_one(
        acts, "activate", "put into service: the words on both screens are the same", run_activate
    )
    activate.add_argument("--words", required=True, help="XXXX-XXXX as the kiosk shows them")
    for name, about, act in (
        ("suspend", "take out of service at once", fleet.suspend),
        ("retire", "take out of service for good", fleet.retire),
        ("stolen", "the kiosk is gone: retire it with an alarm", fleet.mark_stolen),
    ):
        parser = _of_one(acts, name, about, _run_with_reason(act))
        parser.add_argument("--reason", required=True)
    _of_one(acts, "resume", "put back into service", run_resume)


def run_enrol(chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Print the new terminal's id."""
    try:
        pem = chosen.public_key.read_bytes()
        with opened(build_ports(os.environ)) as ports:
            print(enrol(ports, chosen.number, chosen.hall, pem).id)
    except OSError as error:
        raise NotConfigured(f"cannot read {chosen.public_key}: {error.strerror}") from None
    except BadPublicKey as bad:
        raise NotConfigured(f"{chosen.public_key}: {bad.text.en}") from None
    except NumberTaken as taken:
        raise NotConfigured(f"{chosen.number}: {taken.text.en}") from None
    return 0


def run_list(chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Print every kiosk: id, number, hall, since when, state, and its key's words; or the versions."""
    with opened(build_ports(os.environ)) as ports:
        if chosen.releases:
            print(json.dumps(report_releases(ports, _actor()), ensure_ascii=False, indent=1))
            return 0
        terminals = list_terminals(ports)
    for each in terminals:
        enrolled_on = f"{each.enrolled_at:%Y-%m-%d}" if each.enrolled_at else "----------"
        words = check_words(each.public_key) if each.public_key else "-"
        print(f"{each.id}  {each.number}  {each.hall}  {enrolled_on}  {each.state}  {words}")
    return 0


def run_plan(chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Print the planned terminal's id."""
    with _Told(), opened(build_ports(os.environ)) as ports:
        print(fleet.plan_terminal(ports, _actor(), chosen.number, chosen.hall, chosen.hall_en).id)
    return 0


def run_code(chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Print the code and until when it is good, or the text of its QR."""
    with _Told(), opened(build_ports(os.environ)) as ports:
        issued = fleet.issue_code(ports, _actor(), _find(ports, chosen.terminal).id)
    print(issued.qr if chosen.qr else f"{issued.code}  until {issued.expires_at:%Y-%m-%d %H:%M:%S} UTC")
    return 0


def run_activate(chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Say in which state the kiosk is now."""
    with _Told(), opened(build_ports(os.environ)) as ports:
        print(fleet.activate(ports, _actor(), _find(ports, chosen.terminal).id, chosen.words).state)
    return 0


def run_resume(chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Say in which state the kiosk is now."""
    with _Told(), opened(build_ports(os.environ)) as ports:
        print(fleet.resume(ports, _actor(), _find(ports, chosen.terminal).id).state)
    return 0


def _run_with_reason(act: Callable[[Ports, Actor, str, str], Terminal]) -> Callable[..., int]:
    def run(chosen: argparse.Namespace, _configuration: Configuration) -> int:
        with _Told(), opened(build_ports(os.environ)) as ports:
            print(act(ports, _actor(), _find(ports, chosen.terminal).id, chosen.reason).state)
        return 0

    return run


def _of_one(acts: Any, name: str, about: str, run: Callable[..., int]) -> Any:
    parser = acts.add_parser(name, help=about)
    parser.add_argument("terminal", help="its number or its id")
    parser.set_defaults(run=run)
    return parser


def _find(ports: Ports, wanted: str) -> Terminal:
    found = [each for each in list_terminals(ports) if wanted in (each.id, each.number)]
    if not found:
        raise NotConfigured(f"{wanted}: there is no such kiosk; `onething terminal list` names them")
    return found[0]


def _actor() -> Actor:
    """Whoever may run commands here; the audit names the machine's account."""
    return Actor(f"command line: {getpass.getuser()}", "technician", roles=frozenset({Role.TECHNICIAN}))


class _Told:
    """Says a refusal as the commands say it."""

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: Any, error: BaseException | None, _trace: Any) -> None:
        if isinstance(error, Refusal):
            raise NotConfigured(error.text.en) from None
