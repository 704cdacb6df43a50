"""The page behind the QR of a form or a slip: is this paper ours, and how far is its case."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, render_template, request

from onething.domain.errors import NotFound
from onething.services import verifying
from web import gates
from web.current import current_ports

verified_pages = Blueprint("verified_pages", __name__, template_folder="templates")

_STYLE = (Path(__file__).parent / "static" / "page.css").read_text("utf-8")
_POLICY = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


@verified_pages.get("/v/<number>")
@gates.public
def show_verified(number: str) -> Response:
    """200 with what the paper must say, 404 with one sentence; the number alone opens nothing."""
    try:
        found = verifying.verify(current_ports(), number, request.args.get("s", ""))
    except NotFound:
        return _page(render_template("not_verified.html"), 404)
    return _page(render_template("verified.html", **found), 200)


@verified_pages.get("/v/page.css")
@gates.public
def style() -> Response:
    """The pages' one style sheet."""
    return Response(_STYLE, mimetype="text/css", headers={"Cache-Control": "public, max-age=86400"})


def _page(html: str, status: int) -> Response:
    return Response(html, status, mimetype="text/html", headers={"Content-Security-Policy": _POLICY})
