"""What an officer decides about a part: each form carries the sequence its page was made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Response, request

from onething.domain.catalog import Label
from onething.domain.errors import NotFound, Refusal
from onething.domain.working_days import SHANGHAI
from onething.services import handling, visiting
from staff_console import forms
from staff_console.rooms import address, done
from staff_console.work.department import room, show_part
from web.current import current_duty, current_ports

_TOLD = {
    "accepted": ("部门已受理", "Accepted"),
    "completed": ("已办成，结果已归集", "Completed; the result is gathered"),
    "denied": ("已作出不予许可决定", "Denied in writing"),
    "suspended": ("已暂停计时", "The clock stands"),
    "resumed": ("已恢复计时", "The clock runs again"),
    "extended": ("期限已延长并告知申请人", "Extended, with notice"),
    "supplement": ("补正要求已记下，由窗口汇总后一次告知", "Wanted; the window asks for all at once"),
}


@room.act("/<number>/<matter>/acceptance", "department")
def accept(number: str, matter: str) -> Response:
    """Take the part on."""
    return _decide(number, matter, "accepted")


@room.act("/<number>/<matter>/completion", "department")
def complete(number: str, matter: str) -> Response:
    """Grant it, with the facts and documents that it produces."""
    return _decide(number, matter, "completed", lambda: {"result": _result()})


@room.act("/<number>/<matter>/denial", "department")
def deny(number: str, matter: str) -> Response:
    """Deny it, with the reason."""
    return _decide(number, matter, "denied", lambda: {"reason": _reason("denial")})


@room.act("/<number>/<matter>/suspension", "department")
def suspend(number: str, matter: str) -> Response:
    """Stop the clock for a cause that the law names."""
    return _decide(number, matter, "suspended", lambda: {"cause": forms.text("cause", longest=40)})


@room.act("/<number>/<matter>/resumption", "department")
def resume(number: str, matter: str) -> Response:
    """Let the clock run again."""
    return _decide(number, matter, "resumed")


@room.act("/<number>/<matter>/extension", "department")
def extend(number: str, matter: str) -> Response:
    """Extend the limit, once, with the reason."""
    return _decide(number, matter, "extended", lambda: {"days": _days(), "reason": _reason("extension")})


@room.act("/<number>/<matter>/wants", "department")
def want(number: str, matter: str) -> Response:
    """Say, once, what is missing."""
    return _decide(number, matter, "supplement", lambda: {"wants": _wants()})


@room.act("/<number>/<matter>/booking", "department")
def book(number: str, matter: str) -> Response:
    """Fix when and where the applicant comes."""

    def act() -> None:
        zh = forms.text("place", longest=100)
        place = Label(zh, forms.text("place_en", longest=100, required=False) or zh)
        at = _moment("booked_at")
        handling.book(current_ports(), current_duty().actor(), number, matter, at=at, place=place)

    return _done(number, matter, act, "到场时间已约定", "The time is booked")


@room.act("/<number>/<matter>/visits/<visit>", "department")
def arrange_visit(number: str, matter: str, visit: str) -> Response:
    """One appointment for every department of the visit."""

    def act() -> None:
        ports, actor = current_ports(), current_duty().actor()
        visiting.arrange_visit(ports, actor, number, visit, at=_moment("visit_at"), once=forms.once())

    return _done(number, matter, act, "联合勘验已安排，各部门同时到场", "The joint visit is arranged")


@room.act("/<number>/<matter>/visits/<visit>/signature", "department")
def sign_visit(number: str, matter: str, visit: str) -> Response:
    """Sign our part of the record."""

    def act() -> None:
        remark = forms.text("remark", longest=500, required=False)
        visiting.sign_visit(
            current_ports(),
            current_duty().actor(),
            number,
            visit,
            matter,
            finding=forms.text("finding", longest=40),
            remark=Label(remark, forms.text("remark_en", longest=500, required=False) or remark),
            once=forms.once(),
        )

    return _done(number, matter, act, "勘验记录已签署", "The record is signed")


def _decide(number: str, matter: str, kind: str, told: Callable[[], Mapping[str, Any]] = dict) -> Response:
    def act() -> None:
        report = {"kind": kind, **told()}
        ports, actor = current_ports(), current_duty().actor()
        handling.decide(ports, actor, number, matter, report, seen=_seen(), once=forms.once())

    return _done(number, matter, act, *_TOLD[kind])


def _done(number: str, matter: str, act: Callable[[], None], zh: str, en: str) -> Response:
    """On to the part's page; a refusal is shown there with what was typed and how the part stands now."""
    try:
        act()
    except NotFound:
        raise
    except Refusal as refusal:
        return show_part(number, matter, refusal, 422)
    return done(address("department.show", number=number, matter=matter), zh, en)


def _seen() -> int:
    """The sequence of the case when the officer's page was made."""
    return _whole_number("seen")


def _days() -> int:
    return _whole_number("days")


def _whole_number(name: str) -> int:
    given = forms.text(name, longest=9)
    if not (given.isascii() and given.isdigit()):
        forms.refuse(name, "not_a_number", "要填数字", "A number is wanted")
    return int(given)


def _moment(name: str) -> datetime:
    """What a date-and-time field holds, as the county's clocks show it."""
    try:
        return datetime.fromisoformat(forms.text(name, longest=25)).replace(tzinfo=SHANGHAI)
    except ValueError:
        forms.refuse(name, "not_a_time", "时间格式不正确", "Not a date and time")


def _reason(name: str) -> dict[str, str]:
    zh = forms.text(f"{name}_reason", longest=500, required=False)
    return {"code": "officer", "zh": zh, "en": forms.text(f"{name}_reason_en", required=False) or zh}


def _wants() -> list[dict[str, str]]:
    """One want for each paper that something was written beside, and one in free words."""
    wants = []
    for field in request.form:
        said = forms.text(field, longest=200, required=False) if field.startswith("want-") else ""
        if said:
            wants.append({"material": field.removeprefix("want-"), "zh": said, "en": said})
    if more := forms.text("more", longest=200, required=False):
        wants.append({"zh": more, "en": more})
    return wants


def _result() -> dict[str, Any]:
    """Facts by ``role.fact``; documents as ``document:role``, with their identifier where there is one."""
    facts = {
        field.removeprefix("fact-"): value
        for field in request.form
        if field.startswith("fact-") and (value := forms.text(field, longest=200, required=False))
    }
    documents = []
    for chosen in forms.texts("document"):
        document, _, role = chosen.partition(":")
        made = {"document": document, "of": role}
        if identifier := forms.text(f"identifier-{chosen}", longest=120, required=False):
            made["identifier"] = identifier
        documents.append(made)
    return {"facts": facts, "documents": documents}
