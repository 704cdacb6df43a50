"""``onething audit``: is the chain of audit rows whole, and the head to anchor outside."""

from __future__ import annotations

import argparse
import os
from typing import Any

from onething.bootstrap import build_ports
from onething.configuration import Configuration, NotConfigured
from onething.storage.audit_chain import AuditHead, find_broken, find_head, find_tail
from onething.storage.unit_of_work import DatabaseRecords


def register(commands: Any) -> None:
    """Add ``audit`` to the command line."""
    parser = commands.add_parser("audit", help="the chain of audit rows")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    acts.add_parser("head", help="print the head, to be kept outside").set_defaults(run=run_head)
    check = acts.add_parser("check", help="look for rows that were changed, removed or cut off")
    check.add_argument("--anchor", metavar="POSITION:SEAL", help="a head that was kept outside")
    check.set_defaults(run=run_check)


def run_head(_chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Print ``position:seal``."""
    head = find_head(_records())
    print(f"{head.position}:{head.seal}")
    return 0


def run_check(chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Name the first broken row, or say that the chain is whole; 1 when it is not."""
    records = _records()
    broken = find_broken(records, _anchor(chosen.anchor))
    if broken is not None:
        print(f"broken: {broken}")
        return 1
    print(f"whole up to {find_head(records).position}; not sealed yet: {find_tail(records)}")
    return 0


def _anchor(text: str | None) -> AuditHead | None:
    if text is None:
        return None
    position, colon, seal = text.partition(":")
    if not colon or not position.isdigit():
        raise NotConfigured(f"{text!r} is not POSITION:SEAL as onething audit head prints it")
    return AuditHead(int(position), seal)


def _records() -> DatabaseRecords:
    records = build_ports(os.environ).records
    assert isinstance(records, DatabaseRecords)
    return records
