"""Pages as HTML: the layout's values, the filters of templates, and the headers each page goes with."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for

from onething.domain.staff import ROLE_NAMES, Role
from onething.domain.working_days import SHANGHAI
from onething.services.staff_sign_in import OnDuty
from staff_console import forms
from staff_console.language import language, say, say_label
from staff_console.rooms import MenuItem
from staff_console.saying import take_said
from web.current import current_settings
from web.staff_cookies import session_token

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self' {desk}; object-src 'self'; frame-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


def show(template: str, status: int = 200, **values: Any) -> Response:
    """A page: ``values`` for the template, besides what every page knows."""
    return Response(render_template(template, **values), status, mimetype="text/html")


def set_headers(answer: Response) -> Response:
    """Nothing from elsewhere runs or is shown here; a page of somebody's data is kept by nobody."""
    answer.headers.setdefault("Content-Security-Policy", POLICY.format(desk=current_settings().desk_url))
    # Without this browsers would send forms with the origin "null".
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers.setdefault("X-Frame-Options", "DENY")
    answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    return answer


def register_rendering(console: Blueprint, menu: Sequence[MenuItem]) -> None:
    """Give the templates of this blueprint their words, filters and the navigation."""

    @console.app_template_filter("moment")
    def moment(at: datetime | str | None) -> str:
        return write_moment(at)

    console.app_template_filter("day")(write_day)
    console.app_template_filter("yuan")(write_yuan)
    console.app_template_filter("label")(say_label)

    @console.context_processor
    def values() -> dict[str, Any]:
        duty = g.get("duty")
        return {
            "say": say,
            "language": language(),
            "duty": duty,
            "menu": menu_of(menu, duty),
            "said": take_said,
            "csrf_token": forms.csrf_token() if session_token() else g.get("csrf_before", ""),
            "new_once": forms.new_once,
            "here": _here(),
            "asset": asset,
            "desk_url": current_settings().desk_url,
            "has_asset": has_asset,
            "role_names": ROLE_NAMES,
            "Role": Role,
        }


def menu_of(menu: Sequence[MenuItem], duty: OnDuty | None) -> list[tuple[Any, list[MenuItem]]]:
    """The navigation of this person: headings with their lines."""
    groups: dict[Any, list[MenuItem]] = {}
    for item in menu:
        if duty is not None and duty.staff.may(item.roles):
            groups.setdefault(item.group, []).append(item)
    return list(groups.items())


def asset(name: str) -> str:
    """The address of a file of ours, with its content's digest, so that it may be kept for long."""
    return url_for("console.static_file", name=name, v=_digest(name))


def has_asset(name: str) -> bool:
    """Whether a file of ours is there: front-end packages may be missing, and every page does without."""
    return (STATIC / name).is_file()


@lru_cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def _here() -> str:
    """This page's address with its filters, for forms and the language switch to come back to."""
    query = request.query_string.decode("utf-8", "replace")
    return f"{request.path}?{query}" if query else request.path


def write_moment(at: datetime | str | None) -> str:
    """``2026-11-23 14:05`` in Shanghai; an empty text for None."""
    if not at:
        return ""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def write_day(on: date | str | None) -> str:
    """``2026-11-23``; an empty text for None."""
    return str(on)[:10] if on else ""


def write_yuan(fen: int | None) -> str:
    """``12.50 元`` of 1250; an empty text for None."""
    if fen is None:
        return ""
    return f"{fen // 100}.{fen % 100:02d} " + say("元", "yuan")
