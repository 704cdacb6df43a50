"""``onething migrate`` and ``onething worker``: the databases and the durable work."""

from __future__ import annotations

import argparse
import os
from typing import Any

from onething.bootstrap import build_ports, opened
from onething.configuration import Configuration
from onething.logs import configure_log
from onething.storage.migrate import migrate
from onething.sweeps import make_sweeps
from onething.worker import Worker


def register(commands: Any) -> None:
    """Add ``migrate`` and ``worker`` to the command line."""
    parser = commands.add_parser("migrate", help="bring the database to the newest schema")
    parser.set_defaults(run=run_migrate)
    parser = commands.add_parser("worker", help="deliver parts to departments and do other due work")
    parser.set_defaults(run=run_worker)


def run_migrate(_chosen: argparse.Namespace, configuration: Configuration) -> int:
    """Make or change the tables."""
    migrate(configuration.database_url)
    print("database is at the newest schema")
    return 0


def run_worker(_chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Work until SIGTERM."""
    configure_log(os.environ.get("ONETHING_LOG_LEVEL", "info"))
    with opened(build_ports(os.environ)) as ports:
        Worker(ports, sweeps=make_sweeps(ports)).run()
    return 0
