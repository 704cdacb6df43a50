"""What is said on the next page, done or why not: carried by the browser in a cookie of that page's path."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, Literal

from flask import Response, g, request

from onething.domain.dictionary import Label
from onething.domain.errors import Refusal

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


@dataclass(frozen=True)
class Saying:
    """The messages of the pages under one path. Never holds a citizen's data."""

    cookie: str
    path: str
    same_site: Literal["Strict", "Lax"] = "Strict"

    def say_next(self, kind: str, text: Label, reason: str = "") -> None:
        """Say this on the next page that is shown."""
        said: list[Said] = g.setdefault("to_say", [])
        said.append(Said(kind, text.zh[:_LONGEST], text.en[:_LONGEST], reason))

    def say_refusal(self, refusal: Refusal) -> None:
        """Say on the next page why something was refused, with the fields that are wrong."""
        texts = [refusal.text, *(each.text for each in refusal.fields[:5])]
        joined = Label("；".join(text.zh for text in texts), "; ".join(text.en for text in texts))
        self.say_next("problem", joined, refusal.reason)

    def take_said(self) -> list[Said]:
        """What was said by the page before and by this request; shown once."""
        g.said_taken = True
        return [*_read(request.cookies.get(self.cookie, "")), *g.pop("to_say", [])]

    def carry(self, answer: Response) -> Response:
        """After each request: keep what is still to be said, drop what was shown."""
        left: list[Said] = g.get("to_say", [])
        if left:
            rows = [[said.kind, said.zh, said.en, said.reason] for said in left[-_MOST:]]
            text = base64.urlsafe_b64encode(json.dumps(rows, ensure_ascii=False).encode()).decode()
            answer.set_cookie(self.cookie, text, path=self.path, httponly=True, samesite=self.same_site)
        elif g.get("said_taken") and self.cookie in request.cookies:
            answer.delete_cookie(self.cookie, path=self.path)
        return answer


def _read(cookie: str) -> list[Said]:
    """A cookie of anybody's making is worth no more than an empty one."""
    try:
        rows: Any = json.loads(base64.urlsafe_b64decode(cookie.encode()))
        said = [Said(*map(str, row)) for row in rows[:_MOST]]
    except (binascii.Error, ValueError, TypeError):
        return []
    return [each for each in said if each.kind in KINDS]
