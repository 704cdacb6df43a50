"""The server as gunicorn runs it, but with failpoints: ``gunicorn tests.faults.wsgi:app``."""

import os
from pathlib import Path

from flask import Flask

from server.wsgi import create_app
from tests.faults.failpoints import install


def __getattr__(name: str) -> Flask:
    """``app`` is made in each process of its own, as the server's is."""
    if name == "app":
        install("server", Path(os.environ["FAILPOINTS"]))
        return create_app()
    raise AttributeError(name)
