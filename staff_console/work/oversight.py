"""The oversight inbox (审管衔接): approvals to supervise, taken on and checked by an officer."""

from __future__ import annotations

from flask import Response, request

from onething.domain.approvals import ApprovalState, CheckResult
from onething.domain.dictionary import Label
from onething.domain.errors import Refusal
from onething.services import overseeing
from onething.services.outcome_wording import CHECK_RESULT
from staff_console import forms
from staff_console.lists import PAGE, Listing, cursor
from staff_console.rendering import show as show_page
from staff_console.rooms import Room, Waiting, address, done
from staff_console.work.supervision_lists import Named
from web.current import current_duty, current_ports

_STATES = {
    ApprovalState.SENT: Label("待接收", "To take on"),
    ApprovalState.ACKNOWLEDGED: Label("监管中", "Taken on"),
    ApprovalState.FOUND: Label("已反馈", "Checked"),
}

room = Room("oversight", "/oversight")
room.add_menu("审管衔接", "Oversight", "show", "department", group=("督办监管", "Supervision"))


@room.tile("项审批结果待接收", "approvals to take on", "show", "department", state="sent")
def count_sent() -> Waiting | None:
    """Approvals that this department supervises and has not taken on."""
    waiting = overseeing.count_sent(current_ports(), current_duty().actor())
    return Waiting(waiting, "warn") if waiting else None


@room.page("/", "department")
def show() -> Response:
    """The approvals of one state, oldest first."""
    wanted = request.args.get("state", "")
    state = ApprovalState(wanted) if wanted in {each.value for each in _STATES} else ApprovalState.SENT
    page = overseeing.list_inbox(current_ports(), current_duty().actor(), state, cursor() or None, PAGE)
    tabs = [(address("oversight.show", state=each.value), label, each) for each, label in _STATES.items()]
    return show_page(
        "work/oversight.html",
        listing=Listing(page.rows, page.next, fixed={"state": state.value}),
        tabs=tabs,
        chosen=state,
        named=Named(current_ports()),
    )


@room.act("/<item>/acknowledgement", "department")
def acknowledge(item: str) -> Response:
    """Take an approval on."""
    overseeing.acknowledge(current_ports(), current_duty().actor(), item)
    return done(address("oversight.show_item", item=item), "已接收", "It is taken on")


@room.page("/<item>", "department")
def show_item(item: str) -> Response:
    """One approval, and the form for what a check found."""
    return _item(item)


@room.act("/<item>/finding", "department")
def note_finding(item: str) -> Response:
    """Say what a check found; a later one replaces it."""
    try:
        result = forms.text("result", longest=20)
        if result not in {each.value for each in CheckResult}:
            forms.refuse("result", "invalid", "请选择", "Choose one")
        words = Label(
            forms.text("zh", longest=1000, required=False), forms.text("en", longest=1000, required=False)
        )
        overseeing.note_finding(
            current_ports(), current_duty().actor(), item, result=CheckResult(result), words=words
        )
    except Refusal as refusal:
        return _item(item, refusal)
    return done(address("oversight.show_item", item=item), "核查结果已反馈", "The finding is reported")


def _item(item: str, refusal: Refusal | None = None) -> Response:
    ports, actor = current_ports(), current_duty().actor()
    return show_page(
        "work/oversight_item.html",
        422 if refusal else 200,
        item=overseeing.get_approval(ports, actor, item),
        named=Named(ports),
        results=[(each.value, label) for each, label in CHECK_RESULT.items()],
        typed=request.form,
        refusal=refusal,
    )
