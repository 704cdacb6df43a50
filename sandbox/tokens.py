"""The tokens with which the two sides of the gateway sign: ``python -m sandbox.tokens FILE`` makes a set."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# fmt: off
DEPARTMENTS = (
    "GA", "MZ", "SF", "RS", "ZR", "ZJ", "GJJ", "CG", "WJ", "TY", "XF", "RH",
    "HG", "SW", "SJ", "YB", "CL", "RWB", "GSGS", "GDGS", "RQGS", "XZSP",
)
# fmt: on


@dataclass(frozen=True)
class Tokens:
    """The server's token and each department's, by code."""

    paas_id: str
    server: str
    departments: Mapping[str, str]


def read_tokens(path: Path, paas_id: str) -> Tokens:
    """Read ``{"<paas id>": token, "departments": {code: token}}``."""
    data = json.loads(path.read_text("utf-8"))
    return Tokens(paas_id, data[paas_id], dict(data["departments"]))


def write_tokens(path: Path, paas_id: str = "onething") -> None:
    """Make random tokens for the server and every department; the file is readable by its owner only."""
    departments = {code: secrets.token_hex(16) for code in DEPARTMENTS}
    text = json.dumps({paas_id: secrets.token_hex(16), "departments": departments}, indent=1)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    write_tokens(Path(sys.argv[1]))
