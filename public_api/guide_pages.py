"""The guide as pages for anyone's browser: no sign-in, no script, nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from onething.domain.catalog import UnknownThing
from onething.services import browsing, informing
from public_api.freshness import of_revision
from public_api.things import public_guide
from public_api.words import words_of
from web import gates
from web.current import current_ports

COUNTY_TIME: Final = ZoneInfo("Asia/Shanghai")
guide_pages = Blueprint("guide_pages", __name__, url_prefix="/guide", template_folder="templates")

_STATIC: Final = Path(__file__).parent / "static"
_STYLE: Final = (_STATIC / "guide.css").read_text("utf-8")
_ICON: Final = (_STATIC / "icon.svg").read_text("utf-8")
_KEPT: Final = {"Cache-Control": "public, max-age=86400"}
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'"
)


@guide_pages.get("/")
@gates.public
def show_all() -> BaseResponse:
    """Every one-thing, persons' before enterprises'."""
    things = browsing.list_things(current_ports())["things"]
    groups = [
        (audience, [thing for thing in things if thing["audience"] == audience])
        for audience in ("person", "enterprise")
    ]
    return _page("guide/all.html", groups=[group for group in groups if group[1]])


@guide_pages.get("/<code>")
@gates.public
def show_guide(code: str) -> BaseResponse:
    """One guide; 404 with a page when there is none."""
    try:
        guide = public_guide(code)
    except UnknownThing:
        return _page("guide/missing.html", 404)
    to_bring = [each for each in guide["materials"] if each["how"] == "submit"]
    exempt = [each for each in guide["materials"] if each["how"] != "submit"]
    return _page(
        "guide/one.html", guide=guide, to_bring=to_bring, exempt=exempt, dated=guide["waiting"] is None
    )


@guide_pages.get("/<code>/flow.svg")
@gates.public
def show_flow(code: str) -> BaseResponse:
    """The flow chart as a picture of the page."""
    chart = browsing.get_flow_chart(current_ports(), code, _language())
    return of_revision(Response(chart, mimetype="image/svg+xml"), informing.get_imprint(current_ports()))


@guide_pages.get("/page.css")
@gates.public
def style() -> Response:
    """The pages' one style sheet."""
    return Response(_STYLE, mimetype="text/css", headers=_KEPT)


@guide_pages.get("/icon.svg")
@gates.public
def icon() -> Response:
    """The mark in the browser's tab."""
    return Response(_ICON, mimetype="image/svg+xml", headers=_KEPT)


def _language() -> str:
    return "en" if request.args.get("lang") == "en" else "zh"


def _page(template: str, status: int = 200, *, dated: bool = True, **content: Any) -> BaseResponse:
    language = _language()
    imprint = informing.get_imprint(current_ports())
    words = words_of(language)
    day = imprint.published_at.astimezone(COUNTY_TIME).date().isoformat()
    html = render_template(
        template,
        **content,
        lang=language,
        words=words,
        query="?lang=en" if language == "en" else "",
        other_query="" if language == "en" else "?lang=en",
        revision=words["revision"].format(number=imprint.number, day=day),
    )
    answer = Response(html, status, mimetype="text/html", headers={"Content-Security-Policy": _POLICY})
    return of_revision(answer, imprint, dated=dated) if status == 200 else answer
