"""The unsigned admin paths, for this machine only: the clock, moods, people, and the calls."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.admin_desks import DesksAdmin
from sandbox.admin_outside import OutsideAdmin
from sandbox.clock import MovedBack
from sandbox.envelope import read_json
from sandbox.moods import Mood, MoodName
from sandbox.people import Person, card_of

if TYPE_CHECKING:
    from sandbox.app import Sandbox

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LONGEST_FORWARD = timedelta(days=3660)


def add_admin_routes(app: web.Application, sandbox: Sandbox) -> None:
    app.middlewares.append(only_from_this_machine)
    Admin(sandbox).add_routes(app)
    DesksAdmin(sandbox.systems.departments).add_routes(app)
    OutsideAdmin(sandbox.systems).add_routes(app)


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
        self._systems = sandbox.systems

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/admin/clock", self.get_clock)
        app.router.add_put("/admin/clock", self.put_clock)
        app.router.add_get("/admin/moods", self.get_moods)
        app.router.add_put("/admin/moods/{target}", self.put_mood)
        app.router.add_get("/admin/people", self.get_people)
        app.router.add_get("/admin/enterprises", self.get_enterprises)
        app.router.add_get("/admin/calls", self.get_calls)
        app.router.add_delete("/admin/calls", self.delete_calls)

    async def get_clock(self, _request: web.Request) -> web.Response:
        """Sandbox time, how far it is ahead, and whether all that is due was done and told."""
        clock = self._systems.clock
        return web.json_response(
            {
                "now": clock.now().isoformat(timespec="milliseconds"),
                "offset_seconds": clock.offset_seconds,
                "quiet": self._systems.is_quiet(),
            }
        )

    async def put_clock(self, request: web.Request) -> web.Response:
        """Move the clock on: ``{"at": ISO 8601}``, ``{"forward_days": n}`` or ``{"forward_seconds": n}``."""
        clock = self._systems.clock
        try:
            await clock.forward(_read_forward(await read_json(request), clock.now()))
        except MovedBack:
            return web.json_response({"error": "moved_back"}, status=422)
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=422)
        return await self.get_clock(request)

    async def get_moods(self, _request: web.Request) -> web.Response:
        return web.json_response(self._systems.moods.list_moods())

    async def put_mood(self, request: web.Request) -> web.Response:
        """Set a target's mood, with ``days`` only for so many days of sandbox time."""
        body = await read_json(request)
        try:
            days = float(body["days"]) if body.get("days") is not None else None
            until = self._systems.clock.now() + timedelta(days=days) if days is not None else None
            mood = Mood(MoodName(body["mood"]), float(body.get("seconds", 3)), until)
        except (KeyError, ValueError, TypeError, OverflowError) as error:
            return web.json_response({"error": str(error)}, status=422)
        self._systems.moods.put_mood(request.match_info["target"], mood)
        return web.json_response(self._systems.moods.list_moods())

    async def get_people(self, _request: web.Request) -> web.Response:
        return web.json_response([_person_to_json(person) for person in self._systems.world.people.values()])

    async def get_enterprises(self, _request: web.Request) -> web.Response:
        return web.json_response(
            [
                {
                    "key": item.key,
                    "uscc": item.uscc,
                    "name": item.name,
                    "legal_representative": item.legal_representative,
                }
                for item in self._systems.world.enterprises
            ]
        )

    async def get_calls(self, _request: web.Request) -> web.Response:
        return web.json_response(list(self._sandbox.calls))

    async def delete_calls(self, _request: web.Request) -> web.Response:
        self._sandbox.calls.clear()
        return web.json_response([])


def _read_forward(body: dict[str, Any], now: datetime) -> timedelta:
    """How far to move; raises ValueError for a body that says nothing, too much or something else."""
    if len(body) != 1:
        raise ValueError("say at, forward_days or forward_seconds")
    [(name, value)] = body.items()
    if name == "at":
        at = datetime.fromisoformat(str(value))
        if at.tzinfo is None:
            raise ValueError("a moment has its offset, such as +08:00")
        # The offset is kept in whole seconds: the moment has come, not nearly come.
        by = at - now
        return by if by < timedelta() else timedelta(seconds=-(-by // timedelta(seconds=1)))
    if name not in ("forward_days", "forward_seconds") or not isinstance(value, int | float):
        raise ValueError("say at, forward_days or forward_seconds")
    by = timedelta(**{name.removeprefix("forward_"): min(value, LONGEST_FORWARD.total_seconds())})
    if by > LONGEST_FORWARD:
        raise ValueError(f"at most {LONGEST_FORWARD.days} days at once")
    return by


def _person_to_json(person: Person) -> dict[str, Any]:
    return {
        "family": person.family,
        "role": person.role,
        "mobile": person.mobile,
        "deceased": "death" in person.entries,
        "card": card_of(person),
    }
