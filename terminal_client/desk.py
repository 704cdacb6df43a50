"""Desk mode: a clerk's reader, scanner and printer, served on 127.0.0.1 to the console's page alone.

Three things must be right at once: the request comes to this machine by its own name, the browser says that
it comes from the console's origin (WHATWG Fetch, CORS), and it carries the pairing code shown at start.
"""

import base64
import secrets
import threading
from hmac import compare_digest
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify, request

from devices.errors import DeviceError
from terminal_client import notice_slip
from terminal_client.config import DeskConfig
from terminal_client.desk_devices import DeskDevices

LOCAL = ("127.0.0.1", "localhost")
TOKEN_HEADER = "Desk-Token"  # noqa: S105 - the name of the header
METHODS = "GET, POST"
HEADERS = f"content-type, {TOKEN_HEADER.lower()}"
LONGEST_BODY = 64 * 1024
MOST_WRONG_CODES = 10
LETTERS = "BCDFGHJKMNPQRSTVWXYZ23456789"
SENTENCES = {
    "other_host": ("只有本机可以使用", "Only this machine may use it"),
    "other_origin": ("只有政务服务工作台的页面可以使用", "Only the console's page may use it"),
    "not_paired": (
        "请输入本机桌面程序启动时显示的配对码",
        "Enter the pairing code shown when the desk started",
    ),
    "locked": ("配对码错误次数太多，请重新启动桌面程序", "Too many wrong codes; start the desk again"),
    "bad_request": ("请求内容不正确", "The request is not right"),
}

blueprint = Blueprint("desk", __name__, url_prefix="/desk")


class Pairing:
    """The code a clerk copies into the console once; guesses are counted."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._wrong = 0
        self._counting = threading.Lock()

    @property
    def is_locked(self) -> bool:
        """Whether too many wrong codes were tried since the start."""
        return self._wrong >= MOST_WRONG_CODES

    def is_right(self, given: str) -> bool:
        """Whether this is the code; once locked, nothing is right any more."""
        with self._counting:
            if self.is_locked:
                return False
            right = compare_digest(_bare(given), _bare(self.code))
            # a page that has no code yet is no guess
            self._wrong += 0 if right or not given else 1
            return right


def make_code() -> str:
    """A new pairing code, 12 letters and digits that nobody confuses (57 bits), in groups of four."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(12))
    return "-".join((drawn[:4], drawn[4:8], drawn[8:]))


def _bare(code: str) -> bytes:
    return "".join(code.upper().split()).replace("-", "").encode()


def make_desk(devices: DeskDevices, config: DeskConfig, code: str) -> Flask:
    """The application of one desk."""
    app = Flask("terminal_client.desk", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LONGEST_BODY
    app.extensions["desk_devices"] = devices
    app.extensions["desk_pairing"] = Pairing(code)
    app.extensions["desk_origin"] = config.console_origin.rstrip("/")
    app.before_request(refuse_strangers)
    app.after_request(open_to_the_console)
    app.register_error_handler(DeviceError, tell_device_error)
    app.register_blueprint(blueprint)
    return app


def refuse_strangers() -> Response | None:
    """Let through the console's page on this machine, with the code; a preflight needs no code."""
    if request.host.partition(":")[0] not in LOCAL:
        return _refused(403, "other_host")
    if request.headers.get("Origin") != current_app.extensions["desk_origin"]:
        return _refused(403, "other_origin")
    if request.method == "OPTIONS":
        return Response(status=204)
    pairing: Pairing = current_app.extensions["desk_pairing"]
    if pairing.is_right(request.headers.get(TOKEN_HEADER, "")):
        return None
    return _refused(403, "locked") if pairing.is_locked else _refused(401, "not_paired")


def open_to_the_console(response: Response) -> Response:
    """The headers by which a browser lets the console's page, and no other, read the answer."""
    origin = current_app.extensions["desk_origin"]
    if request.headers.get("Origin") == origin and request.host.partition(":")[0] in LOCAL:
        response.headers["Access-Control-Allow-Origin"] = origin
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = METHODS
            response.headers["Access-Control-Allow-Headers"] = HEADERS
            response.headers["Access-Control-Max-Age"] = "600"
            # WICG Private Network Access: a page from afar asks before it may speak to this machine
            if request.headers.get("Access-Control-Request-Private-Network") == "true":
                response.headers["Access-Control-Allow-Private-Network"] = "true"
    response.headers["Vary"] = "Origin"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return response


@blueprint.get("/devices")
def list_devices() -> Response:
    """How reader, scanner and printer are."""
    return jsonify(_devices().list_health())


@blueprint.get("/card")
def read_card() -> Response:
    """The card that lies on the reader, without its photo."""
    return jsonify(card=_devices().read_card())


@blueprint.post("/scan")
def scan() -> Response:
    """The page on the glass, or with ``{"source": "feeder"}`` all in the feeder; pictures in base64."""
    asked = request.get_json(silent=True) or {}
    if not isinstance(asked, dict) or set(asked) - {"source"}:
        return _refused(422, "bad_request")
    source = asked.get("source", "flatbed")
    if source not in ("flatbed", "feeder"):
        return _refused(422, "bad_request")
    pages = _devices().scan(source)
    return jsonify(
        pages=[
            {
                "number": number,
                "media_type": page.media_type,
                "width": page.width,
                "height": page.height,
                "data": base64.b64encode(page.image).decode(),
            }
            for number, page in enumerate(pages, 1)
        ]
    )


@blueprint.post("/print-notice")
def print_notice() -> Response:
    """Print a numbered notice on slip paper; ``unknown`` is to be asked, never repeated by itself."""
    try:
        notice = notice_slip.check(request.get_json(silent=True))
    except notice_slip.BadNotice as error:
        return _refused(422, "bad_request", field=str(error))
    outcome = _devices().print_slip(notice_slip.lay_out(notice))
    return jsonify(outcome=outcome.state, reason=outcome.reason, zh=outcome.zh, en=outcome.en)


def tell_device_error(error: DeviceError) -> tuple[Response, int]:
    """What a device could not do: 409 when it may be tried again, else 503."""
    told: dict[str, Any] = {
        "device": error.device,
        "reason": error.reason,
        "retryable": error.retryable,
        "mender": error.mender,
        "zh": error.zh,
        "en": error.en,
    }
    return jsonify(told), 409 if error.retryable or error.mender == "citizen" else 503


def _devices() -> DeskDevices:
    devices: DeskDevices = current_app.extensions["desk_devices"]
    return devices


def _refused(status: int, reason: str, **more: str) -> Response:
    zh, en = SENTENCES[reason]
    response = jsonify(reason=reason, zh=zh, en=en, **more)
    response.status_code = status
    return response
