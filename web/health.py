"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

from flask import Blueprint, Response

from onething.domain.catalog import CatalogError
from web import gates
from web.answers import json_answer
from web.current import current_ports
from web.refusals import NotReady

health = Blueprint("health", __name__)


@health.get("/live")
@gates.public
def live() -> Response:
    """200 as long as the process answers at all; asks nothing of the database."""
    return json_answer({"status": "live"})


@health.get("/ready")
@gates.public
def ready() -> Response:
    """200 when the database answers, its tables are up to date and a catalog is published, else 503."""
    ports = current_ports()
    if not ports.records.is_ready():
        raise NotReady
    try:
        revision, _catalog = ports.catalogs.current()
    except CatalogError as error:
        raise NotReady from error
    return json_answer({"status": "ready", "revision": revision})
