"""Papers on a phone: which are wanted, each photographed page by page, looked at and taken back."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from mobile_api.pages.drafts import address_after, step_values
from mobile_api.pages.frame import Room, address, done, once, show
from mobile_api.pages.uploading import begin_address
from onething.domain.errors import NotFound
from onething.domain.uploads import Purpose
from onething.ports import Once, PaperRefused
from onething.services import attaching, filling
from web.answers import bytes_answer
from web.current import current_ports, current_session
from web.uploads import largest_upload

room = Room("materials", "")
MOST_FILES = 20
_STEP = "materials"
_TO_HAND_IN = ("to_submit", "submitted")


@room.page("/drafts/<draft>/materials")
def show_list(draft: str) -> Response:
    """What has to be handed in, and what has not, each with its reason."""
    view = filling.view_draft(current_ports(), current_session(), draft)
    wanted = _wanted(view)
    return show(
        "phone/materials/list.html",
        **step_values(view, _STEP),
        wanted=wanted,
        exempt=[each for each in view["materials"] if each["state"] not in _TO_HAND_IN],
        next_one=_next_one(wanted),
        after=address_after(view, _STEP),
    )


@room.page("/drafts/<draft>/materials/<material>")
def show_one(draft: str, material: str) -> Response:
    """One paper: what it is checked by, its pages so far, and the camera."""
    view = filling.view_draft(current_ports(), current_session(), draft)
    wanted = _wanted(view)
    found = next((each for each in wanted if each["id"] == material), None)
    if found is None:
        raise NotFound
    following = _next_one([each for each in wanted if each["id"] != material])
    return show(
        "phone/materials/one.html",
        **step_values(view, _STEP),
        paper=found,
        begin=begin_address(Purpose.MATERIAL, draft, material),
        following=following,
        after=address_after(view, _STEP),
    )


@room.act("/drafts/<draft>/materials/<material>/pages", largest_body=largest_upload)
def add_pages(draft: str, material: str) -> Response:
    """Photographs or files from a page without a script; one that cannot be taken says why, others stay."""
    back, key, taken = address("materials.show_one", draft=draft, material=material), once(), 0
    for at, file in enumerate(request.files.getlist("photograph")[:MOST_FILES]):
        data, each = file.read(), Once(f"{key.key}:{at}", key.body_digest)
        if not data:
            continue
        try:
            taken += _add(draft, material, data, each)
        except PaperRefused as refused:
            return done(back, refused.zh, refused.en, "problem")
    if not taken:
        return done(back, "请先拍照或选一张照片", "Take a picture or choose one first", "problem")
    return done(back, f"已收到 {taken} 页", f"{taken} page(s) received")


@room.act("/drafts/<draft>/materials/<material>/pages/<file>/removal")
def remove_page(draft: str, material: str, file: str) -> Response:
    """Take one page back."""
    attaching.remove_paper(current_ports(), current_session(), draft, material, file)
    back = address("materials.show_one", draft=draft, material=material)
    return done(back, "已删除这一页", "The page was removed")


@room.page("/files/<file>/preview")
def show_page(file: str) -> Response:
    """One's own page as it was made safe."""
    answer = bytes_answer(attaching.get_preview(current_ports(), current_session(), file), "image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _add(draft: str, material: str, data: bytes, each: Once) -> int:
    ports, session = current_ports(), current_session()
    return len(attaching.add_paper(ports, session, draft, material, data, each, photograph=True)["pages"])


def _wanted(view: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in view["materials"] if each["state"] in _TO_HAND_IN]


def _next_one(wanted: list[dict[str, Any]]) -> dict[str, Any] | None:
    return next((each for each in wanted if each["required"] and not each["pages"]), None)
