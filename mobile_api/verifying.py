"""The pages behind a QR: of a form or slip (is it ours, how far is its case), and of a licence on a phone."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, render_template, request

from onething.domain.errors import NotFound, Refusal
from onething.services import showing_codes, verifying
from web import gates
from web.client_address import client_address
from web.current import current_ports

verified_pages = Blueprint("verified_pages", __name__, template_folder="templates")

_STYLE = (Path(__file__).parent / "static" / "page.css").read_text("utf-8")
_POLICY = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
# The one form of these pages: it reads a licence's code, once.
_POLICY_OF_A_FORM = _POLICY.replace("form-action 'none'", "form-action 'self'")


@verified_pages.get("/v/<number>")
@gates.public
def show_verified(number: str) -> Response:
    """200 with what the paper must say, 404 with one sentence; the number alone opens nothing."""
    try:
        found = verifying.verify(current_ports(), number, request.args.get("s", ""))
    except NotFound:
        return _page(render_template("not_verified.html"), 404)
    return _page(render_template("verified.html", **found), 200)


@verified_pages.get("/v/c/<token>")
@gates.public
def offer_licence(token: str) -> Response:  # noqa: ARG001 - it is used up by the button alone
    """Somebody shows a licence: one button reads it. Cameras look ahead at addresses, and use nothing up."""
    return _page(render_template("licence_offered.html"), 200, _POLICY_OF_A_FORM)


@verified_pages.post("/v/c/<token>")
@gates.public
def show_licence(token: str) -> Response:
    """What is shown, once within its minute; 422 with one sentence for any other code, 429 after many."""
    try:
        found = showing_codes.read_licence(current_ports(), f"/v/c/{token}", client_address())
    except Refusal as refusal:
        status = 429 if refusal.status_hint == "too_many" else 422
        return _page(render_template("licence_refused.html", refusal=refusal), status)
    return _page(render_template("licence_shown.html", **found), 200)


@verified_pages.get("/v/page.css")
@gates.public
def style() -> Response:
    """The pages' one style sheet."""
    return Response(_STYLE, mimetype="text/css", headers={"Cache-Control": "public, max-age=86400"})


def _page(html: str, status: int, policy: str = _POLICY) -> Response:
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
    return Response(html, status, mimetype="text/html", headers=headers)
