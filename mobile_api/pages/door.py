"""The phone's pages, put together: every room under /m, what each page knows, and how refusals are said."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, request, url_for
from werkzeug.exceptions import HTTPException

from mobile_api.pages import assets, language, writing
from mobile_api.pages.frame import SAYING, Room, Tile, address, local_address, see_other, show, wants_json
from onething.domain.catalog import CatalogError
from onething.domain.dictionary import Label
from onething.domain.errors import NotFound, Refusal
from onething.domain.phones import RealNameNeeded
from onething.ports import PaperRefused
from onething.services import holding
from web import forms, gates, phone_pages
from web.current import current_ports
from web.problem_words import OF_STATUS
from web.problems import STATUS_OF_HINT, log_fault, problem
from web.refusals import PhoneTokenRefused

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; media-src 'self' blob:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# The pages use the phone's camera for papers and nothing else of it.
_ALLOWED = "camera=(self), microphone=(), geolocation=(), payment=()"
_NO_THING = Label("没有这件事", "There is no such service")


def list_rooms() -> list[Room]:
    """Every room, by its module's name: what is in this folder is served."""
    return sorted(_rooms(), key=lambda room: room.name)


def make_pages() -> Blueprint:
    """The blueprint with every room; to be registered on the application once."""
    pages = Blueprint("phone", __name__, url_prefix="/m", template_folder="../templates")
    rooms = list_rooms()
    for room in rooms:
        pages.register_blueprint(room.blueprint)
    pages.add_url_rule("/static/<path:name>", "static_file", gates.public(_static_file))
    pages.add_url_rule("/ways/<any(zh, en, plain, care):wanted>", "change_way", gates.public(_change_way))
    pages.add_url_rule("/<path:missing>", "missing", gates.public(_missing))
    pages.after_request(SAYING.carry)
    pages.after_request(phone_pages.carry)
    pages.after_request(_set_headers)
    pages.register_error_handler(Refusal, _of_refusal)
    pages.register_error_handler(
        PaperRefused, lambda error: _said(422, Label(error.zh, error.en), error.reason)
    )
    pages.register_error_handler(CatalogError, _of_catalog)
    pages.register_error_handler(HTTPException, _of_http)
    pages.register_error_handler(Exception, _of_fault)
    writing.register(pages)
    _register_values(pages, [tile for room in rooms for tile in room.tiles])
    return pages


def register_pages(app: Flask) -> None:
    """Put the pages under ``/m/`` of the application."""
    app.register_blueprint(make_pages())


def _rooms() -> Iterator[Room]:
    for module in iter_modules([str(Path(__file__).parent)]):
        room = getattr(import_module(f"mobile_api.pages.{module.name}"), "room", None)
        if isinstance(room, Room):
            yield room


def _register_values(pages: Blueprint, tiles: list[Tile]) -> None:
    @pages.context_processor
    def values() -> dict[str, Any]:
        return {
            "say": language.say,
            "language": language.language(),
            "mode": language.mode(),
            "phone": g.get("phone") or g.get("page_phone"),
            "said": SAYING.take_said,
            "new_once": forms.new_once,
            "here": _here(),
            "asset": assets.asset,
            "has_asset": assets.has_asset,
            "has_page": lambda endpoint: f"phone.{endpoint}" in current_app.view_functions,
            "to": address,
            "tiles": tiles,
            "kiosk_waits": _find_waiting_kiosk,
        }


def _find_waiting_kiosk() -> str | None:
    """The hand-over to be given back, on every page of a draft that came from a kiosk."""
    session, draft = g.get("citizen"), (request.view_args or {}).get("draft")
    return holding.find_waiting(current_ports(), session, str(draft)) if session and draft else None


def _here() -> str:
    """This page's address, for forms and the switches to come back to; of an act, the page it came from."""
    if request.method != "GET":
        return local_address(request.form.get("from", ""), url_for("phone.home.show_home"))
    query = request.query_string.decode("utf-8", "replace")
    return f"{request.path}?{query}" if query else request.path


def _static_file(name: str) -> Response:
    return assets.send(name)


def _change_way(wanted: str) -> Response:
    answer = see_other(local_address(request.args.get("to", ""), url_for("phone.home.show_home")))
    language.keep(answer, wanted)
    return answer


def _missing(missing: str) -> Response:  # noqa: ARG001
    raise NotFound


def _set_headers(answer: Response) -> Response:
    """Nothing from elsewhere runs or is shown here; a page of somebody's data is kept by nobody."""
    answer.headers.setdefault("Content-Security-Policy", POLICY)
    answer.headers.setdefault("Permissions-Policy", _ALLOWED)
    # Without this browsers would send forms with the origin "null".
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers.setdefault("X-Frame-Options", "DENY")
    answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if answer.mimetype == "text/html":
        assets.shrink(answer)
    return answer


def _of_refusal(refusal: Refusal) -> Response:
    g.reason = refusal.reason
    if wants_json():
        return problem(STATUS_OF_HINT[refusal.status_hint], refusal.reason, refusal.text, refusal.fields)
    if isinstance(refusal, PhoneTokenRefused):
        return see_other(address("entering.show_ways", to=_wanted()))
    if isinstance(refusal, RealNameNeeded):
        return see_other(address("entering.show_real_name", to=_wanted()))
    status = STATUS_OF_HINT[refusal.status_hint]
    return _said(status, refusal.text, refusal.reason, [each.text for each in refusal.fields])


def _wanted() -> str | None:
    """Where somebody wanted to be who has to sign in first."""
    wanted = _here()
    return None if wanted == url_for("phone.home.show_home") else wanted


def _of_catalog(error: CatalogError) -> Response:
    if error.reason == "unknown_thing":
        return _said(404, _NO_THING, error.reason)
    if error.reason == "nothing_published":
        return _said(503, OF_STATUS[503][1], OF_STATUS[503][0])
    return _of_fault(error)


def _of_paper(error: PaperRefused) -> Response:
    return _said(422, Label(error.zh, error.en), error.reason)


def _of_http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        answer = error.get_response()
        assert isinstance(answer, Response)
        return answer
    reason, text = OF_STATUS.get(status, OF_STATUS[400 if status < 500 else 500])
    return _said(status, text, reason)


def _of_fault(error: Exception) -> Response:
    """The application's own handler writes it to the log; here it is only said as a page."""
    status = log_fault(error)
    reason, text = OF_STATUS[status]
    return _said(status, text, reason)


def _said(status: int, text: Label, reason: str = "", more: list[Label] | None = None) -> Response:
    g.reason = reason
    if wants_json():
        return problem(status, reason, text)
    return show("phone/refused.html", status, text=text, reason=reason, more=more or (), answered=status)
