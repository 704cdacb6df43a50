"""Files that come in pieces over a bad line: begun, gone on with where they stand, and made pages of once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from onething.domain.errors import NotFound
from onething.domain.records import Session
from onething.domain.uploads import (
    LEAST_PIECE_BYTES,
    MOST_OPEN,
    MOST_PIECE_BYTES,
    UPLOAD_LASTS,
    Piece,
    PieceDamaged,
    PieceWrong,
    Purpose,
    TooManyUploads,
    Upload,
    UploadElsewhere,
    UploadGone,
    UploadTooLarge,
    UploadUnfinished,
)
from onething.ports import Conflict, Once, PaperRefused, Ports
from onething.services import attaching, evidence, supplementing
from onething.services.following import actor_of


def begin(
    ports: Ports,
    session: Session,
    purpose: Purpose,
    owner: str,
    name: str,
    length: int,
    once: Once | None = None,
) -> Upload:
    """Announce a file of ``length`` bytes for a material or fact ``name`` of a draft or case ``owner``.

    ``once`` gives a retry the upload of its first try. Raises ``NotFound``, ``NotAsked``,
    ``UploadTooLarge``, ``TooManyUploads`` and ``ports.KeyReused``.
    """
    if not 0 < length <= ports.settings.max_upload_bytes:
        raise UploadTooLarge
    _WANTED[purpose](ports, session, owner, name)
    with ports.records.act() as uow:
        now = ports.clock.now()
        first = uow.keys.begin(session.holder, once.key, once.body_digest, now) if once else None
        if first is not None:
            return _own(uow.uploads.find(first["upload"]), session)
        if uow.uploads.count_open(session.holder, now) >= MOST_OPEN:
            raise TooManyUploads
        upload = Upload(
            ports.chance.id(), session.holder, purpose, owner, name, length, 0, now, now + UPLOAD_LASTS
        )
        uow.uploads.add(upload)
        if once:
            uow.keys.finish(session.holder, once.key, {"upload": upload.id})
    return upload


def get(ports: Ports, session: Session, upload_id: str) -> Upload:
    """One's own upload as it stands; raises ``NotFound``, and ``UploadGone`` when its time is over."""
    with ports.records.read() as uow:
        upload = _own(uow.uploads.find(upload_id), session)
    if upload.expires_at <= ports.clock.now():
        raise UploadGone
    return upload


def append(
    ports: Ports, session: Session, upload_id: str, at: int, data: bytes, digest: tuple[str, bytes] | None
) -> Upload:
    """Add the bytes from ``at`` on; ``digest`` is an algorithm (sha256, sha1) and what it gives of them.

    On the disk when this returns. Raises ``UploadElsewhere`` when the upload does not stand there,
    ``PieceWrong``, ``PieceDamaged``, ``UploadTooLarge``, and what ``get`` raises; then nothing was kept.
    """
    upload = get(ports, session, upload_id)
    if at != upload.received:
        raise UploadElsewhere
    _check_piece(upload, data, digest)
    piece = Piece(upload.id, at, ports.chance.id(), len(data))
    ports.files.put(piece.file, data)
    try:
        with ports.records.act() as uow:
            uow.uploads.add_piece(piece)
    except Exception as error:
        ports.files.remove(piece.file)
        if isinstance(error, Conflict):
            raise UploadElsewhere from None
        raise
    return replace(upload, received=at + len(data))


def finish(ports: Ports, session: Session, upload_id: str) -> tuple[Upload, list[str]]:
    """Make pages of a whole file, once however often it is asked; the upload and the ids of its pages.

    Raises ``UploadUnfinished``, ``PaperRefused`` (the file is forgotten then), what ``get`` raises, and what
    the material's own way of taking pages does.
    """
    upload = get(ports, session, upload_id)
    if upload.outcome is None:
        upload = _settled(ports, session, upload)
    outcome = upload.outcome or {}
    if "refused" in outcome:
        raise PaperRefused(**outcome["refused"])
    return upload, list(outcome["pages"])


