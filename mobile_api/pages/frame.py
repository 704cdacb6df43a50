"""How a page of the phone is registered, gated, rendered, redirected and refused.

A module makes one ``room = Room("cases", "/cases")``, names its views with ``@room.page("/<number>")`` (GET)
and ``@room.act("/<number>/withdrawal")`` (POST), and answers with ``show`` or ``done``. ``who`` says who may
pass: ``PERSON`` (real name proven; the default), ``USER`` (signed in) or ``ANYONE``. The module is found by
itself (mobile_api.pages.door); a line on the home page is ``@room.tile(...)``. Templates extend
``phone/base.html`` and import ``phone/macros.html`` with context.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from onething.domain.dictionary import Label
from onething.domain.errors import Refusal
from onething.ports import Conflict, KeyReused, Once
from web import forms, gates
from web.current import current_phone, current_ports
from web.phone_pages import find_phone
from web.saying import Saying

View = Callable[..., Any]
TOP = "/m/"
ONCE, FROM = "once", "from"
SAYING = Saying("phone-said", "/m", "Lax")
_OURS = {ONCE, FROM}
_SENT = Label(
    "这份表单已经提交过，请查看结果后再办", "This form was sent before; look at what became of it first"
)


class Who(StrEnum):
    """Who may see a page."""

    ANYONE = "anyone"
    USER = "user"
    PERSON = "person"


ANYONE, USER, PERSON = Who.ANYONE, Who.USER, Who.PERSON
_GATES: dict[Who, Callable[[View], View]] = {
    ANYONE: gates.public,
    USER: gates.phone_page_user,
    PERSON: gates.phone_page,
}


@dataclass(frozen=True)
class Tile:
    """A line of the home page: it opens ``endpoint``; ``look`` counts what waits there for this person."""

    label: Label
    endpoint: str
    icon: str
    look: Callable[[], int | None]


class Room:
    """Some pages under one path of /m; ``icon`` names a file in static/phone/icons."""

    def __init__(self, name: str, path: str) -> None:
        self.blueprint = Blueprint(name, __name__, url_prefix=path or None)
        self.name = name
        self.tiles: list[Tile] = []

    def page(self, rule: str, who: Who = PERSON) -> Callable[[View], View]:
        """A page (GET)."""

        def add(view: View) -> View:
            self._add(rule, _GATES[who](_unmarked(view)), view.__name__, "GET")
            return view

        return add

    def act(
        self, rule: str, who: Who = PERSON, *, largest_body: Callable[[], int] | None = None
    ) -> Callable[[View], View]:
        """An act (POST): its form is ours and taken once; a refusal is said on the page it came from."""

        def add(view: View) -> View:
            guarded = _GATES[who](_as_act(view, who))
            if largest_body:
                guarded = gates.body_limit(largest_body)(guarded)
            self._add(rule, guarded, view.__name__, "POST")
            return view

        return add

    def tile(
        self, zh: str, en: str, view: str, icon: str
    ) -> Callable[[Callable[[], int | None]], Callable[[], int | None]]:
        """A line on the home page of who is known by name; a number from ``look`` is shown beside it."""

        def add(look: Callable[[], int | None]) -> Callable[[], int | None]:
            self.tiles.append(Tile(Label(zh, en), f"phone.{self.name}.{view}", icon, look))
            return look

        return add

    def _add(self, rule: str, view: View, name: str, method: str) -> None:
        self.blueprint.add_url_rule(rule, name, view, methods=[method])


def show(template: str, status: int = 200, **values: Any) -> Response:
    """A page: ``values`` for the template, besides what every page knows (mobile_api.pages.door)."""
    return Response(render_template(template, **values), status, mimetype="text/html")


def done(to: str, zh: str = "", en: str = "", kind: str = "done") -> Response:
    """After an act: on to a page (303), with a sentence on it; ``kind`` is done, note or problem."""
    if zh:
        SAYING.say_next(kind, Label(zh, en))
    return see_other(to)


def address(endpoint: str, **values: Any) -> str:
    """The address of a page: ``address("cases.show_one", number="...")``."""
    return url_for(f"phone.{endpoint}", **values)


def see_other(to: str) -> Response:
    """303: a browser asks for that page next, and a reload repeats nothing."""
    answer = redirect(to, 303)
    assert isinstance(answer, Response)
    return answer


def wants_json() -> bool:
    """Whether a script of the page asks, and not a browser for a page."""
    return request.accept_mimetypes.best == "application/json"


def came_from(default: str) -> str:
    """The page the form stood on, whatever the form says: an address below /m."""
    return local_address(request.form.get(FROM, ""), default)


def local_address(wanted: str, default: str) -> str:
    """An address below /m; anything else becomes the default."""
    return forms.local_address(wanted, TOP, default)


def once() -> Once:
    """The key and digest of this form, for services that take ``once``."""
    return Once(request.form.get(ONCE, "")[:128] or forms.new_once(), form_digest())


def form_digest() -> str:
    """What tells this form's content from another's under the same key."""
    return forms.form_digest(_OURS)


def _as_act(view: View, who: Who) -> View:
    @wraps(view)
    def run(**arguments: Any) -> Any:
        forms.check_origin(told=True)
        back = came_from(address("home.show_home"))
        try:
            before = None if who is ANYONE else _begin()
        except (Conflict, KeyReused):
            SAYING.say_next("problem", _SENT, "form_sent")
            return see_other(back)
        if before is not None:
            return see_other(str(before["to"]))
        try:
            answer = view(**arguments)
        except Refusal as refusal:
            if refusal.status_hint in ("not_found", "unauthorised") or wants_json():
                raise
            SAYING.say_refusal(refusal)
            answer = see_other(back)
        if who is not ANYONE:
            _finish(answer)
        return answer

    return run


def _begin() -> Mapping[str, Any] | None:
    """Where an act led that was done before; None for a new one, or for a form without a key."""
    key = request.form.get(ONCE, "")
    if not key:
        return None
    ports = current_ports()
    with ports.records.act() as uow:
        return uow.keys.begin(_actor(), key[:128], form_digest(), ports.clock.now())


def _finish(answer: Any) -> None:
    key, to = request.form.get(ONCE, ""), getattr(answer, "location", None)
    if key and to and find_phone() is not None:
        with current_ports().records.act() as uow:
            uow.keys.finish(_actor(), key[:128], {"to": to})


def _actor() -> str:
    return f"phone form {current_phone().sign_in.id}"


def _unmarked(view: View) -> View:
    """A function of its own: marking a gate must not mark the view that tests call directly."""

    @wraps(view)
    def run(**arguments: Any) -> Any:
        return view(**arguments)

    return run
