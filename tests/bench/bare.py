"""A Flask application that does nothing, for gunicorn: what everything above it is measured against."""

from flask import Flask


def make_bare_app() -> Flask:
    """Answers /hello, and /ready so that one can wait for it."""
    app = Flask("bare")
    app.add_url_rule("/hello", "hello", lambda: {"hello": "world"})
    app.add_url_rule("/ready", "ready", lambda: {"ready": True})
    return app


app = make_bare_app()
