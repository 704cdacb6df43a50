"""The province's comparison of faces: an evidence that a camera gave, good once and for one person."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox.envelope import envelope, incomplete, read_json
from sandbox.moods import MoodName, Moods
from sandbox.people import World

TARGET = "verifiers"
_WANTED = ("key", "name", "id_number", "evidence")
NOT_READABLE = 40011


class FacesDoor:
    """The gateway's path, and the camera: an operator says whose face it sees."""

    def __init__(self, world: World, moods: Moods) -> None:
        self._world = world
        self._moods = moods
        self._seen: dict[str, str] = {}

    def add_routes(self, app: web.Application) -> None:
        app.router.add_post("/verifiers/v1/faces", self.post_face)
        app.router.add_post("/admin/faces", self.post_camera)

    async def post_camera(self, request: web.Request) -> web.Response:
        """``{"person": "family.role"}`` stands before the camera; the evidence that comes of it."""
        person = self._world.people.get(str((await read_json(request)).get("person")))
        if person is None:
            return web.json_response({"error": "nobody of that name"}, status=404)
        evidence = secrets.token_urlsafe(24)
        self._seen[evidence] = person.id_number
        return web.json_response({"evidence": evidence}, status=201)

    async def post_face(self, request: web.Request) -> web.StreamResponse:
        """Whether the face is that person's; an evidence of nobody, or used before, is refused."""
        body = await read_json(request)

        async def answer() -> web.StreamResponse:
            missing = next((name for name in _WANTED if not body.get(name)), None)
            return incomplete(missing) if missing else self._compared(body)

        return await self._moods.answer_in_mood(TARGET, request, answer)

    def _compared(self, body: Mapping[str, Any]) -> web.StreamResponse:
        seen = self._seen.pop(str(body["evidence"]), None)
        if seen is None:
            return envelope(NOT_READABLE, "凭据无效或已使用", status=422)
        asked = str(body["id_number"])
        if self._moods.mood_of(TARGET).name is MoodName.WRONG_PERSON:
            asked, seen = self._world.people["stranger.man"].id_number, ""
        return envelope(0, "ok", {"same": seen == asked, "id_number": asked})
