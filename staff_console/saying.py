"""What is said on the next page: done, or why not. Carried by the browser in a cookie of this path."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from flask import Response, g, request

from onething.domain.dictionary import Label
from onething.domain.errors import Refusal

_COOKIE = "console-said"
_MOST = 3
_LONGEST = 600
KINDS = ("done", "note", "problem")


@dataclass(frozen=True)
class Said:
    """One message: ``kind`` is done, note or problem; ``reason`` is the stable word of a refusal."""

    kind: str
    zh: str
    en: str
    reason: str = ""


def say_next(kind: str, text: Label, reason: str = "") -> None:
    """Say this on the next page that is shown. Never holds a citizen's data."""
    said: list[Said] = g.setdefault("to_say", [])
    said.append(Said(kind, text.zh[:_LONGEST], text.en[:_LONGEST], reason))


def say_refusal(refusal: Refusal) -> None:
    """Say on the next page why something was refused, with the fields that are wrong."""
    texts = [refusal.text, *(each.text for each in refusal.fields[:5])]
    joined = Label("；".join(text.zh for text in texts), "; ".join(text.en for text in texts))
    say_next("problem", joined, refusal.reason)


def take_said() -> list[Said]:
    """What was said by the page before and by this request; shown once."""
    g.said_taken = True
    return [*_read(request.cookies.get(_COOKIE, "")), *g.pop("to_say", [])]


def carry(answer: Response) -> Response:
    """After each request: keep what is still to be said, drop what was shown."""
    left: list[Said] = g.get("to_say", [])
    if left:
        rows = [[said.kind, said.zh, said.en, said.reason] for said in left[-_MOST:]]
        text = base64.urlsafe_b64encode(json.dumps(rows, ensure_ascii=False).encode()).decode()
        answer.set_cookie(_COOKIE, text, path="/console", httponly=True, samesite="Strict")
    elif g.get("said_taken") and _COOKIE in request.cookies:
        answer.delete_cookie(_COOKIE, path="/console")
    return answer


def _read(cookie: str) -> list[Said]:
    """A cookie of anybody's making is worth no more than an empty one."""
    try:
        rows: Any = json.loads(base64.urlsafe_b64decode(cookie.encode()))
        said = [Said(*map(str, row)) for row in rows[:_MOST]]
    except (binascii.Error, ValueError, TypeError):
        return []
    return [each for each in said if each.kind in KINDS]
