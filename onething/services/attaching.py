"""Materials handed in at a kiosk or phone: pages made safe, kept encrypted; and the signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from onething.domain.errors import BadSignature, NotFound, TooManyPages
from onething.domain.records import Session, StoredFile
from onething.ports import CleanPage, Once, PaperRefused, Ports, UnitOfWork
from onething.services.acting_for import must_be_able_to_sign
from onething.services.desk import Desk, lay_out, work_on
from onething.services.draft_view import SIGNATURE, view_of
from onething.services.photographs import take_pages

_MOST_PAGES = 20


def add_paper(
    ports: Ports,
    session: Session,
    draft_id: str,
    material: str,
    data: bytes,
    once: Once | None = None,
    *,
    photograph: bool = False,
) -> dict[str, Any]:
    """Add the pages of a JPEG, PNG or PDF to a material; ``once`` keeps a retry from adding them again.

    A ``photograph`` must show a page that can be read.

    Raises ``PaperRefused``, ``TooManyPages``, ``ports.KeyReused`` and ``NotFound``; then nothing was kept.
    """
    must_want(ports, session, draft_id, material)
    pages = take_pages(ports, data, photograph=photograph)
    files = [_kept(ports, draft_id, material, page) for page in pages]
    try:
        desk, kept = _add_rows(ports, session, draft_id, material, files, once)
    except Exception:
        _remove_bytes(ports, [file.id for file in files])
        raise
    if kept != [file.id for file in files]:  # a retry: the pages of the first try stay
        _remove_bytes(ports, [file.id for file in files])
    return {
        "file": kept[0],
        "pages": kept,
        "draft": view_of(desk),
    }


def _remove_bytes(ports: Ports, files: Sequence[str]) -> None:
    for file in files:
        ports.files.remove(file)


def remove_paper(
    ports: Ports, session: Session, draft_id: str, material: str, file_id: str
) -> dict[str, Any]:
    """Take one page back; its bytes go too."""

    def change(uow: UnitOfWork, desk: Desk, _now: datetime) -> Desk:
        if not any(file.id == file_id and file.material == material for file in desk.files):
            raise NotFound
        uow.files.remove(file_id)
        return desk

    desk = work_on(ports, session, draft_id, change, "page_removed")
    ports.files.remove(file_id)
    return view_of(desk)


def get_preview(ports: Ports, session: Session, file_id: str) -> bytes:
    """The JPEG of one's own page; raises ``NotFound``."""
    with ports.records.read() as uow:
        file = uow.files.find(file_id)
        if file is None:
            raise NotFound
        lay_out(ports, uow, session, file.owner)
    return ports.files.get(file_id)


def sign(
    ports: Ports, session: Session, draft_id: str, image: bytes, *, photograph: bool = False
) -> dict[str, Any]:
    """Keep the handwritten signature (PNG); signing again replaces it. Raises ``BadSignature``.

    A ``photograph`` shows a signature on paper; raises ``PaperRefused`` where it cannot be seen.
    """
    if photograph:
        image = ports.paper.take_photograph(image)[0].data
    try:
        page = ports.paper.take_signature(image)
    except PaperRefused:
        raise BadSignature from None
    file = _kept(ports, draft_id, SIGNATURE, page)
    old: list[str] = []

    def change(uow: UnitOfWork, desk: Desk, now: datetime) -> Desk:
        must_be_able_to_sign(uow, session, now)
        old[:] = [each.id for each in desk.files if each.material == SIGNATURE]
        for each in old:
            uow.files.remove(each)
        uow.files.add(file)
        return desk

    try:
        desk = work_on(ports, session, draft_id, change, "signed")
    except Exception:
        ports.files.remove(file.id)
        raise
    for each in old:
        ports.files.remove(each)
    return view_of(desk)


def must_want(ports: Ports, session: Session, draft_id: str, material: str) -> None:
    """Raises ``NotFound`` unless this person's draft asks for the material."""
    with ports.records.read() as uow:
        desk = lay_out(ports, uow, session, draft_id)
    _must_want(desk, material)


def _must_want(desk: Desk, material: str) -> None:
    wanted = {each.material for each in desk.plan.materials if each.state == "to_submit"}
    if material not in wanted:
        raise NotFound


def _kept(ports: Ports, draft_id: str, material: str, page: CleanPage) -> StoredFile:
    """Bytes first, row later in the act: a row never points at nothing."""
    file = StoredFile(
        id=ports.chance.id(),
        owner=draft_id,
        material=material,
        sha256=page.sha256,
        media_type=page.media_type,
        size=len(page.data),
        width=page.width,
        height=page.height,
        created_at=ports.clock.now(),
    )
    ports.files.put(file.id, page.data)
    return file


def _add_rows(
    ports: Ports,
    session: Session,
    draft_id: str,
    material: str,
    files: Sequence[StoredFile],
    once: Once | None,
) -> tuple[Desk, list[str]]:
    """The desk with the pages, and their ids: those of the first try when this is a retry."""
    kept = [file.id for file in files]

    def change(uow: UnitOfWork, desk: Desk, now: datetime) -> Desk:
        first = uow.keys.begin(session.holder, once.key, once.body_digest, now) if once else None
        if first is not None:
            kept[:] = first["files"]
            return desk
        _must_want(desk, material)
        there = sum(file.material == material for file in desk.files)
        if there + len(files) > _MOST_PAGES:
            raise TooManyPages
        for file in files:
            uow.files.add(file)
        if once:
            uow.keys.finish(session.holder, once.key, {"files": kept})
        return replace(desk, files=(*desk.files, *files))

    return work_on(ports, session, draft_id, change, "pages_added"), kept
