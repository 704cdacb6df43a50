"""Finding a case by number, card, phone or exact name, and by nothing vaguer."""

from __future__ import annotations

from flask import Response

from onething.domain.errors import Refusal
from onething.services import finding_cases
from staff_console import forms
from staff_console.lists import Listing
from staff_console.rendering import show as show_page
from staff_console.rooms import address, done
from staff_console.work import case_words
from staff_console.work.case import room
from web.current import current_duty, current_ports

room.add_menu("查找办件", "Find a case", "find", "clerk", group=("办件", "Cases"), key="4")
_BY = ("number", "card", "phone", "name")


@room.page("/", "clerk")
def find() -> Response:
    """One field for each way."""
    return _page(None)


@room.act("/", "clerk")
def look_up() -> Response:
    """The answer is shown here and kept in no address: it comes from somebody's number or name."""
    asked = {name: text for name in _BY if (text := forms.text(name, longest=60, required=False))}
    if len(asked) != 1:
        forms.refuse("number", "one_wanted", "请填写其中一项", "Fill in one of them")
    found = finding_cases.find_cases(
        current_ports(),
        current_duty().actor(),
        number=asked.get("number"),
        card=asked.get("card"),
        phone=asked.get("phone"),
        name=asked.get("name"),
    )
    if "number" in asked and found:
        return done(address("case.show", number=found[0]["number"]))
    return _page(Listing(found, at=address("case.find")))


def _page(listing: Listing | None, refusal: Refusal | None = None) -> Response:
    return show_page("work/finding.html", listing=listing, words=case_words, refusal=refusal)
