"""``onething migrate``: the tables of this version."""

from __future__ import annotations

import argparse
from typing import Any

from onething.configuration import Configuration
from onething.storage.migrate import migrate


def register(commands: Any) -> None:
    """Add ``migrate`` to the command line."""
    parser = commands.add_parser("migrate", help="bring the database to the newest schema")
    parser.set_defaults(run=run)


def run(_chosen: argparse.Namespace, configuration: Configuration) -> int:
    """Make or change the tables."""
    migrate(configuration.database_url)
    print("database is at the newest schema")
    return 0
