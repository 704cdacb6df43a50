"""The console: its rooms under one path, its files, and what is said when a page cannot be shown."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, g, redirect, request, send_from_directory, url_for
from werkzeug.exceptions import HTTPException

from onething.domain.dictionary import Label
from onething.domain.errors import NotFound, Refusal
from onething.domain.staff import StaffSessionEnded
from onething.ports import PaperRefused
from staff_console import audit, calendars, catalogue, filing, overview, sign_in, staff
from staff_console.fleet import ROOMS as FLEET_ROOMS
from staff_console.forms import local_address
from staff_console.language import keep_language
from staff_console.rendering import STATIC, register_rendering, set_headers, show
from staff_console.rooms import Room
from staff_console.saying import carry, say_next
from staff_console.work import ROOMS as WORK_ROOMS
from web import gates
from web.problem_words import OF_STATUS
from web.problems import STATUS_OF_HINT, log_fault
from web.staff_cookies import session_token

ROOMS: tuple[Room, ...] = (
    overview.room,
    filing.room,
    *WORK_ROOMS,
    *FLEET_ROOMS,
    catalogue.room,
    calendars.room,
    audit.room,
    staff.room,
    sign_in.room,
)


def make_console() -> Blueprint:
    """The blueprint with every room; to be registered on the application once."""
    console = Blueprint("console", __name__, url_prefix="/console", template_folder="templates")
    for room in ROOMS:
        console.register_blueprint(room.blueprint)
    console.add_url_rule("/static/<path:name>", "static_file", gates.public(_static_file))
    console.add_url_rule("/language/<any(zh, en):wanted>", "language", gates.public(_language))
    console.add_url_rule("/<path:missing>", "missing", gates.staff()(_missing))
    console.after_request(carry)
    console.after_request(set_headers)
    console.register_error_handler(Refusal, _of_refusal)
    console.register_error_handler(PaperRefused, lambda error: _said(422, Label(error.zh, error.en)))
    console.register_error_handler(HTTPException, _of_http)
    console.register_error_handler(Exception, _of_fault)
    register_rendering(console, [item for room in ROOMS for item in room.menu])
    overview.show_tiles([tile for room in ROOMS for tile in room.tiles])
    return console


def register_console(app: Flask) -> None:
    """Put the console under ``/console/`` of the application."""
    app.register_blueprint(make_console())


def _static_file(name: str) -> Response:
    answer = send_from_directory(STATIC, name, conditional=True)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


def _language(wanted: str) -> Response:
    answer = redirect(local_address(request.args.get("to", ""), url_for("console.overview.show")))
    assert isinstance(answer, Response)
    keep_language(answer, wanted)
    return answer


def _missing(missing: str) -> Response:  # noqa: ARG001
    raise NotFound


def _of_refusal(refusal: Refusal) -> Response:
    if isinstance(refusal, StaffSessionEnded):
        return _to_sign_in(refusal)
    g.reason = refusal.reason
    status = STATUS_OF_HINT[refusal.status_hint]
    return _said(status, refusal.text, refusal.reason, [each.text for each in refusal.fields])


def _to_sign_in(refusal: StaffSessionEnded) -> Response:
    """To the sign-in page, and from there back to where the person wanted to be."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    begins = wanted in ("", url_for("console.overview.show"))
    to = url_for("console.sign_in.show", to=None if begins else wanted)
    # Somebody who comes for the first time has had nothing end.
    if session_token():
        say_next("note", refusal.text, refusal.reason)
    if "HX-Request" in request.headers:
        return Response(status=401, headers={"HX-Redirect": to})
    answer = redirect(to, 303)
    assert isinstance(answer, Response)
    return answer


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
    return show("refused.html", status, text=text, reason=reason, more=more or (), answered=status)
