"""``onething worker``: the durable work."""

from __future__ import annotations

import argparse
import os
from typing import Any

from onething.bootstrap import build_ports, opened
from onething.configuration import Configuration
from onething.logs import configure_log
from onething.sweeps import make_sweeps
from onething.worker import Worker


def register(commands: Any) -> None:
    """Add ``worker`` to the command line."""
    parser = commands.add_parser("worker", help="deliver parts to departments and do other due work")
    parser.set_defaults(run=run)


def run(_chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Work until SIGTERM."""
    configure_log(os.environ.get("ONETHING_LOG_LEVEL", "info"))
    with opened(build_ports(os.environ)) as ports:
        Worker(ports, sweeps=make_sweeps(ports)).run()
    return 0
