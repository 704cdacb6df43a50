"""Ratings (好差评): the list, the ledger of what is put right, appeals, and the page of one rating."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, request

from onething.domain.clocks import day_of
from onething.domain.dictionary import Label
from onething.domain.errors import Refusal
from onething.domain.listing import Filters
from onething.domain.ratings import Finding, Remedy
from onething.domain.staff import Role
from onething.services import appealing, rating_files, rectifying, staffing, supervision
from onething.services.outcome_wording import FINDING, REMEDY
from staff_console import forms
from staff_console.lists import PAGE, Listing, cursor
from staff_console.rendering import show as show_page
from staff_console.rooms import Room, Waiting, address, done
from staff_console.work import ratings_words as words
from staff_console.work.supervision import GROUP
from staff_console.work.supervision_lists import Named, asked, state_filter
from web.current import current_duty, current_ports

_COUNTED = 100

room = Room("ratings", "/ratings")
room.add_menu("好差评", "Ratings", "show", "supervisor", "department", group=GROUP)


@room.tile("条差评待整改", "low ratings to put right", "ledger", "supervisor", "department")
def count_open() -> Waiting:
    """Low ratings whose department has not said what it found."""
    ports, actor = current_ports(), current_duty().actor()
    states = (Filters(state="open"), Filters(state="called_back"))
    pages = [supervision.list_ratings(ports, actor, each, None, _COUNTED) for each in states]
    due = [row.rectification_due_on for page in pages for row in page.rows]
    today = day_of(ports.clock.now())
    kind = "late" if any(day and day < today for day in due) else "warn"
    count = f"{len(due)}+" if any(page.next for page in pages) else len(due)
    return Waiting(count, kind if due else "good")


@room.page("/", "supervisor", "department")
def show() -> Response:
    """Ratings, newest first, without their cases: many are anonymous."""
    ports, actor = current_ports(), current_duty().actor()
    named = Named(ports)
    filters = [state_filter(words.STATES), named.thing_filter()]
    if actor.has("supervisor"):
        filters.append(named.department_filter())
    page = supervision.list_ratings(ports, actor, asked(filters), cursor() or None, PAGE)
    listing = Listing(page.rows, page.next, filters)
    return show_page("work/ratings.html", listing=listing, named=named, words=words, tabs=_tabs())


@room.page("/rectifications", "supervisor", "department")
def ledger() -> Response:
    """Low ratings to be put right, the most urgent first."""
    ports = current_ports()
    page = rectifying.list_open(ports, current_duty().actor(), cursor() or None, PAGE)
    listing = Listing(page.rows, page.next)
    return show_page(
        "work/ratings_ledger.html", listing=listing, named=Named(ports), words=words, tabs=_tabs()
    )


@room.page("/appeals", "supervisor")
def appeals() -> Response:
    """Appeals that wait for a decision."""
    ports = current_ports()
    page = appealing.list_appeals(ports, current_duty().actor(), cursor() or None, PAGE)
    return show_page(
        "work/ratings_appeals.html",
        listing=Listing(page.rows, page.next),
        words=words,
        tabs=_tabs(),
        names=staffing.names_of(ports, {row["appealed_by"] for row in page.rows}),
    )


@room.page("/<rating>", "supervisor", "department")
def show_rating(rating: str) -> Response:
    """One rating, with what may be done about it."""
    return _rating(rating)


@room.act("/<rating>/call", "supervisor", "department")
def call_back(rating: str) -> Response:
    """Note a call to whoever rated."""

    def act() -> None:
        reached = forms.text("reached") == "yes"
        note = forms.text("note", longest=1000)
        rectifying.call_back(*_on(rating), reached=reached, note=note)

    return _done(rating, act, "回访已记录", "The call is noted")


@room.act("/<rating>/settlement", "supervisor", "department")
def settle(rating: str) -> Response:
    """Say what was found and done; the citizen sees it."""

    def act() -> None:
        rectifying.settle(
            *_on(rating),
            finding=_chosen(Finding, "finding"),
            remedy=_chosen(Remedy, "remedy"),
            words=Label(forms.text("zh", longest=1000), forms.text("en", longest=1000, required=False)),
            remedy_on=_day("remedy_on"),
        )

    return _done(rating, act, "整改已登记，群众可以看到", "It is noted, and the citizen can read it")


@room.act("/<rating>/appeal", "department")
def appeal(rating: str) -> Response:
    """The rated department says that the rating is mistaken or malicious."""

    def act() -> None:
        appealing.appeal(
            current_ports(),
            current_duty().actor(),
            rating,
            ground=forms.text("ground", longest=40),
            reason=forms.text("reason", longest=500),
        )

    return _done(rating, act, "申诉已提交，由督办人员裁定", "The appeal waits for a supervisor")


@room.act("/<rating>/appeal/decision", "supervisor")
def decide(rating: str) -> Response:
    """Exclude the rating, or let it count."""

    def act() -> None:
        ports, actor = current_ports(), current_duty().actor()
        made = rating_files.get_rating(ports, actor, rating)["appeal"]
        if made is None:
            forms.refuse("decision", "required", "没有申诉", "There is no appeal")
        excluded = forms.text("excluded") == "yes"
        reason = forms.text("decision", longest=500)
        appealing.exclude(ports, actor, made["id"], excluded=excluded, reason=reason)

    return _done(rating, act, "申诉已裁定", "The appeal is decided")


def _on(rating: str) -> tuple[Any, Any, str]:
    """The ports, the actor, and the id of the putting right of this rating."""
    ports, actor = current_ports(), current_duty().actor()
    opened = rating_files.get_rating(ports, actor, rating)["rectification"]
    if opened is None:
        forms.refuse("note", "required", "该评价不需要整改", "This rating is not to be put right")
    return ports, actor, opened["id"]


def _done(rating: str, act: Any, zh: str, en: str) -> Response:
    try:
        act()
    except Refusal as refusal:
        return _rating(rating, refusal)
    return done(address("ratings.show_rating", rating=rating), zh, en)


def _rating(rating: str, refusal: Refusal | None = None) -> Response:
    ports, actor = current_ports(), current_duty().actor()
    view = rating_files.get_rating(ports, actor, rating)
    appealed = view["appeal"] or {}
    people = {appealed.get("appealed_by") or "", appealed.get("decided_by") or ""}
    return show_page(
        "work/ratings_one.html",
        422 if refusal else 200,
        rating=view,
        named=Named(ports),
        words=words,
        findings=[(each.value, label) for each, label in FINDING.items()],
        remedies=[(each.value, label) for each, label in REMEDY.items()],
        names=staffing.names_of(ports, people),
        is_own=actor.department == view["department"] and actor.has(Role.DEPARTMENT),
        may_decide=actor.has(Role.SUPERVISOR) and appealed.get("appealed_by") != actor.id,
        typed=request.form,
        refusal=refusal,
    )


def _tabs() -> list[tuple[str, Label, None]]:
    tabs = [
        (address("ratings.show"), Label("全部评价", "All ratings"), None),
        (address("ratings.ledger"), Label("整改台账", "To be put right"), None),
    ]
    if current_duty().staff.may([Role.SUPERVISOR]):
        tabs.append((address("ratings.appeals"), Label("评价申诉", "Appeals"), None))
    return tabs


def _chosen(kind: Any, name: str) -> Any:
    try:
        return kind(forms.text(name, longest=40))
    except ValueError:
        forms.refuse(name, "invalid", "请选择", "Choose one")


def _day(name: str) -> date | None:
    given = forms.text(name, longest=10, required=False)
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        forms.refuse(name, "invalid", "日期不正确", "Not a date")
