"""What a notice asks for on a phone, and papers that may follow: photographed, filled in, handed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from mobile_api.pages.frame import Room, address, done, once, show
from mobile_api.pages.uploading import begin_address
from onething.domain.errors import NotFound
from onething.domain.uploads import Purpose
from onething.ports import Once, PaperRefused
from onething.services import following, supplement_pages, supplementing
from web.acting import current_actor
from web.answers import bytes_answer
from web.current import current_ports, current_session
from web.uploads import largest_upload

room = Room("supplement", "/cases/<number>")
PREFIX = "v:"
MOST_FILES = 20


@room.page("/supplement")
def show_wanted(number: str) -> Response:
    """All that is asked, what is there of it, and until when."""
    view = following.view_case(current_ports(), current_session(), number)
    wants = view["wanted"]["wants"] if view["wanted"] else []
    missing = [each for each in wants if each["kind"] == "material" and not each["pages"]]
    return show("phone/cases/supplement.html", case=view, wants=wants, next_one=(missing or [None])[0])


@room.act("/supplement")
def give(number: str) -> Response:
    """Hand in all that was asked, at once."""
    values = {
        name.removeprefix(PREFIX): text.strip()
        for name, text in request.form.items()
        if name.startswith(PREFIX) and text.strip()
    }
    key = once()
    supplementing.give_supplement(current_ports(), current_actor(), number, facts=values, once=key)
    case = address("cases.show_one", number=number)
    return done(case, "已补齐，部门接着办", "Handed in; the departments go on")


@room.page("/papers/<material>")
def show_paper(number: str, material: str) -> Response:
    """One paper: what it is checked by, its pages so far, and the camera."""
    view = following.view_case(current_ports(), current_session(), number)
    paper, follows = _find(view, material)
    begin = begin_address(Purpose.SUPPLEMENT, view["number"], material)
    return show("phone/cases/paper.html", case=view, paper=paper, follows=follows, begin=begin)


@room.act("/papers/<material>/pages", largest_body=largest_upload)
def add_pages(number: str, material: str) -> Response:
    """Photographs or files from a page without a script; one that cannot be taken says why."""
    back, key, taken = address("supplement.show_paper", number=number, material=material), once(), 0
    ports, actor = current_ports(), current_actor()
    _find(following.view_case(ports, current_session(), number), material)
    for at, file in enumerate(request.files.getlist("photograph")[:MOST_FILES]):
        data, each = file.read(), Once(f"{key.key}:{at}", key.body_digest)
        if not data:
            continue
        try:
            pages = supplementing.attach_page(ports, actor, number, material, data, each, photograph=True)
        except PaperRefused as refused:
            return done(back, refused.zh, refused.en, "problem")
        taken += len(pages)
    if not taken:
        return done(back, "请先拍照或选一张照片", "Take a picture or choose one first", "problem")
    return done(back, f"已收到 {taken} 页", f"{taken} page(s) received")


@room.page("/papers/<material>/pages/<file>")
def show_page(number: str, material: str, file: str) -> Response:  # noqa: ARG001 - the page's own address
    """One's own page as it was made safe."""
    data, media_type = supplementing.find_page(current_ports(), current_actor(), number, file)
    if media_type != "image/jpeg":
        raise NotFound
    answer = bytes_answer(data, media_type)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@room.act("/papers/<material>/pages/<file>/removal")
def remove_page(number: str, material: str, file: str) -> Response:
    """Take one page back before it is handed in."""
    supplement_pages.remove_page(current_ports(), current_actor(), number, material, file)
    back = address("supplement.show_paper", number=number, material=material)
    return done(back, "已删除这一页", "The page was removed")


@room.act("/papers/<material>/handing-in")
def give_following(number: str, material: str) -> Response:
    """Hand in a paper that was allowed to come after the acceptance."""
    supplementing.give_following(current_ports(), current_actor(), number, material, once=once())
    return done(address("cases.show_one", number=number), "已补交", "Handed in")


def _find(view: Mapping[str, Any], material: str) -> tuple[Mapping[str, Any], bool]:
    """The paper that is wanted, and whether it is one that may follow; raises ``NotFound``."""
    wants = view["wanted"]["wants"] if view["wanted"] else []
    for each in wants:
        if each["kind"] == "material" and each["id"] == material:
            return each, False
    for each in view["follow"]:
        if each["id"] == material:
            return {**each, "points": [], "why_zh": None, "why_en": None}, True
    raise NotFound
