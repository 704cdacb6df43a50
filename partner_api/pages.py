"""The pages that were handed in for a department's own part."""

from __future__ import annotations

from flask import Response

from onething.services import delivering
from web import gates
from web.answers import bytes_answer
from web.api import Blueprint
from web.current import current_ports

pages = Blueprint("pages", __name__, url_prefix="/departments", description="Pages of a department's parts")


@pages.get("/<department>/parts/<part>/pages/<file>")
@gates.partner
@pages.response(200, {"type": "string", "format": "binary"}, content_type="image/jpeg")
def get_page(department: str, part: str, file: str) -> Response:
    """One page by its file id; 404 for any page that is not this part's."""
    data, media_type = delivering.get_page(current_ports(), department, part, file)
    return bytes_answer(data, media_type)
