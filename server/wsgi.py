"""The WSGI application: ``gunicorn server.wsgi:app``."""

from __future__ import annotations

import os
from collections.abc import Mapping

from flask import Flask

from mobile_api.pages.door import register_pages
from mobile_api.verifying import verified_pages
from onething.bootstrap import build_ports
from onething.logs import configure_log
from public_api.guide_pages import guide_pages
from server.doors import DOORS
from server.settings import read_door_settings
from staff_console.console import register_console
from web.app import create_app as create_web_app


def create_app(environ: Mapping[str, str] = os.environ) -> Flask:
    """The application as the environment configures it."""
    settings = read_door_settings(environ)
    configure_log(settings.log_level)
    app = create_web_app(build_ports(environ), settings, DOORS)
    app.register_blueprint(verified_pages)
    app.register_blueprint(guide_pages)
    register_pages(app)
    register_console(app)
    return app


def __getattr__(name: str) -> Flask:
    """``app`` is made when gunicorn asks for it, so that importing this module opens nothing."""
    if name == "app":
        return create_app()
    raise AttributeError(name)
