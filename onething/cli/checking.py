"""``onething check``: what is missing or unsafe, in plain words."""

from __future__ import annotations

import argparse
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from onething.configuration import Configuration


def register(commands: Any) -> None:
    """Add ``check`` to the command line."""
    parser = commands.add_parser("check", help="say what is missing or unsafe")
    parser.set_defaults(run=run)


def run(_chosen: argparse.Namespace, configuration: Configuration) -> int:
    """Print each problem and how to mend it; 1 when there is any."""
    problems = list(find_problems(configuration))
    for problem in problems:
        print(f"- {problem}")
    print("nothing is missing" if not problems else f"{len(problems)} to mend")
    return 1 if problems else 0


def find_problems(configuration: Configuration) -> Iterable[str]:
    """Everything that keeps this installation from serving safely."""
    yield from _keys(configuration.keys)
    yield from _database(configuration)
    yield from _gateway(configuration)
    if configuration.settings.public_url.startswith("http://") and not _is_loopback(configuration):
        yield "ONETHING_PUBLIC_URL is http://: call-backs would be unencrypted; give the https:// address"
    if not os.access(_nearest(configuration.files), os.W_OK):
        yield f"the folder of files {configuration.files} cannot be written: give it to the server's user"


def _keys(keys: Path) -> Iterable[str]:
    if not keys.exists():
        yield f"there is no key ring at {keys}: run onething keys make"
    elif stat.S_IMODE(keys.stat().st_mode) & 0o077:
        yield f"the key ring {keys} can be read by others: chmod 0600 {keys}"


def _database(configuration: Configuration) -> Iterable[str]:
    from onething.storage.migrate import is_current

    try:
        if not is_current(configuration.database_url):
            yield "the database is not at the newest schema: run onething migrate"
    except Exception as error:
        yield f"the database does not answer ({type(error).__name__}): look at ONETHING_DATABASE_URL"


def _gateway(configuration: Configuration) -> Iterable[str]:
    if not configuration.gateway_url or not configuration.gateway_tokens:
        yield "ONETHING_GATEWAY_URL or ONETHING_GATEWAY_TOKENS is not set: nothing can be fetched"
        return
    tokens = configuration.gateway_tokens
    if not tokens.exists():
        yield f"there is no token file at {tokens}: get it from the gateway's operator"
    elif stat.S_IMODE(tokens.stat().st_mode) & 0o077:
        yield f"the gateway's tokens {tokens} can be read by others: chmod 0600 {tokens}"


def _is_loopback(configuration: Configuration) -> bool:
    return configuration.settings.public_url.startswith(("http://127.", "http://localhost", "http://[::1]"))


def _nearest(path: Path) -> Path:
    return next((each for each in (path, *path.absolute().parents) if each.exists()), Path("/"))
