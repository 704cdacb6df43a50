"""Files that citizens send: how large they may be, and where at this door their pages are seen again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from web.current import current_ports

# What multipart puts around the file itself.
_AROUND_THE_FILE_BYTES = 64 * 1024


def largest_upload() -> int:
    """The bytes one upload may have: those of the largest file, and what is put around it."""
    return current_ports().settings.max_upload_bytes + _AROUND_THE_FILE_BYTES


def with_previews(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to an upload with the addresses of its pages at the door that was asked."""
    door = "/".join(request.path.split("/")[:3])
    previews = [f"{door}/files/{file}/preview" for file in answer["pages"]]
    pages = [{"number": at, "preview": preview} for at, preview in enumerate(previews, 1)]
    return {**answer, "pages": pages}
