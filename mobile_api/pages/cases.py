"""My cases on a phone: where each stands, department by department; what is wanted; withdrawing; disputes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, request

from mobile_api.pages.frame import Room, address, done, once, show
from onething.domain.clocks import Colour, day_of
from onething.domain.dictionary import Label
from onething.domain.errors import BadFields, FieldError, NotFound, Refusal, TooManyPages
from onething.ports import PaperRefused
from onething.services import case_values, disputing, following, withdrawing
from web import forms
from web.acting import current_actor
from web.current import current_ports, current_session
from web.uploads import largest_upload

room = Room("cases", "/cases")
PAGE = 8
# As many photographs as large as one may be; five of the usual size are less.
_FILES = 3
Row = Mapping[str, Any]
_LATE = Label("已超期", "late")


@room.tile("我的办件", "My cases", "show_list", "list")
def _look() -> int | None:
    """Nothing is counted here: what is new comes as a message."""
    return None


@room.page("")
def show_list() -> Response:
    """My cases, newest first, a page at a time."""
    after = request.args.get("after", "")[:40] or None
    listed = following.list_cases(current_ports(), current_session(), after, PAGE)
    return show("phone/cases/list.html", cases=listed["cases"], after=listed["next"], is_first=not after)


@room.page("/<number>")
def show_one(number: str) -> Response:
    """One of my cases: each department's part with its clock, what is wanted of me, what came of it."""
    view = following.view_case(current_ports(), current_session(), number)
    return show("phone/cases/case.html", case=view, clock=clock_of, rateable=list_rateable(view))


@room.page("/<number>/withdrawal")
def show_withdrawal(number: str) -> Response:
    """What withdrawing means, before it is done."""
    view = following.view_case(current_ports(), current_session(), number)
    return show("phone/cases/withdrawal.html", case=view, clock=clock_of)


@room.act("/<number>/withdrawal")
def withdraw(number: str) -> Response:
    """Withdraw one matter with what law binds to it, or the whole."""
    matter = forms.text("matter", longest=40, required=False) or None
    withdrawing.withdraw(current_ports(), current_actor(), number, matter=matter, once=once())
    return done(address("cases.show_one", number=number), "已撤回", "Withdrawn")


@room.page("/<number>/values")
def show_values(number: str) -> Response:
    """What registers gave for the case, each with its source."""
    listed = case_values.list_shared(current_ports(), current_actor(), number)["fields"]
    view = following.view_case(current_ports(), current_session(), number)
    return show("phone/cases/values.html", case=view, fields=listed)


@room.page("/<number>/values/<fact>")
def show_value(number: str, fact: str) -> Response:
    """One shared value, and a place for what is right; what is disputed already takes photographs."""
    return _value(number, fact)


@room.act("/<number>/values/<fact>", largest_body=lambda: _FILES * largest_upload())
def call_wrong(number: str, fact: str) -> Response:
    """Call it wrong: parts that go out later carry the person's own, and the register's keeper is asked."""
    try:
        value = forms.text("value", longest=200)
        disputing.dispute_in_case(
            current_ports(),
            current_actor(),
            number,
            fact=fact,
            value=value,
            evidence=_photographs(),
            once=once(),
            photograph=True,
        )
    except BadFields as refusal:
        own = [FieldError("value", each.reason, each.text) for each in refusal.fields]
        return _value(number, fact, BadFields(refusal.text, own))
    except (PaperRefused, TooManyPages) as refusal:
        return _value(number, fact, _of_file(refusal))
    return done(
        address("cases.show_one", number=number),
        "已收到，来源部门会核实并答复您",
        "Received; the department that keeps the record looks into it and answers you",
    )


@room.act("/<number>/values/<fact>/pages", largest_body=lambda: _FILES * largest_upload())
def add_pages(number: str, fact: str) -> Response:
    """More photographs for what is being looked into."""
    try:
        pages = _photographs()
        if not pages:
            forms.refuse("file", "required", "请先选照片", "Choose a photograph first")
        disputing.add_evidence(current_ports(), current_actor(), number, fact, pages, once(), photograph=True)
    except BadFields as refusal:
        return _value(number, fact, refusal)
    except (PaperRefused, TooManyPages) as refusal:
        return _value(number, fact, _of_file(refusal))
    here = address("cases.show_value", number=number, fact=fact)
    return done(here, "照片已交给核实的部门", "The department that looks into it has the photographs")


def _photographs() -> list[bytes]:
    """The chosen files; a form without one sends an empty one."""
    return [file.read() for file in request.files.getlist("file") if file.filename]


def _of_file(refusal: PaperRefused | TooManyPages) -> BadFields:
    """Why a picture was not taken, at its field; nothing was kept."""
    text = refusal.text if isinstance(refusal, TooManyPages) else Label(refusal.zh, refusal.en)
    return BadFields(fields=[FieldError("file", refusal.reason, text)])


def clock_of(row: Row) -> tuple[str, Label] | None:
    """A clock in a word with its badge's kind: never by colour alone; None for one that says nothing."""
    today = day_of(current_ports().clock.now())
    due = date.fromisoformat(row["due_on"]) if row["due_on"] else None
    if row.get("ended") or row.get("closed_at"):
        late = row["colour"] == Colour.RED
        return ("late", Label("超期办结", "Ended late")) if late else None
    if row["paused"]:
        return "idle", Label(f"暂停计时：{row['paused']['zh']}", f"Paused: {row['paused']['en']}")
    if due is None:
        return None
    return _counted(row["colour"], (due - today).days)


def list_rateable(view: Row) -> list[Row]:
    """The services of a case that can be rated now."""
    return [each for each in view["services"] if each["may_rate"]]


def _counted(colour: str, days: int) -> tuple[str, Label]:
    if colour == Colour.RED or days < 0:
        return "late", Label(f"已超期 {-days} 天", f"late by {_days(-days)}") if days < 0 else _LATE
    soon = colour == Colour.YELLOW
    zh = "今天到期" if days == 0 else f"还有 {days} 天"
    en = "due today" if days == 0 else f"{_days(days)} left"
    return ("warn" if soon else "good"), Label(f"{'快到期，' if soon else ''}{zh}", en)


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"


def _value(number: str, fact: str, refusal: Refusal | None = None) -> Response:
    listed = case_values.list_shared(current_ports(), current_actor(), number)["fields"]
    field = next((each for each in listed if each["fact"] == fact), None)
    if field is None:
        raise NotFound
    found: dict[str, Any] = {"number": number, "field": field, "refusal": refusal, "typed": request.form}
    return show("phone/cases/value.html", 422 if refusal else 200, **found)
