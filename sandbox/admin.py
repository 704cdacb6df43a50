"""The unsigned admin paths, for this machine only: moods, people, what departments hold, the calls."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.departments import read_habit
from sandbox.moods import Mood, MoodName
from sandbox.people import Person, card_of

if TYPE_CHECKING:
    from sandbox.app import Sandbox

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_admin_routes(app: web.Application, sandbox: Sandbox) -> None:
    admin = Admin(sandbox)
    app.middlewares.append(only_from_this_machine)
    app.router.add_get("/admin/moods", admin.get_moods)
    app.router.add_put("/admin/moods/{target}", admin.put_mood)
    app.router.add_get("/admin/people", admin.get_people)
    app.router.add_get("/admin/enterprises", admin.get_enterprises)
    app.router.add_get("/admin/parts", admin.get_parts)
    app.router.add_post("/admin/parts/{reference}/events", admin.post_event)
    app.router.add_put("/admin/departments/{department}", admin.put_department)
    app.router.add_get("/admin/calls", admin.get_calls)
    app.router.add_delete("/admin/calls", admin.delete_calls)


@web.middleware
async def only_from_this_machine(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse /admin to everybody but the loopback address."""
    if request.path.startswith("/admin/"):
        remote = request.remote
        if remote is None or not ipaddress.ip_address(remote).is_loopback:
            raise web.HTTPForbidden
    return await handler(request)


class Admin:
    """The admin's views; each reads the request, does one thing and answers JSON."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def get_moods(self, _request: web.Request) -> web.Response:
        return web.json_response(self._sandbox.moods.list_moods())

    async def put_mood(self, request: web.Request) -> web.Response:
        body = await request.json()
        try:
            mood = Mood(MoodName(body["mood"]), float(body.get("seconds", 3)))
        except (KeyError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=422)
        self._sandbox.moods.put_mood(request.match_info["target"], mood)
        return web.json_response(self._sandbox.moods.list_moods())

    async def get_people(self, _request: web.Request) -> web.Response:
        return web.json_response([_person_to_json(person) for person in self._sandbox.world.people.values()])

    async def get_enterprises(self, _request: web.Request) -> web.Response:
        world = self._sandbox.world
        return web.json_response(
            [
                {
                    "key": item.key,
                    "uscc": item.uscc,
                    "name": item.name,
                    "legal_representative": item.legal_representative,
                }
                for item in world.enterprises
            ]
        )

    async def get_parts(self, _request: web.Request) -> web.Response:
        return web.json_response([part.to_json() for part in self._sandbox.departments.parts.values()])

    async def post_event(self, request: web.Request) -> web.Response:
        """Send one event of the given kind at once; answers with the server's status."""
        part = self._sandbox.departments.find_part(request.match_info["reference"])
        if part is None:
            raise web.HTTPNotFound
        body = await request.json()
        event = await self._sandbox.departments.tell_once(part, body["kind"], body.get("event_id"))
        return web.json_response(event.to_json())

    async def put_department(self, request: web.Request) -> web.Response:
        department = request.match_info["department"]
        try:
            habit = read_habit(self._sandbox.departments.habit_of(department), await request.json())
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=422)
        self._sandbox.departments.put_habit(department, habit)
        return web.json_response({"decide": habit.decide, "after_seconds": habit.after_seconds})

    async def get_calls(self, _request: web.Request) -> web.Response:
        return web.json_response(list(self._sandbox.calls))

    async def delete_calls(self, _request: web.Request) -> web.Response:
        self._sandbox.calls.clear()
        return web.json_response([])


def _person_to_json(person: Person) -> dict[str, Any]:
    return {
        "family": person.family,
        "role": person.role,
        "mobile": person.mobile,
        "deceased": "death" in person.entries,
        "card": card_of(person),
    }
