"""The departments' doors: parts, supplements, withdrawals and the events of those who can not call back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Container
from typing import Any

from aiohttp import web

from sandbox.departments import CursorUnknown, Departments, PartOver
from sandbox.envelope import (
    UNKNOWN_TARGET,
    envelope,
    incomplete,
    key_of,
    key_reused,
    not_now,
    read_json,
    unknown,
)
from sandbox.moods import Moods
from sandbox.parts import Part
from sandbox.refusals import KeyReused, Unknown

NoteCall = Callable[[str, dict[str, Any]], None]
View = Callable[[web.Request, str], Awaitable[web.StreamResponse]]


class Desks:
    """One door for each thing a department can be told or asked; ``note_call`` keeps what was asked."""

    def __init__(
        self, departments: Departments, moods: Moods, codes: Container[str], note_call: NoteCall
    ) -> None:
        self._departments = departments
        self._moods = moods
        self._codes = codes
        self._note_call = note_call

    def add_routes(self, app: web.Application) -> None:
        at = "/departments/{target}"
        app.router.add_post(f"{at}/parts", self._at_known(self.post_part))
        app.router.add_post(f"{at}/parts/{{part}}/supplements", self._at_known(self.post_supplement))
        app.router.add_post(f"{at}/parts/{{part}}/withdrawal", self._at_known(self.post_withdrawal))
        app.router.add_get(f"{at}/events", self._at_known(self.get_events))

    def _at_known(self, view: View) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """The view in the department's mood; a department that does not exist is answered 404."""

        async def look(request: web.Request) -> web.StreamResponse:
            target = request.match_info["target"]
            if target not in self._codes:
                return envelope(UNKNOWN_TARGET, "没有这个部门", status=404)
            return await view(request, target)

        return look

    async def post_part(self, request: web.Request, target: str) -> web.StreamResponse:
        """POST .../parts: 202 and a reference; the same key again, the same answer."""
        body, key = await read_json(request), key_of(request)

        async def answer() -> web.StreamResponse:
            if not key or not _is_part(body):
                return incomplete("办件信息不完整")
            try:
                return _taken(self._departments.take_part(target, key, body))
            except KeyReused:
                return key_reused()

        if body:
            self._note_call(target, {"part": body.get("part"), "matter": body.get("matter"), "key": key})
        return await self._moods.answer_in_mood(target, request, answer)

    async def post_supplement(self, request: web.Request, target: str) -> web.StreamResponse:
        """POST .../supplements: 202; 409 once the part was decided or withdrawn."""
        given, key, name = await read_json(request), key_of(request), request.match_info["part"]
        body = {"materials": given.get("materials", []), "facts": given.get("facts", {})}

        async def answer() -> web.StreamResponse:
            if not key or not _is_supplement(body):
                return incomplete("补正内容不完整")
            return self._answer_about(lambda: self._departments.take_supplement(target, name, key, body))

        self._note_call(target, {"part": name, "key": key, "act": "supplement"})
        return await self._moods.answer_in_mood(target, request, answer)

    async def post_withdrawal(self, request: web.Request, target: str) -> web.StreamResponse:
        """POST .../withdrawal: 202, again too; 409 once the part was decided."""
        name = request.match_info["part"]

        async def answer() -> web.StreamResponse:
            return self._answer_about(lambda: self._departments.withdraw(target, name))

        self._note_call(target, {"part": name, "act": "withdrawal"})
        return await self._moods.answer_in_mood(target, request, answer)

    def _answer_about(self, act: Callable[[], Part]) -> web.Response:
        try:
            return _taken(act())
        except Unknown:
            return unknown("没有这个办件")
        except PartOver as over:
            return not_now("办件已办结或已撤回", {"state": over.state})
        except KeyReused:
            return key_reused()

    async def get_events(self, request: web.Request, target: str) -> web.StreamResponse:
        """GET .../events?after=CURSOR: at most a hundred events, oldest first, and the next cursor."""

        async def answer() -> web.StreamResponse:
            try:
                events, cursor = self._departments.list_events_after(target, request.query.get("after", ""))
            except CursorUnknown:
                return incomplete("游标无效")
            return envelope(0, "ok", {"events": events, "next": cursor})

        self._note_call(target, {"act": "pull", "after": request.query.get("after", "")})
        return await self._moods.answer_in_mood(target, request, answer)


def _taken(part: Part) -> web.Response:
    return envelope(0, "ok", {"reference": part.reference}, status=202)


def _is_part(body: dict[str, Any]) -> bool:
    texts = ("part", "case_number", "thing", "matter", "callback")
    return all(isinstance(body.get(name), str) for name in texts) and isinstance(body.get("facts"), dict)


def _is_supplement(body: dict[str, Any]) -> bool:
    materials, facts = body["materials"], body["facts"]
    papers = isinstance(materials, list) and all(isinstance(paper, dict) for paper in materials)
    return papers and isinstance(facts, dict) and bool(materials or facts)
