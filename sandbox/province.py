"""The province's platform: the unified intake of cases and their steps, and the exchange of ratings."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from aiohttp import web

from sandbox.clock import Clock
from sandbox.envelope import envelope, incomplete, key_of, key_reused, not_now, read_json, unknown
from sandbox.journal import Journal
from sandbox.moods import Moods
from sandbox.province_codes import ENDS, read_appeal, read_case, read_rating, read_step
from sandbox.refusals import Incomplete, KeyReused, Unknown

TARGET = "province"
Answer = Callable[[], Awaitable[web.StreamResponse]]


class OutOfTurn(Exception):
    """A step came before the one that precedes it, or after the end; ``data`` says which."""

    def __init__(self, **data: Any) -> None:
        super().__init__(str(data))
        self.data = data


@dataclass
class Arrival:
    """One report as it came, how often, and the receipt it was given."""

    body: Mapping[str, Any]
    receipt: str
    arrived_at: str
    deliveries: int = 1


@dataclass
class Project:
    """A case at the province with its steps, in their order."""

    case: Arrival
    steps: list[Arrival] = field(default_factory=list)

    def find_end(self, part: str | None) -> str | None:
        """The status with which this part, or the whole, ended."""
        ends = (step.body for step in self.steps if step.body["status"] in ENDS)
        return next((str(body["status"]) for body in ends if body.get("partNo") in (None, part)), None)

    def is_part(self, part: str | None) -> bool:
        return part is None or part in [each["partNo"] for each in self.case.body["parts"]]


class Province:
    """What arrived at the province; outlives a restart with the journal."""

    def __init__(self, clock: Clock, journal: Journal) -> None:
        self._clock = clock
        self._journal = journal
        self.projects: dict[str, Project] = {
            entry["case"]["body"]["projectNo"]: _project(entry) for entry in journal.list_entries("project")
        }
        self.ratings = {key: Arrival(**entry) for key, entry in journal.list_entries("rating")}
        self.appeals = {key: Arrival(**entry) for key, entry in journal.list_entries("appeal")}

    def take_case(self, body: Mapping[str, Any]) -> Arrival:
        """Raises ``KeyReused`` for a number that is known with another content."""
        number = body["projectNo"]
        known = self.projects.get(number)
        if known is None:
            known = self.projects[number] = Project(self._arrival(body, f"case:{number}"))
        else:
            _count_again(known.case, body)
        self._save_project(number)
        return known.case

    def take_step(self, body: Mapping[str, Any]) -> Arrival:
        """Raises ``KeyReused``, ``OutOfTurn`` and ``Unknown``."""
        number: str = body["projectNo"]
        sequence: int = body["sequence"]
        project = self.projects.get(number)
        if project is None:
            raise OutOfTurn(expected=1)
        expected = len(project.steps) + 2
        if sequence < expected:
            step = project.steps[sequence - 2]
            _count_again(step, body)
        else:
            _check_turn(project, body, expected)
            step = self._arrival(body, f"step:{number}:{sequence}")
            project.steps.append(step)
        self._save_project(number)
        return step

    def take_rating(self, key: str, body: Mapping[str, Any]) -> Arrival:
        """Raises ``KeyReused``."""
        return self._take_by_key("rating", self.ratings, key, body)

    def take_appeal(self, key: str, body: Mapping[str, Any]) -> Arrival:
        """Raises ``KeyReused``, and ``Unknown`` for a rating that never arrived."""
        if body["rating"] not in [rating.receipt for rating in self.ratings.values()]:
            raise Unknown(body["rating"])
        return self._take_by_key("appeal", self.appeals, key, body)

    def to_json(self) -> dict[str, Any]:
        excluded = {
            arrival.body["rating"] for arrival in self.appeals.values() if arrival.body["outcome"] == "1"
        }
        return {
            "cases": [asdict(project) for project in self.projects.values()],
            "ratings": [
                {**asdict(rating), "excluded": rating.receipt in excluded} for rating in self.ratings.values()
            ],
            "appeals": [asdict(appeal) for appeal in self.appeals.values()],
        }

    def _take_by_key(
        self, kind: str, known: dict[str, Arrival], key: str, body: Mapping[str, Any]
    ) -> Arrival:
        if key in known:
            _count_again(known[key], body)
        else:
            known[key] = self._arrival(body, f"{kind}:{key}")
        self._journal.write(kind, key, lambda: [key, asdict(known[key])])
        return known[key]

    def _arrival(self, body: Mapping[str, Any], name: str) -> Arrival:
        receipt = "HN" + hashlib.sha256(name.encode()).hexdigest()[:16].upper()
        return Arrival(body, receipt, self._clock.now().isoformat(timespec="seconds"))

    def _save_project(self, number: str) -> None:
        self._journal.write("project", number, lambda: asdict(self.projects[number]))


def _project(entry: Mapping[str, Any]) -> Project:
    return Project(Arrival(**entry["case"]), [Arrival(**step) for step in entry["steps"]])


def _count_again(known: Arrival, body: Mapping[str, Any]) -> None:
    if known.body != body:
        raise KeyReused
    known.deliveries += 1


def _check_turn(project: Project, body: Mapping[str, Any], expected: int) -> None:
    if body["sequence"] > expected:
        raise OutOfTurn(expected=expected)
    part = body.get("partNo")
    if not project.is_part(part):
        raise Unknown(part)
    ended = project.find_end(part)
    if ended is not None:
        raise OutOfTurn(ended=ended)


class ProvinceDoor:
    """The province's signed paths; each is answered with a receipt, a repetition with the same."""

    def __init__(self, province: Province, moods: Moods) -> None:
        self._province = province
        self._moods = moods

    def add_routes(self, app: web.Application) -> None:
        app.router.add_post("/province/v1/cases", self.post_case)
        app.router.add_post("/province/v1/steps", self.post_step)
        app.router.add_post("/province/v1/ratings", self.post_rating)
        app.router.add_post("/province/v1/rating-appeals", self.post_appeal)

    async def post_case(self, request: web.Request) -> web.StreamResponse:
        """A case, known by its number."""
        body = await read_json(request)
        return await self._answer(request, lambda: self._province.take_case(read_case(body)))

    async def post_step(self, request: web.Request) -> web.StreamResponse:
        """A step of a case, in its turn."""
        body = await read_json(request)
        return await self._answer(request, lambda: self._province.take_step(read_step(body)))

    async def post_rating(self, request: web.Request) -> web.StreamResponse:
        """A rating, known by its idempotency key."""
        body, key = await read_json(request), _needed_key(request)
        return await self._answer(request, lambda: self._province.take_rating(key(), read_rating(body)))

    async def post_appeal(self, request: web.Request) -> web.StreamResponse:
        """What became of an appeal against a rating."""
        body, key = await read_json(request), _needed_key(request)
        return await self._answer(request, lambda: self._province.take_appeal(key(), read_appeal(body)))

    async def _answer(self, request: web.Request, take: Callable[[], Arrival]) -> web.StreamResponse:
        async def answer() -> web.StreamResponse:
            try:
                return envelope(0, "ok", {"receipt": take().receipt})
            except Incomplete as wrong:
                return incomplete(str(wrong))
            except KeyReused:
                return key_reused()
            except OutOfTurn as turn:
                return not_now("报送顺序不正确", turn.data)
            except Unknown as missing:
                return unknown(str(missing))

        return await self._moods.answer_in_mood(TARGET, request, answer)


def _needed_key(request: web.Request) -> Callable[[], str]:
    def key() -> str:
        if not key_of(request):
            raise Incomplete("Idempotency-Key")
        return key_of(request)

    return key
