"""Uploads in pieces: a file that is sent over a bad line, and goes on where it was cut off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from onething.domain.dictionary import Label
from onething.domain.errors import Refusal

# Less than a day: bytes without a row are swept after one, and those of an upload must outlive it.
UPLOAD_LASTS = timedelta(hours=12)
MOST_OPEN = 40
MOST_PIECE_BYTES = 1024 * 1024
# But for the last one, so that a file does not become a hundred thousand rows.
LEAST_PIECE_BYTES = 4 * 1024


class Purpose(StrEnum):
    """What a file is for."""

    MATERIAL = "material"
    EVIDENCE = "evidence"
    SUPPLEMENT = "supplement"


@dataclass(frozen=True)
class Upload:
    """A file on its way: ``received`` of ``length`` bytes are here.

    ``holder`` is who sends it; ``owner`` the draft's id or the case's number, ``name`` the material or fact
    it is for. ``outcome`` is what became of it once it was whole: ``{"pages": [ids]}`` or ``{"refused":
    {"reason", "zh", "en"}}``; its bytes are gone then.
    """

    id: str
    holder: str = field(repr=False)
    purpose: Purpose
    owner: str
    name: str
    length: int
    received: int
    created_at: datetime
    expires_at: datetime
    outcome: Mapping[str, Any] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the last byte is here."""
        return self.received == self.length


@dataclass(frozen=True)
class Piece:
    """``size`` bytes of an upload from ``at`` on, kept in the file store as ``file``."""

    upload: str
    at: int
    file: str
    size: int


class UploadGone(Refusal):
    """It lay unfinished for too long, or became a page already: it begins anew."""

    reason = "upload_gone"
    status_hint = "not_found"
    text = Label("上传已过期，请重新上传", "The upload is over; please send it again")


class UploadElsewhere(Refusal):
    """The piece does not begin where the upload stands: ask where it does."""

    reason = "upload_elsewhere"
    status_hint = "conflict"
    text = Label("上传位置不一致，正在重新对齐", "The upload stands elsewhere; it is being set right")


class UploadUnfinished(Refusal):
    """Bytes are missing yet."""

    reason = "upload_unfinished"
    status_hint = "conflict"
    text = Label("文件还没有传完", "The file is not whole yet")


class UploadTooLarge(Refusal):
    """More than a file may have, or more than was announced."""

    reason = "too_large"
    text = Label("文件太大，请重新拍摄或扫描", "The file is too large; please take or scan it again")


class PieceWrong(Refusal):
    """The piece is empty, or so small that the file would come in thousands."""

    reason = "piece_wrong"
    text = Label("每次上传的数据太少", "The piece is too small")


class PieceDamaged(Refusal):
    """The piece came changed: what its sender's digest says is something else."""

    reason = "piece_damaged"
    text = Label("数据在传输中受损，正在重传", "The piece was damaged on its way; it is sent again")


class TooManyUploads(Refusal):
    """More files at once than anyone has papers."""

    reason = "too_many_uploads"
    status_hint = "too_many"
    text = Label("同时上传的文件太多，请稍后再试", "Too many files at once; please try again later")
