"""The e-licence service's download: the file of one licence by its identifier (GB/T 36906)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from aiohttp import web

from sandbox.certificates import Certificate, draw_certificate, find_certificate
from sandbox.departments import Departments
from sandbox.envelope import INCOMPLETE, NOT_HELD, envelope, read_json
from sandbox.moods import MoodName, Moods
from sandbox.people import World

TARGET = "e_licence_files"
NO_PDF = b"<html>\xe7\xb3\xbb\xe7\xbb\x9f\xe7\xbb\xb4\xe6\x8a\xa4\xe4\xb8\xad</html>"


class LicenceFilesDoor:
    """POST /e-licences/files: one licence's file, or code 40401."""

    def __init__(
        self,
        world: World,
        departments: Departments,
        moods: Moods,
        note_call: Callable[[str, dict[str, Any]], None],
    ) -> None:
        self._world = world
        self._departments = departments
        self._moods = moods
        self._note_call = note_call

    def add_routes(self, app: web.Application) -> None:
        app.router.add_post("/e-licences/files", self.post_file)

    async def post_file(self, request: web.Request) -> web.StreamResponse:
        """Nothing is given without a cause of at most 200 characters."""
        body = await read_json(request)

        async def answer() -> web.StreamResponse:
            cause = body.get("use_cause")
            if not body.get("identifier") or not isinstance(cause, str) or not 0 < len(cause) <= 200:
                return envelope(INCOMPLETE, "缺少证照标识或用证事由")
            found = find_certificate(
                self._world, list(self._departments.parts.values()), str(body["identifier"])
            )
            return await self._given(found) if found else envelope(NOT_HELD, "查无证照")

        if body:
            self._note_call(TARGET, body)
        return await self._moods.answer_in_mood(TARGET, request, answer)

    async def _given(self, certificate: Certificate) -> web.StreamResponse:
        mood = self._moods.mood_of(TARGET).name
        if mood is MoodName.WRONG_PERSON:
            stranger = self._world.people["stranger.man"]
            certificate = replace(
                certificate, holder_code=stranger.id_number, holder_name=stranger.name, facts={}
            )
        wrong = mood is MoodName.WRONG_FILE
        data = NO_PDF if wrong else await asyncio.to_thread(draw_certificate, certificate)
        told = {
            "identifier": certificate.identifier,
            "holder_code": certificate.holder_code,
            "holder_name": certificate.holder_name,
            "media_type": "application/pdf",
            "sha256": hashlib.sha256(data).hexdigest(),
            "file": base64.b64encode(data).decode(),
        }
        return envelope(0, "ok", told)
