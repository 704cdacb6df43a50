"""A courier: shipments that move on in sandbox time, and now and then come back or get lost.

A waybill is ``XX``, eleven digits and a check digit: a form of our own, which no post office uses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from aiohttp import web

from sandbox.clock import Clock
from sandbox.envelope import envelope, incomplete, key_reused, read_json, unknown
from sandbox.journal import Journal
from sandbox.moods import Moods
from sandbox.pace import Pace, read_pace
from sandbox.refusals import KeyReused, Unknown

TARGET = "courier"
HALF_A_SECOND = Pace("seconds", 0.5, 0.5)


class State(StrEnum):
    """Where a shipment is."""

    ACCEPTED = "accepted"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    RETURNED = "returned"
    LOST = "lost"


ENDS = (State.DELIVERED, State.RETURNED, State.LOST)
_WORDS: Mapping[State, tuple[str, str]] = {
    State.ACCEPTED: ("已揽收", "Picked up from the sender"),
    State.IN_TRANSIT: ("运输中", "On its way"),
    State.DELIVERED: ("已签收", "Handed to the receiver"),
    State.RETURNED: ("无法投递,已退回寄件人", "Could not be handed over and went back to the sender"),
    State.LOST: ("邮件丢失", "Lost on the way"),
}


class Arrived(Exception):
    """The shipment's way has ended already."""


def check_digit(digits: str) -> str:
    """ISO 7064 MOD 11,10 over decimal digits."""
    product = 10
    for digit in digits:
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def make_waybill(key: str) -> str:
    """The waybill of a sender's key; the same key gives the same one."""
    digits = f"{int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) % 10**11:011d}"
    return f"XX{digits}{check_digit(digits)}"


@dataclass(frozen=True)
class Habit:
    """How long the courier takes, and how the way of a shipment ends."""

    transit_after: Pace = HALF_A_SECOND
    deliver_after: Pace = HALF_A_SECOND
    ends: State = State.DELIVERED

    def to_json(self) -> dict[str, Any]:
        paces = {"transit_after": self.transit_after, "deliver_after": self.deliver_after}
        return {**{name: pace.to_json() for name, pace in paces.items()}, "ends": self.ends}


def read_habit(current: Habit, data: Mapping[str, Any]) -> Habit:
    """The habit changed by the given keys; raises ValueError."""
    unknown_keys = set(data) - {"transit_after", "deliver_after", "ends"}
    if unknown_keys:
        raise ValueError(f"no habit is called {', '.join(sorted(unknown_keys))}")
    changes: dict[str, Any] = {
        name: read_pace(data[name]) for name in ("transit_after", "deliver_after") if name in data
    }
    if "ends" in data:
        changes["ends"] = _read_end(data["ends"])
    return replace(current, **changes)


def _read_end(value: Any) -> State:
    state = State(value)
    if state not in ENDS:
        raise ValueError(f"a way ends {', '.join(ENDS)}: {value!r}")
    return state


@dataclass
class Shipment:
    """One shipment; ``stations`` are its moments (ISO 8601) with the state each brings, some yet to come."""

    waybill: str
    body: Mapping[str, Any]
    stations: list[tuple[str, State]] = field(default_factory=list)
    deliveries: int = 1
    asked: int = 0

    def list_passed(self, now: datetime) -> list[tuple[str, State]]:
        return [(at, state) for at, state in self.stations if datetime.fromisoformat(at) <= now]

    def state_at(self, now: datetime) -> State:
        return self.list_passed(now)[-1][1]

    def end_now(self, state: State, now: datetime) -> None:
        """Leave out what was to come and end so; raises ``Arrived``."""
        if self.state_at(now) in ENDS:
            raise Arrived(self.waybill)
        self.stations = [*self.list_passed(now), (now.isoformat(timespec="milliseconds"), state)]

    def to_json(self, now: datetime) -> dict[str, Any]:
        trace = [
            {"at": at, "state": state, "zh": _WORDS[state][0], "en": _WORDS[state][1]}
            for at, state in self.list_passed(now)
        ]
        return {"waybill": self.waybill, "state": self.state_at(now), "trace": trace}


