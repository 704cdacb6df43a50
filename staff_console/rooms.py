"""A room of the console: pages that show, acts that change, each with the roles it opens to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for

from onething.domain.dictionary import Label
from onething.domain.errors import Refusal
from onething.domain.staff import Role
from onething.ports import Conflict, KeyReused
from staff_console import forms
from staff_console.saying import say_next, say_refusal
from web import gates
from web.current import current_duty, current_ports

View = Callable[..., Any]
_SENT = Label(
    "这份表单已经提交过，请查看结果后再办", "This form was sent before; look at what became of it first"
)


@dataclass(frozen=True)
class MenuItem:
    """A line of the navigation: it opens ``endpoint``, for these roles, under a heading ``group``."""

    label: Label
    endpoint: str
    roles: frozenset[Role]
    group: Label
    key: str = ""


@dataclass(frozen=True)
class Waiting:
    """How much waits in a room, and how pressing it is: plain, good, warn or late."""

    count: int | str
    kind: str = "plain"


@dataclass(frozen=True)
class Tile:
    """A number of the overview: ``look`` counts what waits behind ``endpoint`` for whoever is signed in."""

    label: Label
    endpoint: str
    roles: frozenset[Role]
    look: Callable[[], Waiting | None]
    values: Mapping[str, Any]


class Room:
    """Some pages of the console under one path; ``console.ROOMS`` lists every room."""

    def __init__(self, name: str, path: str) -> None:
        self.blueprint = Blueprint(name, __name__, url_prefix=path)
        self.name = name
        self.menu: list[MenuItem] = []
        self.tiles: list[Tile] = []

    def page(self, rule: str, *roles: str) -> Callable[[View], View]:
        """A page (GET) for these roles; without any, for whoever is signed in."""

        def add(view: View) -> View:
            self._add(rule, gates.staff(*roles)(_unmarked(view)), view.__name__, "GET")
            return view

        return add

    def act(
        self, rule: str, *roles: str, largest_body: Callable[[], int] | None = None
    ) -> Callable[[View], View]:
        """An act (POST): its form is checked and taken once; a refusal is said on the page it came from."""

        def add(view: View) -> View:
            guarded = gates.staff(*roles)(_as_act(view))
            if largest_body:
                guarded = gates.body_limit(largest_body)(guarded)
            self._add(rule, guarded, view.__name__, "POST")
            return view

        return add

    def open_page(self, rule: str, method: str = "GET") -> Callable[[View], View]:
        """A page for people who are not signed in yet; it checks its own forms."""

        def add(view: View) -> View:
            self._add(rule, gates.public(_unmarked(view)), view.__name__, method)
            return view

        return add

    def add_menu(
        self, zh: str, en: str, view: str, *roles: str, group: tuple[str, str], key: str = ""
    ) -> None:
        """A line in the navigation; ``key`` is its access key (a digit or letter nobody else has)."""
        wanted = frozenset(Role(role) for role in roles)
        item = MenuItem(Label(zh, en), f"console.{self.name}.{view}", wanted, Label(*group), key)
        self.menu.append(item)

    def tile(
        self, zh: str, en: str, view: str, *roles: str, **values: str
    ) -> Callable[[Callable[[], Waiting | None]], Callable[[], Waiting | None]]:
        """A number on the overview of these roles that leads to a view; None leaves it out for now."""
        wanted = frozenset(Role(role) for role in roles)

        def add(look: Callable[[], Waiting | None]) -> Callable[[], Waiting | None]:
            self.tiles.append(Tile(Label(zh, en), f"console.{self.name}.{view}", wanted, look, values))
            return look

        return add

    def _add(self, rule: str, view: View, name: str, method: str) -> None:
        self.blueprint.add_url_rule(rule, name, view, methods=[method])


def done(to: str, zh: str = "", en: str = "") -> Response:
    """After an act: on to a page (303), with a sentence on it."""
    if zh:
        say_next("done", Label(zh, en))
    return _see_other(to)


def address(endpoint: str, **values: Any) -> str:
    """The address of a page of the console: ``address("work.queue", state="open")``."""
    return url_for(f"console.{endpoint}", **values)


def _as_act(view: View) -> View:
    @wraps(view)
    def run(**arguments: Any) -> Any:
        forms.check_form()
        back = forms.came_from(address("overview.show"))
        try:
            before = _begin()
        except (Conflict, KeyReused):
            say_next("problem", _SENT, "form_sent")
            return _see_other(back)
        if before is not None:
            return _see_other(str(before["to"]))
        try:
            answer = view(**arguments)
        except Refusal as refusal:
            say_refusal(refusal)
            answer = _see_other(back)
        _finish(answer)
        return answer

    return run


def _begin() -> Mapping[str, Any] | None:
    """Where an act led that was done before; None for a new one, or for a form without a key."""
    key = request.form.get(forms.ONCE, "")
    if not key:
        return None
    ports = current_ports()
    with ports.records.act() as uow:
        return uow.keys.begin(_actor(), key[:128], forms.form_digest(), ports.clock.now())


def _finish(answer: Any) -> None:
    key, to = request.form.get(forms.ONCE, ""), getattr(answer, "location", None)
    if key and to:
        with current_ports().records.act() as uow:
            uow.keys.finish(_actor(), key[:128], {"to": to})


def _actor() -> str:
    return f"console form {current_duty().staff.id}"


def _see_other(to: str) -> Response:
    answer = redirect(to, 303)
    assert isinstance(answer, Response)
    return answer


def _unmarked(view: View) -> View:
    """A function of its own: marking a gate must not mark the view that tests call directly."""

    @wraps(view)
    def run(**arguments: Any) -> Any:
        return view(**arguments)

    return run
