"""``onething files``: are the bytes of every kept file there."""

from __future__ import annotations

import argparse
import os
from typing import Any

from onething.bootstrap import build_ports, opened
from onething.configuration import Configuration
from onething.storage.file_store import FolderFileStore
from onething.storage.lost_files import find_lost
from onething.storage.unit_of_work import DatabaseRecords


def register(commands: Any) -> None:
    """Add ``files`` to the command line."""
    parser = commands.add_parser("files", help="the encrypted pages and signatures")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    check = acts.add_parser("check", help="open every file, and name those that are gone or broken")
    check.set_defaults(run=run_check)


def run_check(_chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Name each file that cannot be had, with its draft or case; 1 when there is one."""
    with opened(build_ports(os.environ)) as ports:
        records, files = ports.records, ports.files
        assert isinstance(records, DatabaseRecords)
        assert isinstance(files, FolderFileStore)
        looked_at = lost = 0
        for found in find_lost(records, files):
            looked_at += 1
            if found is not None:
                lost += 1
                print(f"{found.reason}: file {found.id} of {found.owner}")
    print(f"{looked_at} files, {lost} of them lost")
    return 1 if lost else 0
