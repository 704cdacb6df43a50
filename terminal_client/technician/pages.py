"""The technician's pages on the kiosk: one code to enter, then devices, tests and what the terminal knows."""

from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, redirect, request
from jinja2 import Environment, PackageLoader, StrictUndefined
from werkzeug.wrappers import Response as BaseResponse

from devices.errors import DeviceError
from terminal_client.agent.codes import BadCode, EnrolmentCode, parse_typed
from terminal_client.agent.enrolment import EnrolmentFailed
from terminal_client.drawings import drawing
from terminal_client.journey.state import Sentence
from terminal_client.keys import KeyFileError
from terminal_client.server_client import ServerAway, ServerRefused
from terminal_client.technician.offline_code import CodesLocked
from terminal_client.technician.room import TechnicianRoom, at_text
from terminal_client.technician.trials import TRIALS
from terminal_client.voice import VoiceError, speak

blueprint = Blueprint("technician", __name__, url_prefix="/technician")
COOKIE = "technician"
SPEAKER_TEST = "您好，声音正常"
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ENVIRONMENT = Environment(
    loader=PackageLoader("terminal_client", "templates/technician"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.globals.update(drawing=drawing)
AWAY = Sentence("连不上服务器，请检查网络", "The server was not reached. Please check the network.")
NO_CODE = Sentence("没有看到二维码，请再试", "No code was seen. Please try again.")
NOT_RIGHT = Sentence("验证码不对", "That code is not right.")


def install(app: Flask, room: TechnicianRoom, *, is_first_page: bool = False) -> None:
    """Put the room into an app; it is the only page there is on a kiosk that is not enrolled yet."""
    app.extensions["technician"] = room
    app.register_blueprint(blueprint)
    if is_first_page:
        app.add_url_rule("/", "first_page", lambda: redirect("/technician/"))


def get_room() -> TechnicianRoom:
    """The room of this application."""
    room: TechnicianRoom = current_app.extensions["technician"]
    return room


@blueprint.get("/")
def show() -> str:
    """The devices and the terminal, or the pad for the code."""
    return _show_room() if _may_enter() else _show_door()


@blueprint.post("/entry")
def enter() -> BaseResponse | str:
    """A code was typed."""
    try:
        given = get_room().enter(request.form.get("code", "")[:40])
    except CodesLocked as locked:
        at = at_text(locked.until_at)
        return _show_door(Sentence(f"输错太多次，{at} 再试", f"Too many wrong codes. Try again at {at}."))
    if given is None:
        return _show_door(NOT_RIGHT)
    response = redirect("/technician/", code=303)
    response.set_cookie(COOKIE, given, httponly=True, samesite="Strict", path="/technician")
    return response


@blueprint.post("/leaving")
def leave() -> BaseResponse:
    """The technician goes."""
    _must_be_in()
    get_room().leave()
    response = redirect("/", code=303)
    response.delete_cookie(COOKIE, path="/technician")
    return response


@blueprint.post("/trials/<kind>")
def try_one(kind: str) -> str:
    """Try one device and show what came of it."""
    _must_be_in()
    if kind not in TRIALS:
        abort(404)
    get_room().try_device(kind)
    return _show_room()


@blueprint.get("/speaker.wav")
def speaker() -> Response:
    """A sentence to hear."""
    _must_be_in()
    try:
        return Response(speak(SPEAKER_TEST, "zh"), mimetype="audio/wav")
    except VoiceError:
        abort(503)


@blueprint.post("/enrolment")
def enrol() -> str:
    """Enrol this kiosk with a typed code, or with the one before its own QR reader."""
    _must_be_in()
    room = get_room()
    if room.enrol is None:
        abort(404)
    try:
        code = _read_code(room)
        if code is None:
            return _show_room(trouble=NO_CODE)
        return _show_room(check_words=room.enrol(code))
    except ServerAway:
        return _show_room(trouble=AWAY)
    except ServerRefused as error:
        return _show_room(trouble=error.why)
    except (BadCode, EnrolmentFailed, DeviceError) as error:
        return _show_room(trouble=Sentence(error.zh, error.en))
    except (KeyFileError, OSError) as error:
        return _show_room(trouble=Sentence(f"写不进磁盘：{error}", f"The disk cannot be written: {error}"))


@blueprint.get("/report.html")
def report() -> Response:
    """The signed readiness report."""
    _must_be_in()
    room = get_room()
    if room.write_report is None:
        abort(404)
    return Response(room.write_report(list(room.last_trials.values())), mimetype="text/html")


def _read_code(room: TechnicianRoom) -> EnrolmentCode | None:
    typed = request.form.get("code", "")[:40]
    return parse_typed(typed) if typed.strip() else room.scan_code()


def _may_enter() -> bool:
    return get_room().is_open_for(request.cookies.get(COOKIE))


def _must_be_in() -> None:
    if not _may_enter():
        abort(403)


def _show_door(trouble: Sentence | None = None) -> str:
    return ENVIRONMENT.get_template("door.html").render(trouble=trouble, letters="1234567890")


def _show_room(*, trouble: Sentence | None = None, check_words: str | None = None) -> str:
    room = get_room()
    shown: dict[str, Any] = {
        "trouble": trouble,
        "check_words": check_words,
        "tiles": room.list_tiles(),
        "lines": room.list_lines(),
        "trials": list(room.last_trials.values()),
        "is_setup": room.enrol is not None,
        "has_report": room.write_report is not None,
        "can_scan": "qr" in room.devices.list_health(),
        "letters": LETTERS,
    }
    return ENVIRONMENT.get_template("room.html").render(shown)
