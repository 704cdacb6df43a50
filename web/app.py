"""The application: doors put together, each request logged, guarded, and answered in problems if need be."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, Response

from onething.ports import Ports
from web import gates
from web.api import Door, add_door
from web.current import PORTS, SETTINGS
from web.documentation import register_documentation
from web.health import health
from web.metrics import register_metrics
from web.problems import register_problems
from web.request_log import register_request_log
from web.settings import DoorSettings


def create_app(ports: Ports, settings: DoorSettings, doors: Sequence[Door]) -> Flask:
    """A WSGI application with these doors over these ports; opens no connection by itself."""
    app = Flask("web", static_folder=None)
    app.extensions[PORTS] = ports
    app.extensions[SETTINGS] = settings
    app.config["TRUSTED_HOSTS"] = list(settings.hosts)
    app.config["MAX_CONTENT_LENGTH"] = settings.largest_body_bytes
    # A path is taken as it was signed: // is not tidied up and sent back.
    app.url_map.merge_slashes = False
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    register_request_log(app)
    register_metrics(app)
    app.before_request(gates.guard)
    app.after_request(_set_headers)
    register_problems(app)
    app.register_blueprint(health)
    documents = {door.name: add_door(app, door).spec.to_dict() for door in doors}
    if documents:
        register_documentation(app, documents)
    return app


def _set_headers(answer: Response) -> Response:
    """Nothing of a person's is kept by anyone on the way, and nothing is taken for a page."""
    answer.headers.setdefault("Cache-Control", "no-store")
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    answer.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    answer.headers.setdefault("Referrer-Policy", "no-referrer")
    return answer
