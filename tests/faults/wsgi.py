"""The server as gunicorn runs it, but with failpoints: ``gunicorn tests.faults.wsgi:app``."""

import os
from pathlib import Path

from server.wsgi import create_app
from tests.faults.failpoints import install

install("server", Path(os.environ["FAILPOINTS"]))
app = create_app()
