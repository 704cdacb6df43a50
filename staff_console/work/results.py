"""Handing out results: at the window against number and card, by courier, as e-licence, or printed."""

from __future__ import annotations

from flask import Response, request

from onething.domain.errors import Refusal
from onething.services import issuing, result_files
from staff_console import forms
from staff_console.rooms import address, done
from staff_console.work.case import room, show_tab
from web.answers import file_answer
from web.current import current_duty, current_ports


@room.page("/<number>/results", "clerk")
def show_results(number: str) -> Response:
    """Each result with its state, and why it is held back."""
    return _results(number)


def _results(number: str, refusal: Refusal | None = None, status: int = 200) -> Response:
    told = issuing.list_results(current_ports(), current_duty().actor(), number)
    return show_tab("work/results.html", number, status, told=told, refusal=refusal, typed=request.form)


@room.page("/<number>/results/<result>/file", "clerk")
def show_result_file(number: str, result: str) -> Response:
    """A result's file, to be printed at the hall or looked at."""
    given = result_files.get_result_file(current_ports(), current_duty().actor(), number, result)
    return file_answer(given.data, given.media_type, given.name)


@room.act("/<number>/results/partial", "clerk")
def ask_partial(number: str) -> Response:
    """The applicant wants what is ready, without waiting for the rest."""
    issuing.ask_partial(current_ports(), current_duty().actor(), number)
    return _handed(number, "已登记：先领已办好的结果", "What is ready may be handed over")


@room.act("/<number>/results/handover", "clerk")
def hand_out(number: str) -> Response:
    """At the window: the receiver's card is looked at, its number typed or read, and only indexed."""
    try:
        issuing.hand_out(
            current_ports(),
            current_duty().actor(),
            number,
            results=forms.texts("result"),
            card_checked=bool(forms.texts("card_checked")),
            receiver=forms.text("receiver", longest=30, required=False),
            mandate_seen=bool(forms.texts("mandate_seen")),
            once=forms.once(),
        )
    except Refusal as refusal:
        return _results(number, refusal, 422)
    return _handed(number, "已当面交付", "Handed over")


@room.act("/<number>/results/parcel", "clerk")
def send(number: str) -> Response:
    """By courier, to the address given here."""
    to = {name: forms.text(name, longest=200, required=False) for name in ("name", "mobile", "address")}
    try:
        issuing.send_by_courier(
            current_ports(),
            current_duty().actor(),
            number,
            results=forms.texts("result"),
            address=to,
            once=forms.once(),
        )
    except Refusal as refusal:
        return _results(number, refusal, 422)
    return _handed(number, "已登记寄送，等待快递揽收", "The parcel waits for the courier")


@room.act("/<number>/results/e-licence", "clerk")
def issue_e_licence(number: str) -> Response:
    """As the e-licence that the department made."""
    ports, actor = current_ports(), current_duty().actor()
    issuing.issue_e_licence(ports, actor, number, results=forms.texts("result"), once=forms.once())
    return _handed(number, "已发到电子证照库", "Issued as an e-licence")


@room.act("/<number>/results/prints", "clerk")
def queue_print(number: str) -> Response:
    """To the hall's printer."""
    ports, actor = current_ports(), current_duty().actor()
    issuing.queue_print(ports, actor, number, results=forms.texts("result"), once=forms.once())
    return _handed(number, "已排队打印", "In the printer's queue")


@room.act("/<number>/prints/<print_id>", "clerk")
def note_print(number: str, print_id: str) -> Response:
    """What came of a print."""
    came_out = forms.text("came_out", longest=3) == "yes"
    issuing.note_printed(current_ports(), current_duty().actor(), print_id, came_out=came_out)
    if came_out:
        return _handed(number, "已打印并交付", "Printed and handed over")
    return _handed(number, "打印失败，可以重新打印或改为窗口领取", "It failed: print again, or hand it over")


def _handed(number: str, zh: str, en: str) -> Response:
    return done(address("case.show_results", number=number), zh, en)
