"""The province's gateway for text messages: a template, its parameters, a number; once for each key."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from aiohttp import web

from sandbox.envelope import envelope, incomplete, key_reused, read_json
from sandbox.journal import Journal
from sandbox.moods import Moods
from sandbox.refusals import KeyReused

TARGET = "messages"
LONGEST_PARAMETER = 255
_MOBILE = re.compile(r"1\d{10}")
_TEMPLATE = re.compile(r"SMS_\d{6}")


@dataclass
class Text:
    """One text message, and how often it was handed in."""

    id: str
    body: Mapping[str, Any]
    deliveries: int = 1


class Texts:
    """Every text by its key; outlives a restart with the journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.texts = {entry["body"]["key"]: Text(**entry) for entry in journal.list_entries("text")}

    def take(self, body: Mapping[str, Any]) -> Text:
        """Send a text, once for each key; raises ``KeyReused``."""
        key = str(body["key"])
        known = self.texts.get(key)
        if known is None:
            number = hashlib.sha256(f"text {key}".encode()).hexdigest()[:16]
            known = self.texts[key] = Text(f"T-{number}", dict(body))
        elif known.body != body:
            raise KeyReused
        else:
            known.deliveries += 1
        sent = known
        self._journal.write("text", key, lambda: asdict(sent))
        return known

    def to_json(self) -> list[dict[str, Any]]:
        return [asdict(text) for text in self.texts.values()]


class TextsDoor:
    """The gateway's path, and what an operator sees."""

    def __init__(self, texts: Texts, moods: Moods) -> None:
        self._texts = texts
        self._moods = moods

    def add_routes(self, app: web.Application) -> None:
        app.router.add_post("/messages/v1/texts", self.post_text)
        app.router.add_get("/admin/texts", self.get_texts)

    async def post_text(self, request: web.Request) -> web.StreamResponse:
        """202 and the gateway's id; the same key again, the same one."""
        body = await read_json(request)

        async def answer() -> web.StreamResponse:
            missing = _find_missing(body)
            if missing:
                return incomplete(missing)
            try:
                return envelope(0, "ok", {"id": self._texts.take(body).id}, status=202)
            except KeyReused:
                return key_reused()

        return await self._moods.answer_in_mood(TARGET, request, answer)

    async def get_texts(self, _request: web.Request) -> web.Response:
        """Every text with how often it was handed in."""
        return web.json_response(self._texts.to_json())


def _find_missing(body: Mapping[str, Any]) -> str | None:
    """The first thing that is wrong."""
    if not body.get("key"):
        return "key"
    if not _MOBILE.fullmatch(str(body.get("mobile"))):
        return "mobile"
    if not _TEMPLATE.fullmatch(str(body.get("template"))):
        return "template"
    parameters = body.get("parameters")
    if not isinstance(parameters, dict):
        return "parameters"
    bad = (name for name, text in parameters.items() if not text or len(str(text)) > LONGEST_PARAMETER)
    return next((f"parameters.{name}" for name in bad), None)
