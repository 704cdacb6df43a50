"""The sandbox's HTTP face: the signed doors of registers, e-licences and departments, and /admin."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from sandbox.admin import add_admin_routes
from sandbox.departments import Departments, KeyReused
from sandbox.e_licences import find_licence
from sandbox.moods import MoodName, Moods
from sandbox.people import World
from sandbox.registers import REGISTERS, Query, Record, record_of_a_stranger
from sandbox.signature import SeenNonces, SignatureRefused, verify
from sandbox.tokens import Tokens

NOT_HELD, BAD_QUERY, UNKNOWN_TARGET, KEY_REUSED, UNSIGNED = 40401, 40001, 40402, 42201, 40101
LARGEST_BODY = 4 * 1024 * 1024
CALLS_KEPT = 5000

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Sandbox:
    """The doors with what stands behind them: the world, the moods, the desks and the log of calls."""

    def __init__(self, world: World, moods: Moods, departments: Departments, tokens: Tokens) -> None:
        self.world = world
        self.moods = moods
        self.departments = departments
        self.calls: deque[dict[str, Any]] = deque(maxlen=CALLS_KEPT)
        self._tokens = tokens
        self._nonces = SeenNonces()

    def make_app(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_BODY, middlewares=[self._check_signature])
        app.router.add_post("/registers/{target}/records", self.post_record)
        app.router.add_post("/e-licences/queries", self.post_licence_query)
        app.router.add_post("/departments/{target}/parts", self.post_part)
        add_admin_routes(app, self)
        return app

    @web.middleware
    async def _check_signature(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith("/admin/"):
            try:
                verify(request.headers, self._tokens.paas_id, self._tokens.server, self._nonces)
            except SignatureRefused as refused:
                return _envelope(UNSIGNED, refused.reason, status=401)
        return await handler(request)

    async def post_record(self, request: web.Request) -> web.StreamResponse:
        """POST /registers/{source}/records: the record about whom the body asks, or code 40401."""
        target = request.match_info["target"]
        if target not in REGISTERS:
            return _envelope(UNKNOWN_TARGET, "没有这个数据源", status=404)
        body = await _read_json(request)

        async def answer() -> web.StreamResponse:
            if not _is_query(body, "asked"):
                return _envelope(BAD_QUERY, "缺少查询条件或用途")
            record = self._find_record(target, body["asked"])
            return _envelope(0, "ok", record.to_json()) if record else _envelope(NOT_HELD, "查无记录")

        if body:
            self._note_call(target, body)
        return await self.moods.answer_in_mood(target, request, answer)

    def _find_record(self, target: str, asked: dict[str, str]) -> Record | None:
        if self.moods.mood_of(target).name is MoodName.WRONG_PERSON:
            return record_of_a_stranger(self.world, target)
        return REGISTERS[target](Query(self.world, asked, self.departments.certified_births()))

    async def post_licence_query(self, request: web.Request) -> web.StreamResponse:
        """POST /e-licences/queries: one licence of one holder, or code 40401."""
        body = await _read_json(request)

        async def answer() -> web.StreamResponse:
            if not _is_query(body, "holder_code", "holder_type", "certificate_type", "use_cause"):
                return _envelope(BAD_QUERY, "缺少查询条件或用证事由")
            licence = self._find_licence(body)
            return _envelope(0, "ok", licence) if licence else _envelope(NOT_HELD, "查无证照")

        if body:
            self._note_call("e_licences", body)
        return await self.moods.answer_in_mood("e_licences", request, answer)

    def _find_licence(self, body: dict[str, Any]) -> dict[str, Any] | None:
        if self.moods.mood_of("e_licences").name is MoodName.WRONG_PERSON:
            return find_licence(self.world, "id_card", "111", self.world.people["stranger.man"].id_number)
        return find_licence(self.world, body["certificate_type"], body["holder_type"], body["holder_code"])

    async def post_part(self, request: web.Request) -> web.StreamResponse:
        """POST /departments/{code}/parts: 202 and a reference; the same key again, the same answer."""
        target = request.match_info["target"]
        if target not in self._tokens.departments:
            return _envelope(UNKNOWN_TARGET, "没有这个部门", status=404)
        body, key = await _read_json(request), request.headers.get("Idempotency-Key", "")

        async def answer() -> web.StreamResponse:
            if not key or not _is_part(body):
                return _envelope(BAD_QUERY, "办件信息不完整", status=400)
            try:
                part = self.departments.take_part(target, key, body)
            except KeyReused:
                return _envelope(KEY_REUSED, "同一幂等键对应了不同内容", status=422)
            return _envelope(0, "ok", {"reference": part.reference}, status=202)

        if body:
            self._note_call(target, {"part": body.get("part"), "matter": body.get("matter"), "key": key})
        return await self.moods.answer_in_mood(target, request, answer)

    def _note_call(self, target: str, body: dict[str, Any]) -> None:
        self.calls.append({"at": datetime.now(UTC).isoformat(), "target": target, **body})


async def _read_json(request: web.Request) -> dict[str, Any]:
    """The body as an object; anything else is the empty one."""
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return {}
    return body if isinstance(body, dict) else {}


def _is_query(body: dict[str, Any], *wanted: str) -> bool:
    """Nothing is answered without saying what it is for."""
    purpose = body.get("purpose")
    reason = purpose.get("reason") if isinstance(purpose, dict) else None
    stated = isinstance(reason, str) and 0 < len(reason) <= 200
    return stated and all(body.get(name) for name in wanted)


def _is_part(body: dict[str, Any]) -> bool:
    texts = ("part", "case_number", "thing", "matter", "callback")
    return all(isinstance(body.get(name), str) for name in texts) and isinstance(body.get("facts"), dict)


def _envelope(code: int, message: str, data: Any = None, *, status: int = 200) -> web.Response:
    return web.json_response({"code": code, "message": message, "data": data}, status=status)
