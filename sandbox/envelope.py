"""How the outside world reads a request and words its answer: ``{"code", "message", "data"}``."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

INCOMPLETE, UNSIGNED = 40001, 40101
NOT_HELD, UNKNOWN_TARGET, UNKNOWN_THING = 40401, 40402, 40403
NOT_NOW, KEY_REUSED = 40901, 42201


def envelope(code: int, message: str, data: Any = None, *, status: int = 200) -> web.Response:
    return web.json_response({"code": code, "message": message, "data": data}, status=status)


def incomplete(message: str) -> web.Response:
    return envelope(INCOMPLETE, message, status=400)


def unknown(message: str) -> web.Response:
    return envelope(UNKNOWN_THING, message, status=404)


def not_now(message: str, data: Any) -> web.Response:
    return envelope(NOT_NOW, message, data, status=409)


def key_reused() -> web.Response:
    return envelope(KEY_REUSED, "同一幂等键对应了不同内容", status=422)


async def read_json(request: web.Request) -> dict[str, Any]:
    """The body as an object; anything else is the empty one."""
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return {}
    return body if isinstance(body, dict) else {}


def key_of(request: web.Request) -> str:
    return request.headers.get("Idempotency-Key", "")
