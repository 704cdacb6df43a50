"""A case at the office: its materials and acceptance, its course, its papers; finding it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from onething.domain.catalog import Label
from onething.domain.errors import Refusal
from onething.domain.staff import Role
from onething.services import accepting, case_course, casefiles, notices, staffing
from onething.services.notices import KINDS
from staff_console import forms
from staff_console.rendering import show as show_page
from staff_console.rooms import Room, address, done
from staff_console.work import case_words
from staff_console.work.case_flow import draw_flow
from web.current import current_duty, current_ports

room = Room("case", "/cases")
_OVER = ("closed", "refused", "withdrawn")
_ENDED = ("completed", "denied", "stopped", "withdrawn")


class PointsOpen(Refusal):
    """A paper is accepted when each of its acceptance points was looked at."""

    reason = "points_open"
    text = Label(
        "还有材料的受理要点没有勾选；不符合的，请选择容缺后补、补正或不予受理",
        "Some acceptance points are not ticked: let the paper follow, ask for a supplement, or refuse",
    )


@room.page("/<number>", "clerk", "supervisor")
def show(number: str) -> Response:
    """The case as a clerk works on it; a supervisor sees clocks and course only."""
    return show_case(number)


def show_case(number: str, refusal: Refusal | None = None, status: int = 200) -> Response:
    """The case's main page; with a refusal what was typed stays in its forms."""
    return show_tab("work/case.html", number, status, refusal=refusal, typed=request.form)


def show_tab(template: str, number: str, status: int = 200, **values: Any) -> Response:
    """One of the pages of a case, with what all of them show."""
    ports, duty = current_ports(), current_duty()
    view = case_words.name_waiting(casefiles.view_case_for_staff(ports, duty.actor(), number))
    return show_page(
        template,
        status,
        case=view,
        papers=[(each["material"], each) for each in view["materials"]],
        open_parts=[(each["matter"], each) for each in view["parts"] if each["state"] not in _ENDED],
        flow=draw_flow(view),
        names=staffing.names_of(ports, {line["by"] for line in view["timeline"] if line["by"]}),
        words=case_words,
        matter_names=case_words.names_of_matters(view),
        notice_names={kind: label for kind, (_, label) in KINDS.items()},
        is_clerk=duty.staff.may([Role.CLERK]),
        may_order=duty.staff.may([Role.SUPERVISOR]) and view["state"] not in _OVER,
        readable_orders=_readable_orders(view),
        **values,
    )


def _readable_orders(view: Mapping[str, Any]) -> set[str]:
    """The orders whose own page this person may open: a supervisor all, an officer their department's."""
    staff = current_duty().staff
    if staff.may([Role.SUPERVISOR]):
        return {each["id"] for each in view["orders"]}
    if not staff.may([Role.DEPARTMENT]):
        return set()
    return {each["id"] for each in view["orders"] if each["department"] == staff.department}


@room.act("/<number>/acceptance", "clerk")
def accept(number: str) -> Response:
    """Accept; papers that the catalog lets come later may follow by their day."""
    ports, actor = current_ports(), current_duty().actor()
    follow = [
        {"material": each, "due_on": forms.text(f"due-{each}", longest=10, required=False)}
        for each in forms.texts("follow")
    ]
    try:
        view = casefiles.view_case_for_staff(ports, actor, number)
        _must_be_checked(view, {each["material"] for each in follow}, set(forms.texts("point")))
        told = accepting.accept_case(ports, actor, number, follow=follow, once=forms.once())
    except Refusal as refusal:
        return show_case(number, refusal, 422)
    return done(
        address("case.show", number=number),
        f"已受理，{told['notice']}，承诺 {told['due_on'] or '—'} 前办结",
        f"Accepted; the promise runs until {told['due_on'] or '—'}",
    )


def _must_be_checked(view: Mapping[str, Any], follow: set[str], ticked: set[str]) -> None:
    """Every point of every paper that was handed in; raises ``PointsOpen``."""
    if view["state"] != "received":
        return
    for each in view["materials"]:
        if each["pages"] and each["material"] not in follow:
            wanted = {f"{each['material']}:{place}" for place in range(len(each["points"]))}
            if wanted - ticked:
                raise PointsOpen


@room.act("/<number>/wants", "clerk")
def want(number: str) -> Response:
    """Write down, once, all that the window misses; it is asked together with the departments' wants."""
    wants = [
        {"material": field.removeprefix("want-"), "zh": said, "en": said}
        for field in request.form
        if field.startswith("want-") and (said := forms.text(field, longest=200, required=False))
    ]
    if more := forms.text("more", longest=200, required=False):
        wants.append({"zh": more, "en": more})
    try:
        accepting.want_supplement(
            current_ports(), current_duty().actor(), number, matter=None, wants=wants, once=forms.once()
        )
    except Refusal as refusal:
        return show_case(number, refusal, 422)
    return done(
        address("case.show", number=number),
        "已记下；确认各部门没有其他要求后，一次发出补正通知",
        "Written down; send it with what departments want, in one notice",
    )


@room.act("/<number>/supplement", "clerk")
def ask(number: str) -> Response:
    """Send the one notice with all that is wanted."""
    told = accepting.ask_supplement(current_ports(), current_duty().actor(), number, once=forms.once())
    return done(
        address("case.show", number=number),
        f"补正通知已发出，{told['notice']}，期限 {told['until_on']}",
        f"The notice is sent; the citizen has until {told['until_on']}",
    )


@room.act("/<number>/refusal", "clerk")
def refuse(number: str) -> Response:
    """Refuse in writing, with the reason and what the citizen may do."""
    reason, remedy = (_both(name) for name in ("reason", "remedy"))
    try:
        told = accepting.refuse_case(
            current_ports(), current_duty().actor(), number, reason=reason, remedy=remedy, once=forms.once()
        )
    except Refusal as refusal:
        return show_case(number, refusal, 422)
    return done(
        address("case.show", number=number), f"不予受理决定书 {told['notice']} 已制发", "Refused in writing"
    )


def _both(name: str) -> Label:
    """A sentence in Chinese, with its English where it was given."""
    zh = forms.text(name, longest=500, required=False)
    return Label(zh, forms.text(f"{name}_en", longest=500, required=False) or zh)


@room.page("/<number>/flow", "clerk", "supervisor")
def show_flow(number: str) -> Response:
    """The flow alone, for a page that looks again by itself: states and clocks, nothing of people."""
    course = case_words.name_waiting(case_course.view_course(current_ports(), current_duty().actor(), number))
    return show_page("work/case_flow.html", case=course, flow=draw_flow(course))


@room.page("/<number>/timeline", "clerk", "supervisor")
def show_timeline(number: str) -> Response:
    """All that happened, oldest first, and every notice."""
    return show_tab("work/case_timeline.html", number)


@room.page("/<number>/notices/<path:notice>", "clerk", "department")
def show_notice(number: str, notice: str) -> Response:  # noqa: ARG001 - the case's own address
    """A numbered notice as PDF, for the printer."""
    content = notices.get_notice(current_ports(), current_duty().actor(), notice)
    return _kept_by_nobody(content, "application/pdf")


@room.page("/<number>/pages/<file_id>", "clerk", "department")
def show_file(number: str, file_id: str) -> Response:
    """One page of a material."""
    content, media_type = casefiles.get_page(current_ports(), current_duty().actor(), number, file_id)
    return _kept_by_nobody(content, media_type)


def _kept_by_nobody(content: bytes, media_type: str) -> Response:
    answer = Response(content, mimetype=media_type)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
