"""The admin paths about departments: their habits, the parts they hold, and events told on command."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.departments import Departments
from sandbox.envelope import read_json
from sandbox.habits import read_habit
from sandbox.parts import Part


class DesksAdmin:
    """What an operator sees and sets of the departments."""

    def __init__(self, departments: Departments) -> None:
        self._departments = departments

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/admin/departments", self.get_departments)
        app.router.add_put("/admin/departments", self.put_departments)
        app.router.add_put("/admin/departments/{department}", self.put_department)
        app.router.add_get("/admin/parts", self.get_parts)
        app.router.add_post("/admin/parts/{reference}/events", self.post_event)

    async def get_departments(self, _request: web.Request) -> web.Response:
        """Every habit that was set, each with its department and its matter or null."""
        return web.json_response(self._departments.list_habits())

    async def put_departments(self, request: web.Request) -> web.Response:
        """``{"habits": "usual"}``: everybody at their usual pace."""
        if await read_json(request) != {"habits": "usual"}:
            return web.json_response({"error": 'say {"habits": "usual"}'}, status=422)
        self._departments.put_usual_habits()
        return await self.get_departments(request)

    async def put_department(self, request: web.Request) -> web.Response:
        """Change a department's habit, or with ``matter`` its habit for that matter only."""
        department = request.match_info["department"]
        body = await read_json(request)
        matter = body.pop("matter", None)
        try:
            habit = read_habit(self._departments.habit_of(department, matter), body)
        except (ValueError, TypeError) as error:
            return web.json_response({"error": str(error)}, status=422)
        self._departments.put_habit(department, habit, matter)
        return web.json_response({"department": department, "matter": matter, **habit.to_json()})

    async def get_parts(self, request: web.Request) -> web.Response:
        """Every part, or those of one department, case number or part id."""
        parts = self._departments.parts.values()
        return web.json_response([part.to_json() for part in parts if _is_wanted(part, request)])

    async def post_event(self, request: web.Request) -> web.Response:
        """Send one event of the given kind at once; answers with the server's status."""
        part = self._departments.find_part(request.match_info["reference"])
        if part is None:
            raise web.HTTPNotFound
        body = await read_json(request)
        kind, teller = body.pop("kind"), body.pop("as", part.department)
        changes: dict[str, Any] = {name: value for name, value in body.items() if value is not None}
        event = await self._departments.tell_once(part, kind, changes, teller)
        return web.json_response(event.to_json())


def _is_wanted(part: Part, request: web.Request) -> bool:
    known = {"department": part.department, "case": part.body["case_number"], "part": part.id}
    return all(known[name] == value for name, value in request.query.items() if name in known)
