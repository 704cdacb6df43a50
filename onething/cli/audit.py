"""``onething audit``: is the chain of audit rows whole, and the head to anchor outside."""

from __future__ import annotations

import argparse
import os
from typing import Any

from onething.bootstrap import build_ports, opened
from onething.configuration import Configuration, NotConfigured
from onething.ports import Ports
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
    with opened(build_ports(os.environ)) as ports:
        head = find_head(_records(ports))
    print(f"{head.position}:{head.seal}")
    return 0


def run_check(chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Name the first broken row, or say that the chain is whole; 1 when it is not."""
    with opened(build_ports(os.environ)) as ports:
        records = _records(ports)
        broken = find_broken(records, _anchor(chosen.anchor))
        head, tail = find_head(records), find_tail(records)
    if broken is not None:
        print(f"broken at row {broken.row} (position {broken.position}): {broken.reason}")
        return 1
    waiting = f"{tail.rows} rows wait for their seal" if tail.rows else "nothing waits for its seal"
    print(f"whole up to position {head.position}; {waiting}")
    return 0


def _anchor(text: str | None) -> AuditHead | None:
    if text is None:
        return None
    position, colon, seal = text.partition(":")
    if not colon or not position.isdigit():
        raise NotConfigured(f"{text!r} is not POSITION:SEAL as onething audit head prints it")
    return AuditHead(int(position), seal)


def _records(ports: Ports) -> DatabaseRecords:
    assert isinstance(ports.records, DatabaseRecords)
    return ports.records