def remove(ports: Ports, session: Session, upload_id: str) -> None:
    """Give it up: the person takes the picture again. Raises ``NotFound``."""
    with ports.records.act() as uow:
        upload = _own(uow.uploads.find(upload_id), session)
        pieces = uow.uploads.list_pieces(upload.id)
        uow.uploads.remove(upload.id)
    _remove_bytes(ports, pieces)


def _own(upload: Upload | None, session: Session) -> Upload:
    if upload is None or upload.holder != session.holder:
        raise NotFound
    return upload


def _check_piece(upload: Upload, data: bytes, digest: tuple[str, bytes] | None) -> None:
    whole = upload.received + len(data)
    if whole > upload.length or len(data) > MOST_PIECE_BYTES:
        raise UploadTooLarge
    if not data or (len(data) < LEAST_PIECE_BYTES and whole != upload.length):
        raise PieceWrong
    if digest is not None and hashlib.new(digest[0], data, usedforsecurity=False).digest() != digest[1]:
        raise PieceDamaged


def _settled(ports: Ports, session: Session, upload: Upload) -> Upload:
    if not upload.is_whole:
        raise UploadUnfinished
    with ports.records.read() as uow:
        pieces = uow.uploads.list_pieces(upload.id)
    try:
        outcome = _outcome(ports, session, upload, pieces)
    except Exception:
        # its twin may have been quicker and taken the pieces away
        settled = get(ports, session, upload.id)
        if settled.outcome is None:
            raise
        return settled
    upload = replace(upload, outcome=outcome)
    with ports.records.act() as uow:
        uow.uploads.settle(upload)
    _remove_bytes(ports, pieces)
    return upload


def _outcome(ports: Ports, session: Session, upload: Upload, pieces: Sequence[Piece]) -> Mapping[str, Any]:
    data = b"".join(ports.files.get(piece.file) for piece in pieces)
    # the upload is its own key: asked twice, it becomes pages once
    once = Once(f"upload {upload.id}", hashlib.sha256(upload.id.encode()).hexdigest())
    try:
        return {"pages": _TAKEN[upload.purpose](ports, session, upload, data, once)}
    except PaperRefused as refused:
        return {"refused": {"reason": refused.reason, "zh": refused.zh, "en": refused.en}}


def _remove_bytes(ports: Ports, pieces: Sequence[Piece]) -> None:
    for piece in pieces:
        ports.files.remove(piece.file)


def _take_material(ports: Ports, session: Session, upload: Upload, data: bytes, once: Once) -> list[str]:
    taken = attaching.add_paper(ports, session, upload.owner, upload.name, data, once, photograph=True)
    return list(taken["pages"])


def _take_evidence(ports: Ports, session: Session, upload: Upload, data: bytes, once: Once) -> list[str]:
    taken = evidence.add_page(ports, session, upload.owner, upload.name, data, once, photograph=True)
    return list(taken["pages"])


def _take_supplement(ports: Ports, session: Session, upload: Upload, data: bytes, once: Once) -> list[str]:
    actor = actor_of(session)
    kept = supplementing.attach_page(ports, actor, upload.owner, upload.name, data, once, photograph=True)
    return [page["id"] for page in kept]


_TAKEN: Mapping[Purpose, Callable[[Ports, Session, Upload, bytes, Once], list[str]]] = {
    Purpose.MATERIAL: _take_material,
    Purpose.EVIDENCE: _take_evidence,
    Purpose.SUPPLEMENT: _take_supplement,
}


def _want_supplement(ports: Ports, session: Session, owner: str, name: str) -> None:
    supplementing.must_await(ports, actor_of(session), owner, name)


_WANTED: Mapping[Purpose, Callable[[Ports, Session, str, str], None]] = {
    Purpose.MATERIAL: attaching.must_want,
    Purpose.EVIDENCE: evidence.must_have,
    Purpose.SUPPLEMENT: _want_supplement,
}
