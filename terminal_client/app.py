"""The kiosk's local web server: one page on 127.0.0.1, which nobody else may speak to."""

import secrets

from flask import Flask, Response, abort, request

from terminal_client.config import Config
from terminal_client.journey.state import Sentence
from terminal_client.kiosk import Kiosk
from terminal_client.technician import pages as technician_pages
from terminal_client.technician.room import TechnicianRoom
from terminal_client.updating import live
from terminal_client.views import files, pages, sound, typing

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
LOCAL = ("127.0.0.1", "localhost")
LONGEST_BODY = 2 * 1024 * 1024


def make_app(kiosk: Kiosk, config: Config, room: TechnicianRoom | None = None) -> Flask:
    """The local pages of one kiosk, and the technician's where there is a room for them."""
    app = _make_local()
    app.extensions["kiosk"] = kiosk
    app.extensions["newest_page"] = ""
    app.extensions["hall"] = Sentence(config.hall_zh, config.hall_en)
    for views in (pages.blueprint, typing.blueprint, files.blueprint, sound.blueprint):
        app.register_blueprint(views)
    if room is not None:
        technician_pages.install(app, room)
    return app


def make_setup_app(room: TechnicianRoom) -> Flask:
    """The pages of a kiosk that is not enrolled yet: the technician's alone."""
    app = _make_local()
    technician_pages.install(app, room, is_first_page=True)
    return app


def _make_local() -> Flask:
    app = Flask("terminal_client", static_folder="static", template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LONGEST_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = LONGEST_BODY
    run = secrets.token_hex(8)
    app.add_url_rule("/program", "program", lambda: {"run": run})
    app.register_blueprint(live.blueprint)
    app.before_request(refuse_strangers)
    app.after_request(close_the_page)
    return app


def refuse_strangers() -> None:
    """Only this machine's own page may ask: another site's page has another Host or another origin."""
    if request.host.partition(":")[0] not in LOCAL:
        abort(403)
    if request.method != "GET" and request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        abort(403)


def close_the_page(response: Response) -> Response:
    """Nothing is kept by the browser, and nothing from elsewhere runs in the page."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
