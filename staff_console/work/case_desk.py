"""What passes over the counter: originals, fees, papers that come later, withdrawals."""

from __future__ import annotations

from flask import Response, request

from onething.services import originals, paying, supplementing, withdrawing
from staff_console import forms
from staff_console.rooms import address, done
from staff_console.work.case import room, show_tab
from web.current import current_duty, current_ports, current_settings


@room.page("/<number>/desk", "clerk")
def desk(number: str) -> Response:
    """Forms for what is handed over in person."""
    return show_tab("work/case_desk.html", number)


def _back(number: str, zh: str, en: str) -> Response:
    return done(address("case.desk", number=number), zh, en)


@room.act("/<number>/originals", "clerk")
def receive_original(number: str) -> Response:
    """Write down that a paper original was taken in."""
    copies = forms.text("copies", longest=2)
    if not (copies.isascii() and copies.isdigit()):
        forms.refuse("copies", "not_a_number", "份数要填数字", "Copies is a number")
    originals.receive(
        current_ports(),
        current_duty().actor(),
        number,
        forms.text("material", longest=80),
        copies=int(copies),
        once=forms.once(),
    )
    return _back(number, "原件已登记", "The original is registered")


@room.act("/<number>/originals/<original_id>/return", "clerk")
def give_back_original(number: str, original_id: str) -> Response:
    """Write down that it was given back."""
    originals.give_back(current_ports(), current_duty().actor(), number, original_id, once=forms.once())
    return _back(number, "原件已归还", "The original was given back")


@room.act("/<number>/fees/<matter>", "clerk")
def record_fee(number: str, matter: str) -> Response:
    """Write down a fee by the number of its fiscal receipt."""
    proof = forms.text("proof", longest=60)
    paying.record_payment(
        current_ports(), current_duty().actor(), number, matter, proof=proof, once=forms.once()
    )
    return _back(number, "缴费已登记", "The payment is recorded")


@room.act("/<number>/papers", "clerk", largest_body=lambda: current_settings().largest_body_bytes)
def add_paper(number: str) -> Response:
    """Take in a page of a paper that was asked for, or that was to follow."""
    material = forms.text("material", longest=80)
    ports, actor = current_ports(), current_duty().actor()
    data = forms.upload("file").read()
    pages = supplementing.attach_page(ports, actor, number, material, data, forms.once())
    return _back(number, f"已收下 {len(pages)} 页", f"{len(pages)} page(s) taken in")


@room.act("/<number>/supplement/given", "clerk")
def give_supplement(number: str) -> Response:
    """All that was asked for is there; the clocks run on."""
    facts = {
        field.removeprefix("fact-"): forms.text(field, longest=200)
        for field in request.form
        if field.startswith("fact-")
    }
    supplementing.give_supplement(
        current_ports(), current_duty().actor(), number, facts=facts, once=forms.once()
    )
    return _back(number, "补正已收齐，恢复计时", "All is there; the clocks run on")


@room.act("/<number>/following/<material>", "clerk")
def give_following(number: str, material: str) -> Response:
    """A paper that was allowed to follow the acceptance is there."""
    supplementing.give_following(current_ports(), current_duty().actor(), number, material, once=forms.once())
    return _back(number, "后补材料已收齐", "The paper that was to follow is there")


@room.act("/<number>/withdrawal", "clerk")
def withdraw(number: str) -> Response:
    """Take back the case, or one matter of it, at the applicant's written wish."""
    if not forms.texts("wish_seen"):
        forms.refuse(
            "wish_seen",
            "wish_needed",
            "请先核对申请人本人和书面撤回申请",
            "Check the written wish first",
        )
    matter = forms.text("matter", longest=80, required=False) or None
    told = withdrawing.withdraw(
        current_ports(), current_duty().actor(), number, matter=matter, once=forms.once()
    )
    count = len(told["withdrawn"])
    return _back(number, f"已撤回 {count} 项，{told['notice']}", f"{count} matter(s) withdrawn")
