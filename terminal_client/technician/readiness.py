"""The readiness report: one page that says how this terminal is, signed with its own key."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jinja2 import Environment, PackageLoader, StrictUndefined

from terminal_client.canonical import is_signed, to_canonical
from terminal_client.identity import check_words, raw_public
from terminal_client.technician.room import Line, Tile, at_text
from terminal_client.technician.trials import Trial
from terminal_client.untried import list_untried

ENVIRONMENT = Environment(
    loader=PackageLoader("terminal_client", "templates/technician"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
OPENING, CLOSING = '<script type="application/json" id="signed">', "</script>"


@dataclass(frozen=True)
class Readiness:
    """What the report says: facts about the terminal, its devices, and what was tried in front of it."""

    number: str
    hall: str
    at: datetime
    lines: Sequence[Line]
    tiles: Sequence[Tile]
    trials: Sequence[Trial]

    def to_json(self) -> dict[str, Any]:
        """The report's content, as it is signed."""
        return {
            "number": self.number,
            "hall": self.hall,
            "at": self.at.isoformat(),
            "lines": {line.en: line.value for line in self.lines},
            "devices": {tile.kind: f"{tile.state} {tile.reason}".strip() for tile in self.tiles},
            "trials": {trial.kind: "ok" if trial.is_well else trial.en for trial in self.trials},
        }


def write_report(readiness: Readiness, key: Ed25519PrivateKey) -> str:
    """The report as one page of HTML with its content and the signature over it inside."""
    public = raw_public(key)
    content = readiness.to_json()
    signed = {
        "content": content,
        "public_key": base64.b64encode(public).decode(),
        "signature": base64.b64encode(key.sign(to_canonical(content))).decode(),
    }
    used = {tile.kind for tile in readiness.tiles}
    return ENVIRONMENT.get_template("report.html").render(
        readiness=readiness,
        at=at_text(readiness.at),
        words=check_words(public),
        digest=hashlib.sha256(to_canonical(content)).hexdigest()[:16],
        untried=[each for each in list_untried() if each.kind in used],
        signed=json.dumps(signed, ensure_ascii=True).replace("<", "\\u003c"),
    )


def find_signed(report: str, public: bytes) -> dict[str, Any] | None:
    """What a report says, when it is this key's (32 bytes); None when a character of it was changed."""
    _, _, rest = report.partition(OPENING)
    text, _, _ = rest.partition(CLOSING)
    try:
        signed = json.loads(text)
        content: dict[str, Any] = signed["content"]
        signature = str(signed["signature"])
    except (ValueError, KeyError, TypeError):
        return None
    return content if is_signed(public, signature, to_canonical(content)) else None
