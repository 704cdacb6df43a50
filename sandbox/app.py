"""The sandbox's HTTP face: every system's signed door, the registers' own, and /admin."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.admin import add_admin_routes
from sandbox.callbacks import Callbacks
from sandbox.clock import Clock
from sandbox.courier import Courier, CourierDoor
from sandbox.departments import Departments
from sandbox.desks import Desks
from sandbox.e_licences import find_licence
from sandbox.envelope import NOT_HELD, UNKNOWN_TARGET, UNSIGNED, envelope, read_json
from sandbox.journal import Journal
from sandbox.licence_files import LicenceFilesDoor
from sandbox.messages_texts import Texts, TextsDoor
from sandbox.moods import MoodName, Moods
from sandbox.people import World
from sandbox.province import Province, ProvinceDoor
from sandbox.registers import REGISTERS, Query, Record, record_of_a_stranger
from sandbox.signature import SeenNonces, SignatureRefused, verify
from sandbox.supervisors import Supervisors, SupervisorsDoor
from sandbox.tokens import Tokens
from sandbox.verifiers import FacesDoor

BAD_QUERY = 40001
LARGEST_BODY = 4 * 1024 * 1024
CALLS_KEPT = 5000

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Systems:
    """Everything that stands behind the doors."""

    world: World
    clock: Clock
    moods: Moods
    departments: Departments
    province: Province
    courier: Courier
    supervisors: Supervisors
    texts: Texts
    callbacks: Callbacks
    journal: Journal

    def start(self) -> None:
        """Go on with what was begun before a restart."""
        self.departments.start()
        self.supervisors.start()

    async def stop(self) -> None:
        await self.departments.stop()
        await self.supervisors.stop()
        await self.callbacks.close()
        self.journal.close()

    def is_quiet(self) -> bool:
        """All that is due was done and told."""
        return self.departments.is_quiet() and self.supervisors.is_quiet()


def make_systems(world: World, clock: Clock, tokens: Tokens, journal: Journal) -> Systems:
    """The whole outside world; what the journal holds is known to it again."""
    moods, callbacks = Moods(clock), Callbacks(dict(tokens.departments))
    return Systems(
        world=world,
        clock=clock,
        moods=moods,
        departments=Departments(callbacks, clock, moods, journal),
        province=Province(clock, journal),
        courier=Courier(clock, journal),
        supervisors=Supervisors(callbacks, clock, moods, journal),
        texts=Texts(journal),
        callbacks=callbacks,
        journal=journal,
    )


class Sandbox:
    """The doors, and the log of calls that came through them."""

    def __init__(self, systems: Systems, tokens: Tokens) -> None:
        self.systems = systems
        self.calls: deque[dict[str, Any]] = deque(maxlen=CALLS_KEPT)
        self._tokens = tokens
        self._nonces = SeenNonces()

    def make_app(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_BODY, middlewares=[self._check_signature])
        systems, codes = self.systems, self._tokens.departments
        app.router.add_post("/registers/{target}/records", self.post_record)
        app.router.add_post("/e-licences/queries", self.post_licence_query)
        LicenceFilesDoor(systems.world, systems.departments, systems.moods, self.note_call).add_routes(app)
        Desks(systems.departments, systems.moods, codes, self.note_call).add_routes(app)
        ProvinceDoor(systems.province, systems.moods).add_routes(app)
        CourierDoor(systems.courier, systems.moods).add_routes(app)
        TextsDoor(systems.texts, systems.moods).add_routes(app)
        FacesDoor(systems.world, systems.moods).add_routes(app)
        SupervisorsDoor(systems.supervisors, systems.moods, codes).add_routes(app)
        add_admin_routes(app, self)
        return app

    @web.middleware
    async def _check_signature(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith("/admin/"):
            try:
                verify(request.headers, self._tokens.paas_id, self._tokens.server, self._nonces)
            except SignatureRefused as refused:
                return envelope(UNSIGNED, refused.reason, status=401)
        return await handler(request)

    async def post_record(self, request: web.Request) -> web.StreamResponse:
        """POST /registers/{source}/records: the record about whom the body asks, or code 40401."""
        target = request.match_info["target"]
        if target not in REGISTERS:
            return envelope(UNKNOWN_TARGET, "没有这个数据源", status=404)
        body = await read_json(request)

        async def answer() -> web.StreamResponse:
            if not _is_query(body, "asked"):
                return envelope(BAD_QUERY, "缺少查询条件或用途")
            record = self._find_record(target, body["asked"])
            return envelope(0, "ok", record.to_json()) if record else envelope(NOT_HELD, "查无记录")

        if body:
            self.note_call(target, body)
        return await self.systems.moods.answer_in_mood(target, request, answer)

    def _find_record(self, target: str, asked: dict[str, str]) -> Record | None:
        systems = self.systems
        systems.world.today = systems.clock.today()
        if systems.moods.mood_of(target).name is MoodName.WRONG_PERSON:
            return record_of_a_stranger(systems.world, target)
        return REGISTERS[target](Query(systems.world, asked, systems.departments.certified_births()))

    async def post_licence_query(self, request: web.Request) -> web.StreamResponse:
        """POST /e-licences/queries: one licence of one holder, or code 40401."""
        body = await read_json(request)

        async def answer() -> web.StreamResponse:
            if not _is_query(body, "holder_code", "holder_type", "certificate_type", "use_cause"):
                return envelope(BAD_QUERY, "缺少查询条件或用证事由")
            licence = self._find_licence(body)
            return envelope(0, "ok", licence) if licence else envelope(NOT_HELD, "查无证照")

        if body:
            self.note_call("e_licences", body)
        return await self.systems.moods.answer_in_mood("e_licences", request, answer)

    def _find_licence(self, body: dict[str, Any]) -> dict[str, Any] | None:
        world = self.systems.world
        if self.systems.moods.mood_of("e_licences").name is MoodName.WRONG_PERSON:
            return find_licence(world, "id_card", "111", world.people["stranger.man"].id_number)
        return find_licence(world, body["certificate_type"], body["holder_type"], body["holder_code"])

    def note_call(self, target: str, body: dict[str, Any]) -> None:
        """Keep what was asked of whom, with the moment of sandbox time."""
        self.calls.append({"at": self.systems.clock.now().isoformat(), "target": target, **body})


def _is_query(body: dict[str, Any], *wanted: str) -> bool:
    """Nothing is answered without saying what it is for."""
    purpose = body.get("purpose")
    reason = purpose.get("reason") if isinstance(purpose, dict) else None
    stated = isinstance(reason, str) and 0 < len(reason) <= 200
    return stated and all(body.get(name) for name in wanted)
