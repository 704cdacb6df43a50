"""The one-things, their guides, their procedures and the clerks' handbook."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response as BaseResponse

from onething.services import browsing, informing
from public_api.freshness import fresh_file, fresh_json, of_revision
from public_api.schemas import ProcedureList
from web import gates
from web.answers import bytes_answer
from web.api import Blueprint
from web.current import current_ports
from web.language import preferred_language
from web.schemas_guide import GuideView, ThingList

PDF = "application/pdf"
things = Blueprint("public_things", __name__, url_prefix="/things", description="One-things and their guides")


@things.get("")
@gates.public
@things.response(200, ThingList())
@things.alt_response(304, description="As the ETag says")
def list_things() -> BaseResponse:
    """Every one-thing of the current revision."""
    ports = current_ports()
    return fresh_json(browsing.list_things(ports), informing.get_imprint(ports))


@things.get("/<code>/guide")
@gates.public
@things.response(200, GuideView())
@things.alt_response(304, description="As the ETag says")
def get_guide(code: str) -> BaseResponse:
    """The notice of a one-thing: all the policy asks for, the same on every channel."""
    ports = current_ports()
    guide = public_guide(code)
    return fresh_json(guide, informing.get_imprint(ports), dated=guide["waiting"] is None)


def public_guide(code: str) -> dict[str, Any]:
    """The kiosk's guide, its picture where everyone may look."""
    return {
        **browsing.get_guide(current_ports(), code),
        "flow_chart": f"/public/v1/things/{code}/flow-chart",
    }


@things.get("/<code>/flow-chart")
@gates.public
@things.response(200, {"type": "string"}, content_type="image/svg+xml")
@things.alt_response(304, description="As the ETag says")
def get_flow_chart(code: str) -> BaseResponse:
    """The process as SVG, in the language that is wanted most."""
    ports = current_ports()
    chart = browsing.get_flow_chart(ports, code, preferred_language())
    answer = bytes_answer(chart.encode(), "image/svg+xml")
    answer.headers["Vary"] = "Accept-Language"
    return of_revision(answer, informing.get_imprint(ports))


@things.get("/<code>/procedures")
@gates.public
@things.response(200, ProcedureList())
@things.alt_response(304, description="As the ETag says")
def list_procedures(code: str) -> BaseResponse:
    """Each matter's working procedure (工作规程): who does what in which step, by when."""
    ports = current_ports()
    return fresh_json(informing.list_procedures(ports, code), informing.get_imprint(ports))


@things.get("/<code>/procedures/<matter>/document")
@gates.public
@things.response(200, {"type": "string", "format": "binary"}, content_type=PDF)
@things.alt_response(304, description="As the ETag says")
def get_procedure_document(code: str, matter: str) -> BaseResponse:
    """One matter's working procedure as PDF/A, for the wall."""
    ports = current_ports()
    pdf = informing.print_procedure(ports, code, matter)
    return fresh_file(pdf, PDF, f"{code}-{matter}.pdf", informing.get_imprint(ports))


@things.get("/<code>/handbook")
@gates.public
@things.response(200, {"type": "string", "format": "binary"}, content_type=PDF)
@things.alt_response(304, description="As the ETag says")
def get_handbook(code: str) -> BaseResponse:
    """The clerks' handbook (业务手册) with every matter's procedure, as PDF/A."""
    ports = current_ports()
    pdf = informing.print_handbook(ports, code)
    return fresh_file(pdf, PDF, f"{code}.pdf", informing.get_imprint(ports))