class Courier:
    """Every shipment by its waybill; outlives a restart with the journal."""

    def __init__(self, clock: Clock, journal: Journal) -> None:
        self._clock = clock
        self._journal = journal
        self.habit = Habit()
        self.shipments = {entry["waybill"]: _shipment(entry) for entry in journal.list_entries("shipment")}

    def take(self, body: Mapping[str, Any]) -> Shipment:
        """Pick up a shipment, once for each key; raises ``KeyReused``."""
        waybill = make_waybill(body["key"])
        known = self.shipments.get(waybill)
        if known is None:
            known = self.shipments[waybill] = Shipment(waybill, body, self._plan(waybill))
        elif known.body != body:
            raise KeyReused
        else:
            known.deliveries += 1
        self._save(known)
        return known

    def get(self, waybill: str) -> Shipment:
        """Raises ``Unknown``."""
        if waybill not in self.shipments:
            raise Unknown(waybill)
        return self.shipments[waybill]

    def look_up(self, waybill: str) -> dict[str, Any]:
        """What a sender is told; raises ``Unknown``."""
        shipment = self.get(waybill)
        shipment.asked += 1
        return shipment.to_json(self._clock.now())

    def end(self, waybill: str, state: Any) -> dict[str, Any]:
        """End a way now; raises ``Unknown``, ``Arrived``, and ValueError for what is no end."""
        shipment = self.get(waybill)
        shipment.end_now(_read_end(state), self._clock.now())
        self._save(shipment)
        return shipment.to_json(self._clock.now())

    def to_json(self) -> list[dict[str, Any]]:
        """Every shipment as its sender would see it, with what it was sent with and how often."""
        return [
            {
                **shipment.to_json(self._clock.now()),
                "body": dict(shipment.body),
                "deliveries": shipment.deliveries,
                "asked": shipment.asked,
            }
            for shipment in self.shipments.values()
        ]

    def _plan(self, waybill: str) -> list[tuple[str, State]]:
        picked_up = self._clock.now()
        on_its_way = self.habit.transit_after.due_at(picked_up, waybill)
        there = self.habit.deliver_after.due_at(on_its_way, waybill)
        way = ((picked_up, State.ACCEPTED), (on_its_way, State.IN_TRANSIT), (there, self.habit.ends))
        return [(at.isoformat(timespec="milliseconds"), state) for at, state in way]

    def _save(self, shipment: Shipment) -> None:
        self._journal.write("shipment", shipment.waybill, lambda: asdict(shipment))


def _shipment(entry: Mapping[str, Any]) -> Shipment:
    stations = [(at, State(state)) for at, state in entry["stations"]]
    return Shipment(entry["waybill"], entry["body"], stations, entry["deliveries"], entry["asked"])


class CourierDoor:
    """The courier's two paths."""

    def __init__(self, courier: Courier, moods: Moods) -> None:
        self._courier = courier
        self._moods = moods

    def add_routes(self, app: web.Application) -> None:
        app.router.add_post("/courier/v1/shipments", self.post_shipment)
        app.router.add_get("/courier/v1/shipments/{waybill}", self.get_shipment)

    async def post_shipment(self, request: web.Request) -> web.StreamResponse:
        """202 and a waybill; the same key again, the same one."""
        body = await read_json(request)

        async def answer() -> web.StreamResponse:
            missing = _find_missing(body)
            if missing:
                return incomplete(missing)
            try:
                return envelope(0, "ok", {"waybill": self._courier.take(body).waybill}, status=202)
            except KeyReused:
                return key_reused()

        return await self._moods.answer_in_mood(TARGET, request, answer)

    async def get_shipment(self, request: web.Request) -> web.StreamResponse:
        """Where a shipment is, and everywhere it was."""

        async def answer() -> web.StreamResponse:
            try:
                return envelope(0, "ok", self._courier.look_up(request.match_info["waybill"]))
            except Unknown:
                return unknown("没有这个运单")

        return await self._moods.answer_in_mood(TARGET, request, answer)


def _find_missing(body: Mapping[str, Any]) -> str | None:
    """The first thing without which nothing can be sent."""
    receiver = body.get("to")
    if not isinstance(receiver, dict):
        return "to"
    for name in ("name", "mobile", "address"):
        if not receiver.get(name):
            return f"to.{name}"
    return next((name for name in ("key", "from", "contents") if not body.get(name)), None)
