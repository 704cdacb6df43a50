"""The application: doors put together, each request logged, guarded, and answered in problems if need be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

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

_USUAL_HEADERS = (
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
)


class _Application(Flask):
    """Flask, for views that are all plain functions."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Flask looks at every hook of every request whether it is a coroutine: none is."""
        return func


def create_app(ports: Ports, settings: DoorSettings, doors: Sequence[Door]) -> Flask:
    """A WSGI application with these doors over these ports; opens no connection by itself."""
    app = _Application("web", static_folder=None)
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
    said = {name.lower() for name, _ in answer.headers}
    answer.headers.extend((name, value) for name, value in _USUAL_HEADERS if name.lower() not in said)
    return answer
