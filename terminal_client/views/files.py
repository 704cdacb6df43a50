"""Pictures that the server holds: a scanned page, a flow chart."""

import re

from flask import Blueprint, Response, abort

from terminal_client.server_client import ServerAway, ServerRefused
from terminal_client.views.pages import get_kiosk

blueprint = Blueprint("files", __name__)
PICTURES = {"image/jpeg", "image/png", "image/svg+xml"}
NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")


@blueprint.get("/pages/<file>.jpg")
def show_page(file: str) -> Response:
    """A page the citizen has just scanned; only their own, and only while they are signed in."""
    citizen = get_kiosk().journey.citizen
    if citizen is None:
        abort(404)
    name, paper = _checked(file), citizen.paper
    if paper is not None and paper.path.startswith("/cases/"):
        return _picture(f"{paper.path}/{name}")
    return _picture(f"/files/{name}/preview")


@blueprint.get("/charts/<thing>.svg")
def show_chart(thing: str) -> Response:
    """The flow chart of a thing."""
    return _picture(f"/things/{_checked(thing)}/flow-chart")


def _checked(name: str) -> str:
    if not NAME.fullmatch(name):
        abort(404)
    return name


def _picture(path: str) -> Response:
    try:
        picture, media_type = get_kiosk().read_file(path)
    except (ServerAway, ServerRefused):
        abort(404)
    kind = media_type.partition(";")[0].strip()
    if kind not in PICTURES:
        abort(404)
    return Response(picture, mimetype=kind)
