"""``onething keys``: the key ring that seals personal data."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from onething.configuration import Configuration
from onething.storage.keyring import KeyRing


def register(commands: Any) -> None:
    """Add ``keys`` to the command line."""
    parser = commands.add_parser("keys", help="the key ring that seals personal data")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    make = acts.add_parser("make", help="make a key ring where there is none")
    make.add_argument("--suite", choices=("aes-gcm", "sm4-gcm"), default="aes-gcm")
    make.set_defaults(run=run_make)
    rotate = acts.add_parser("rotate", help="seal with a new key from now on; old keys still open old rows")
    rotate.add_argument("--suite", choices=("aes-gcm", "sm4-gcm"), default=None)
    rotate.set_defaults(run=run_rotate)


def run_rotate(chosen: argparse.Namespace, configuration: Configuration) -> int:
    """Add a new data key; what was sealed before stays readable. Stop server and workers first."""
    KeyRing.rotate(configuration.keys, suite=chosen.suite)
    print(f"{configuration.keys} has a new data key: back it up again, then start server and workers")
    return 0


def run_make(chosen: argparse.Namespace, configuration: Configuration) -> int:
    """Make a key ring, mode 0600; an existing one is never touched."""
    if configuration.keys.exists():
        print(f"onething: {configuration.keys} is there already and was not touched", file=sys.stderr)
        return 1
    configuration.keys.parent.mkdir(parents=True, exist_ok=True)
    KeyRing.make(configuration.keys, suite=chosen.suite)
    print(f"made {configuration.keys}: back it up apart from the database")
    return 0
