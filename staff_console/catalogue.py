"""The catalogue editor's desk: upload, look, compare, publish, take back."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from markupsafe import Markup

from onething.domain.catalog import CatalogError
from onething.domain.errors import Refusal
from onething.services import browsing, catalogue_desk, staffing
from onething.services.catalogue_desk import NotPublishable
from onething.services.form_preview import preview_form
from staff_console import forms
from staff_console.language import language
from staff_console.lists import Listing, number_cursor
from staff_console.rendering import show as show_page
from staff_console.rooms import Room, Waiting, address, done
from web.current import current_duty, current_ports

room = Room("catalogue", "/catalogue")
room.add_menu("事项目录", "Catalogue", "show", "editor", group=("目录与日历", "Catalogue"), key="c")

LARGEST_UPLOAD_BYTES = 10_500_000
_PAGE = 15


@room.tile("现行目录版本", "current revision", "show", "editor")
def current_revision() -> Waiting:
    """Which revision citizens see."""
    try:
        number, _ = current_ports().catalogs.current()
    except CatalogError:
        return Waiting("—", "warn")
    return Waiting(number, "good")


@room.tile("个上传的目录包未发布", "uploads not published", "show", "editor")
def count_unpublished() -> Waiting:
    """Of the newest twenty."""
    return Waiting(sum(each.published_as is None for each in catalogue_desk.list_uploads(current_ports())))


@room.page("/", "editor")
def show() -> Response:
    """Revisions, recent uploads, and the form to upload with."""
    ports = current_ports()
    revisions = catalogue_desk.list_revisions(ports, number_cursor(), _PAGE + 1)
    following = revisions[_PAGE - 1]["number"] if len(revisions) > _PAGE else None
    uploads = catalogue_desk.list_uploads(ports)
    return show_page(
        "catalogue/desk.html",
        listing=Listing(revisions[:_PAGE], following),
        uploads=uploads,
        names=staffing.names_of(ports, {each.uploaded_by for each in uploads}),
        newest=revisions[0]["number"] if revisions and not number_cursor() else None,
    )


@room.act("/uploads", "editor", largest_body=lambda: LARGEST_UPLOAD_BYTES)
def upload() -> Response:
    """Keep a zip or a pack's files; on to what is wrong with them, or what they would change."""
    chosen = [file for file in request.files.getlist("pack") if file.filename]
    if not chosen:
        forms.refuse("pack", "required", "请选择zip文件或目录包里的文件", "Choose a zip or a pack's files")
    files = {_name_in_pack(str(file.filename)): file.read() for file in chosen}
    name = str(chosen[0].filename) if len(chosen) == 1 else f"{len(chosen)} files"
    kept = catalogue_desk.take_upload(current_ports(), current_duty().actor(), name, files)
    return done(address("catalogue.show_upload", upload_id=kept.id))


@room.page("/uploads/<upload_id>", "editor")
def show_upload(upload_id: str) -> Response:
    """Problems by file and line, or the differences, and what publishing needs."""
    return _upload(upload_id)


@room.act("/uploads/<upload_id>/publication", "editor")
def publish(upload_id: str) -> Response:
    """Publish an upload as the new revision."""
    reasons = {
        field.removeprefix("reason-"): forms.text(field, longest=400, required=False)
        for field in request.form
        if field.startswith("reason-")
    }
    duty = current_duty()
    try:
        made = catalogue_desk.publish(current_ports(), duty.actor(), duty.staff.name, upload_id, reasons)
    except Refusal as refusal:
        return _upload(upload_id, refusal, 422)
    return done(
        address("catalogue.show"),
        f"第 {made.number} 版已发布，各渠道几秒内生效；在办件按原版继续",
        f"Revision {made.number} is published; running cases go on by theirs",
    )


@room.act("/revisions/<int:number>/publication", "editor")
def roll_back(number: int) -> Response:
    """Publish an older revision again."""
    duty = current_duty()
    made = catalogue_desk.roll_back(current_ports(), duty.actor(), duty.staff.name, number)
    if not made.is_new:
        return done(
            address("catalogue.show"), "该版与现行版内容相同，没有变化", "It is the same as the current one"
        )
    return done(
        address("catalogue.show"),
        f"第 {number} 版的内容已作为第 {made.number} 版重新发布",
        f"What revision {number} said is published again as revision {made.number}",
    )


@room.page("/uploads/<upload_id>/things/<code>", "editor")
def show_thing(upload_id: str, code: str) -> Response:
    """Guide, flow chart and form of an uploaded one-thing, as an invented person would meet them."""
    ports = catalogue_desk.as_published(current_ports(), upload_id)
    chosen = request.args.getlist("matter") or None
    answers = {key[2:]: value[:80] for key, value in request.args.items() if key.startswith("q-")}
    return show_page(
        "catalogue/thing.html",
        upload_id=upload_id,
        code=code,
        guide=browsing.get_guide(ports, code),
        chart=Markup(browsing.get_flow_chart(ports, code, language())),  # noqa: S704 - drawn by ourselves
        form=preview_form(ports, code, chosen, answers),
        answers=answers,
    )


def _upload(upload_id: str, refusal: Refusal | None = None, status: int = 200) -> Response:
    ports = current_ports()
    compared = catalogue_desk.compare(ports, upload_id)
    return show_page(
        "catalogue/upload.html",
        status,
        compared=compared,
        refusal=refusal,
        typed=request.form if refusal else {},
        things=_things(upload_id),
        by=staffing.names_of(ports, {compared.upload.uploaded_by}),
    )


def _things(upload_id: str) -> list[dict[str, Any]]:
    try:
        ports = catalogue_desk.as_published(current_ports(), upload_id)
    except NotPublishable:
        return []
    things: list[dict[str, Any]] = browsing.list_things(ports)["things"]
    return things


def _name_in_pack(name: str) -> str:
    """Where a file lies in its pack: browsers send bare names, or with a whole folder the way below it.

    One-things are named like their codes, in capitals, and lie in ``things/``.
    """
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    return f"things/{bare}" if bare[:1].isupper() else bare
