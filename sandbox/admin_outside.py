"""The admin paths about the province, the courier and the supervisors: what arrived, and their habits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from sandbox import courier, supervisors
from sandbox.envelope import read_json
from sandbox.refusals import Unknown

if TYPE_CHECKING:
    from sandbox.app import Systems


class OutsideAdmin:
    """What an operator sees and sets of everybody who is no department's desk."""

    def __init__(self, systems: Systems) -> None:
        self._province = systems.province
        self._courier = systems.courier
        self._supervisors = systems.supervisors

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/admin/province", self.get_province)
        app.router.add_get("/admin/courier", self.get_shipments)
        app.router.add_put("/admin/courier", self.put_courier)
        app.router.add_put("/admin/courier/{waybill}", self.put_shipment)
        app.router.add_get("/admin/supervisors", self.get_approvals)
        app.router.add_put("/admin/supervisors/{department}", self.put_supervisor)

    async def get_province(self, _request: web.Request) -> web.Response:
        """Every case with its steps, every rating and every appeal, each with how often it came."""
        return web.json_response(self._province.to_json())

    async def get_shipments(self, _request: web.Request) -> web.Response:
        return web.json_response(self._courier.to_json())

    async def put_courier(self, request: web.Request) -> web.Response:
        """Change how the courier treats shipments to come."""
        try:
            self._courier.habit = courier.read_habit(self._courier.habit, await read_json(request))
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=422)
        return web.json_response(self._courier.habit.to_json())

    async def put_shipment(self, request: web.Request) -> web.Response:
        """End the way of one shipment now; 409 when it has ended."""
        waybill, body = request.match_info["waybill"], await read_json(request)
        try:
            return web.json_response(self._courier.end(waybill, body.get("state")))
        except Unknown:
            raise web.HTTPNotFound from None
        except courier.Arrived:
            return web.json_response({"error": "arrived"}, status=409)
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=422)

    async def get_approvals(self, _request: web.Request) -> web.Response:
        return web.json_response([each.to_json() for each in self._supervisors.approvals.values()])

    async def put_supervisor(self, request: web.Request) -> web.Response:
        """Change how soon a supervisor acknowledges and checks, and what it finds."""
        department = request.match_info["department"]
        try:
            current = self._supervisors.habit_of(department)
            habit = supervisors.read_habit(current, await read_json(request))
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=422)
        self._supervisors.put_habit(department, habit)
        return web.json_response({"department": department, **habit.to_json()})
