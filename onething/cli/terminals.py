"""``onething terminal``: enrolling kiosks by hand."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from onething.bootstrap import build_ports, opened
from onething.configuration import Configuration, NotConfigured
from onething.services.enrolling import BadPublicKey, NumberTaken, enrol, list_terminals


def register(commands: Any) -> None:
    """Add ``terminal`` to the command line."""
    parser = commands.add_parser("terminal", help="kiosks")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    new = acts.add_parser("enrol", help="enrol a kiosk by its public key and print its id")
    new.add_argument("--number", required=True, help="the number painted on the kiosk")
    new.add_argument("--hall", required=True, help="the hall it stands in")
    new.add_argument("--public-key", required=True, type=Path, help="the PEM file it made")
    new.set_defaults(run=run_enrol)
    acts.add_parser("list", help="list the kiosks").set_defaults(run=run_list)


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


def run_list(_chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Print every kiosk: id, number, hall, since when, suspended or active."""
    with opened(build_ports(os.environ)) as ports:
        terminals = list_terminals(ports)
    for terminal in terminals:
        enrolled_on = f"{terminal.enrolled_at:%Y-%m-%d}" if terminal.enrolled_at else "----------"
        print(f"{terminal.id}  {terminal.number}  {terminal.hall}  {enrolled_on}  {terminal.state}")
    return 0
