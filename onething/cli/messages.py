"""``onething messages``: the texts that providers have approved, held to what providers allow."""

from __future__ import annotations

import argparse
import sys
import tomllib
from pathlib import Path
from typing import Any

from onething.configuration import Configuration
from onething.connectors.messages.configured import load_templates
from onething.domain.message_templates import BadTemplates, Templates
from onething.domain.messages import WAY_NAMES, wordings


def register(commands: Any) -> None:
    """Add ``messages`` to the command line."""
    parser = commands.add_parser("messages", help="the texts of messages")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    check = acts.add_parser("check", help="hold every text to the length and kind of its values")
    check.add_argument("file", type=Path, help="the county's texts, TOML")
    check.set_defaults(run=run_check)


def run_check(chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Print what is wrong, or what no text was approved for; 1 when the file cannot be used."""
    try:
        templates = load_templates(chosen.file)
    except BadTemplates as bad:
        print("\n".join(bad.problems), file=sys.stderr)
        return 1
    except (OSError, tomllib.TOMLDecodeError) as error:
        print(f"onething: {error}", file=sys.stderr)
        return 1
    for line in _missing(templates):
        print(f"- {line}")
    print(f"{len(templates.all)} texts can be sent")
    return 0


def _missing(templates: Templates) -> list[str]:
    return [
        f"no text of {WAY_NAMES[way].en} for {kind.value}: it will not go out that way"
        for kind, wording in wordings().items()
        for way in wording.ways
        if templates.find(way, kind, "zh") is None
    ]
