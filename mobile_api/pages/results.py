"""A case's results on a phone: their files, taking them as e-licences or prints, and the parcels."""

from __future__ import annotations

from flask import Response

from mobile_api.pages.frame import Room, address, done, once, show
from onething.domain.errors import NotFound
from onething.domain.results import IssueWay
from onething.services import following, issuing, printing, result_files
from web import forms
from web.acting import current_actor
from web.answers import file_answer
from web.current import current_ports, current_session

room = Room("results", "/cases/<number>")
TAKEN = {
    IssueWay.E_LICENCE: ("已存为电子证照", "Kept as an e-licence"),
    IssueWay.PRINT: ("已排队，到大厅打印机领取", "Queued; collect it at the hall's printer"),
}


@room.page("/results")
def show_results(number: str) -> Response:
    """Each result with its state, why it is held back, and the parcels with their way so far."""
    ports = current_ports()
    view = following.view_case(ports, current_session(), number)
    listed = issuing.list_results(ports, current_actor(), number)
    names = {each["id"]: each for each in listed["results"]}
    return show(
        "phone/cases/results.html",
        case=view,
        results=view["results"],
        parcels=listed["shipments"],
        names=names,
        sendable=[each for each in listed["results"] if each["withheld"] is None],
    )


@room.act("/results/taking")
def take(number: str) -> Response:
    """Take one result as an e-licence, or put it in the queue of the printer."""
    wanted, results = forms.text("way", longest=12), forms.texts("result", longest=60, most=40)
    if wanted not in TAKEN:
        raise NotFound
    way = IssueWay(wanted)
    issue = issuing.issue_e_licence if way is IssueWay.E_LICENCE else issuing.queue_print
    issue(current_ports(), current_actor(), number, results=results, once=once())
    return done(address("results.show_results", number=number), *TAKEN[way])


@room.page("/results/<result>/file")
def show_file(number: str, result: str) -> Response:
    """A result's file, as the e-licence service or we ourselves write it."""
    given = result_files.get_result_file(current_ports(), current_actor(), number, result)
    return file_answer(given.data, given.media_type, given.name)


@room.act("/prints/<print_id>")
def settle_print(number: str, print_id: str) -> Response:
    """Whether all the paper came out of a kiosk that could not know."""
    came_out = forms.text("came_out", longest=3) == "yes"
    printing.say_what_came_out(
        current_ports(), current_actor(), number, print_id, came_out=came_out, once=once()
    )
    back = address("results.show_results", number=number)
    if came_out:
        return done(back, "好的，已记为打印领取", "Noted: you have it on paper")
    return done(back, "好的，可以重新打印或换一种方式领取", "It can be printed again, or had in another way")


@room.act("/results/part")
def ask_partial(number: str) -> Response:
    """Do not wait for the other results."""
    issuing.ask_partial(current_ports(), current_actor(), number)
    back = address("results.show_results", number=number)
    return done(back, "好的，已办好的可以先领", "What is ready can be collected now")
