"""The county's two lists of one-things, as JSON, CSV or a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Response, request
from werkzeug.exceptions import NotAcceptable
from werkzeug.wrappers import Response as BaseResponse

from onething.services import informing
from public_api.freshness import fresh_file, fresh_json, of_revision
from public_api.schemas import ListQuery, ServiceListView
from web import gates
from web.api import Blueprint
from web.current import current_ports
from web.language import preferred_language

JSON = "application/json"
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {"json": JSON, "csv": CSV, "xlsx": XLSX}
# Without it a spreadsheet takes UTF-8 for the code page of the machine it runs on.
_BYTE_ORDER_MARK = "\ufeff"
lists = Blueprint("public_lists", __name__, url_prefix="/lists", description="The county's two lists")


@lists.get("/<audience>")
@gates.public
@lists.arguments(ListQuery(), location="query")
@lists.response(200, ServiceListView())
@lists.alt_response(304, description="As the ETag says")
def get_list(wanted: Mapping[str, Any], audience: str) -> BaseResponse:
    """The list for ``person`` or ``enterprise``; also CSV and XLSX, by ``format`` or Accept."""
    ports = current_ports()
    imprint = informing.get_imprint(ports)
    language = wanted.get("lang") or preferred_language()
    kind = _wanted_kind(wanted.get("format"))
    answer: BaseResponse
    if kind == CSV:
        text = _BYTE_ORDER_MARK + informing.write_service_list(ports, audience, language)
        csv = Response(text, content_type=f"{CSV}; charset=utf-8")
        csv.headers["Content-Disposition"] = f'attachment; filename="one-things-{audience}.csv"'
        answer = of_revision(csv, imprint)
    elif kind == XLSX:
        book = informing.print_service_list(ports, audience, language)
        answer = fresh_file(book, XLSX, f"one-things-{audience}.xlsx", imprint)
    else:
        answer = fresh_json(asdict(informing.get_service_list(ports, audience)), imprint)
    answer.headers["Vary"] = "Accept, Accept-Language"
    return answer


def _wanted_kind(named: str | None) -> str:
    """The media type by name, else by Accept (RFC 9110); raises ``NotAcceptable``."""
    if named is not None:
        return FORMATS[named]
    if not request.accept_mimetypes:
        return JSON
    kind = request.accept_mimetypes.best_match(list(FORMATS.values()))
    if kind is None:
        raise NotAcceptable
    return kind
